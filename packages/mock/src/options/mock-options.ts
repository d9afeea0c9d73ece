import type { LogFormat } from "../core/request-log.ts";
import type { Fixtures } from "../core/seed/fixtures.ts";
import type { HttpArchive } from "../core/seed/replay.ts";
import { type Size, sizes } from "../core/seed/seeds.ts";
import {
  callback,
  choice,
  type DefaultedOption,
  type Duration,
  duration,
  fileName,
  fileOf,
  flag,
  hostNames,
  number,
  type Option,
  type OptionValues,
  text,
  time,
} from "./option.ts";

const port = { min: 0, max: 65_535 };
const sizeNames = Object.keys(sizes) as Size[];

/** The options of a mock: what each takes, and whether it has a default. */
export interface MockOptionTable {
  /**
   * Port to listen on; 0 for any that is free.
   * @defaultValue 4010
   */
  port: DefaultedOption<number>;
  /**
   * Port of the reports' files, which are another origin; 0 for any that is free.
   * @defaultValue 0
   */
  filesPort: DefaultedOption<number>;
  /**
   * Address to listen on.
   * @defaultValue `127.0.0.1`, which no other machine can reach
   */
  host: DefaultedOption<string>;
  /**
   * How much data there is: `small` has the document's examples, `medium` 500 customers, `large` ten times that.
   * @defaultValue `small`
   */
  size: DefaultedOption<Size>;
  /**
   * Data of your own in place of {@link mockOptions.size}: an object of fixtures, or the name of a JSON or TypeScript file of them; `{}` is
   * a mock with nothing in it.
   * @defaultValue none
   */
  fixtures: Option<Fixtures | string>;
  /**
   * Recorded calls, of which the data is made: an HTTP Archive, or the name of its file. A browser writes one, and so does
   * `imcloud-mock proxy --har`.
   * @defaultValue none
   */
  replay: Option<HttpArchive | string>;
  /**
   * A number that decides what is in a medium or large mock. The same one always makes the same data.
   * @defaultValue 42
   */
  seed: DefaultedOption<number>;
  /**
   * When the clock starts. What is due until then has happened.
   * @defaultValue 2026-10-05T12:00:00Z, where the history of the data ends
   */
  time: Option<Date>;
  /**
   * Seconds that pass on the mock's clock in one; 0 for a clock that only `advance` moves.
   * @defaultValue 1
   */
  speed: DefaultedOption<number>;
  /**
   * Milliseconds by which every response is delayed, or a range of them.
   * @defaultValue none
   */
  latency: Option<Duration>;
  /**
   * Calls in a minute of the mock's clock before it responds with 429.
   * @defaultValue no limit
   */
  rateLimit: Option<number>;
  /**
   * Calls in a day of the mock's clock before it responds with 403.
   * @defaultValue no limit
   */
  dailyQuota: Option<number>;
  /**
   * A file that keeps the data across restarts; it is created where it does not exist.
   * @defaultValue none: the data ends with the mock
   */
  data: Option<string>;
  /**
   * Responds from the document's examples as stock Prism does, and remembers nothing.
   * @defaultValue false
   */
  stateless: DefaultedOption<boolean>;
  /**
   * A second order on a subscription is not taken while the first is open. Installations differ in it (ORD-10).
   * @defaultValue true
   */
  oneOpenOrder: DefaultedOption<boolean>;
  /**
   * Quantities of subscriptions are read as texts such as `"2.0"` in place of numbers, to test readers (SUB-01, FLD-03).
   * @defaultValue false
   */
  textQuantities: DefaultedOption<boolean>;
  /**
   * A change to fewer units waits for the next billing date, with the code `WS`, though nobody scheduled it. Some installations do so
   * (ORD-27).
   * @defaultValue false
   */
  holdDowngrades: DefaultedOption<boolean>;
  /**
   * The origin by which clients reach the mock's port from elsewhere, for the links to files, which are then on this port too: behind
   * Docker, or in a local network.
   * @defaultValue the address that it listens on
   */
  publicUrl: Option<string>;
  /**
   * Public host names by which programs and the mock's own page may control it, with commas between them. Names of this machine, of
   * containers and of a local network are allowed.
   * @defaultValue none
   */
  allowHost: Option<string>;
  /**
   * Calls need the subscription key, as where a gateway stands in front of the API.
   * @defaultValue false: a key that is left out is not missed, a wrong one is refused
   */
  requireKey: DefaultedOption<boolean>;
  /**
   * Pages of other origins may call the API with their cookies (`credentials: "include"`).
   * @defaultValue false
   */
  corsCredentials: DefaultedOption<boolean>;
  /**
   * Serves by HTTPS, with a certificate that is made for the session unless {@link mockOptions.tlsCert} names one.
   * @defaultValue false
   */
  tls: DefaultedOption<boolean>;
  /**
   * The file of a certificate in PEM, with those of its authorities, for {@link mockOptions.tls}.
   * @defaultValue one is made
   */
  tlsCert: Option<string>;
  /** The file of its private key in PEM. */
  tlsKey: Option<string>;
  /**
   * Whether requests are printed as lines for people, or as JSON for programs: an object in each line, without secrets.
   * @defaultValue `lines`
   */
  log: DefaultedOption<LogFormat>;
  /** Gets a line for each request. */
  print: Option<(line: string) => void>;
}

/** Every option of a mock, in one place: its type, check and default, its word on the command line and what `--help` says. */
export const mockOptions: MockOptionTable = {
  port: number(port, { flag: "port", default: 4010, help: "port to listen on; 0 for any that is free" }),
  filesPort: number(port, {
    ...{ flag: "files-port", default: 0 },
    help: "port of the reports' files, another origin; 0 for any that is free",
  }),
  host: text("the name or address to listen on", {
    ...{ flag: "host", placeholder: "NAME", default: "127.0.0.1" },
    help: "address to listen on",
  }),
  size: choice(sizeNames, {
    ...{ flag: "size", placeholder: "SIZE", default: "small" as Size },
    help: "small, the document's examples; medium, 500 customers; large, ten times that",
  }),
  fixtures: fileOf<Fixtures>("an object of fixtures, or the name of a file of them", {
    ...{ flag: "fixtures", help: "data of your own: a JSON or TypeScript file, in the API's shapes" },
  }),
  replay: fileOf<HttpArchive>("an HTTP Archive, or the name of its file", {
    ...{ flag: "replay", help: "data that recorded calls tell of: an HTTP Archive" },
  }),
  seed: number(
    { min: 0, max: 2 ** 31 - 1 },
    { flag: "seed", default: 42, help: "decides what is in a medium or large mock" },
  ),
  time: time({
    ...{ flag: "time", placeholder: "TIME" },
    help: "when its clock starts: now, or like 2026-10-05T12:00:00Z, the default",
  }),
  speed: number(
    { min: 0, max: 1e9, isWhole: false },
    { flag: "speed", default: 1, help: "seconds that pass on its clock in one; 0 for a clock that stands still" },
  ),
  latency: duration({ flag: "latency", help: "milliseconds by which every response is late, or two like 20-80" }),
  rateLimit: number({ min: 1 }, { flag: "rate-limit", help: "calls in a minute before it responds with 429" }),
  dailyQuota: number({ min: 1 }, { flag: "daily-quota", help: "calls in a day before it responds with 403" }),
  data: fileName("the name of a file", {
    flag: "data",
    help: "keeps the data in a file across restarts",
  }),
  stateless: flag({
    flag: "stateless",
    default: false,
    help: "responds from the document's examples, remembers nothing",
  }),
  oneOpenOrder: flag({
    ...{ flag: "several-open-orders", default: true },
    help: "takes a second order on a subscription while the first is open",
  }),
  textQuantities: flag({
    flag: "text-quantities",
    default: false,
    help: 'quantities of subscriptions are texts like "2.0"',
  }),
  holdDowngrades: flag({
    flag: "hold-downgrades",
    default: false,
    help: "holds a change to fewer units back until the next billing date",
  }),
  publicUrl: text("an http or https URL", {
    ...{ flag: "public-url", placeholder: "URL" },
    help: "origin by which clients reach it, for links to files: behind Docker, or in a local network",
  }),
  allowHost: hostNames("names of hosts with commas between them", {
    ...{ flag: "allow-host", placeholder: "NAMES" },
    help: "public host names by which it may be controlled, with commas between them",
  }),
  requireKey: flag({ flag: "require-key", default: false, help: "refuses calls without the subscription key" }),
  corsCredentials: flag({
    ...{ flag: "cors-credentials", default: false },
    help: "lets pages of other origins call it with their cookies",
  }),
  tls: flag({ flag: "tls", default: false, help: "serves by HTTPS, with a certificate made for the session" }),
  tlsCert: fileName("the name of a file", {
    flag: "tls-cert",
    help: "serves by HTTPS with the certificate of a PEM file",
  }),
  tlsKey: fileName("the name of a file", { flag: "tls-key", help: "the PEM file of its private key" }),
  log: choice<LogFormat, { flag: string; placeholder: string; default: LogFormat; help: string }>(["lines", "json"], {
    ...{ flag: "log", placeholder: "FORMAT", default: "lines" },
    help: "prints requests as lines, or as json",
  }),
  print: callback<(line: string) => void>({ help: "gets a line for each request" }),
};

/** What a mock can be started with. */
export type MockOptions = OptionValues<MockOptionTable>;
