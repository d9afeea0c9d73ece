import type { LogFormat } from "../core/request-log.ts";
import { callback, choice, type DefaultedOption, number, type Option, type OptionValues, text } from "./option.ts";

/** The options of the proxy: what each takes, and whether it has a default. */
export interface ProxyOptionTable {
  /**
   * Port to listen on; 0 for any that is free.
   * @defaultValue 4010
   */
  port: DefaultedOption<number>;
  /**
   * Address to listen on.
   * @defaultValue `127.0.0.1`, which no other machine can reach
   */
  host: DefaultedOption<string>;
  /** A file that is made, and gets each call as HTTP Archive, without secrets. */
  har: Option<string>;
  /**
   * Whether calls are printed as lines for people, or as JSON for programs: an object in each line, without secrets.
   * @defaultValue `lines`
   */
  log: DefaultedOption<LogFormat>;
  /** Gets a line for each call. */
  print: Option<(line: string) => void>;
}

/** Every option of the proxy, in one place, as {@link mockOptions} are of the mock. */
export const proxyOptions: ProxyOptionTable = {
  port: number(
    { min: 0, max: 65_535 },
    { flag: "port", default: 4010, help: "port to listen on; 0 for any that is free" },
  ),
  host: text("the name or address to listen on", {
    ...{ flag: "host", placeholder: "NAME", default: "127.0.0.1" },
    help: "address to listen on",
  }),
  har: text("the name of a file that is not there yet", {
    ...{ flag: "har", placeholder: "FILE" },
    help: "writes each call to a file as HTTP Archive, without secrets",
  }),
  log: choice<LogFormat, { flag: string; placeholder: string; default: LogFormat; help: string }>(["lines", "json"], {
    ...{ flag: "log", placeholder: "FORMAT", default: "lines" },
    help: "prints calls as lines, or as json",
  }),
  print: callback<(line: string) => void>({ help: "gets a line for each call" }),
};

/** What a proxy can be started with. */
export interface ProxyOptions extends OptionValues<ProxyOptionTable> {
  /** Base URL of the API. */
  target: string;
}
