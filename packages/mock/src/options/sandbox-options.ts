import type { Fixtures } from "../core/seed/fixtures.ts";
import type { HttpArchive } from "../core/seed/replay.ts";
import { type MockOptionTable, mockOptions } from "./mock-options.ts";
import { type DefaultedOption, type Option, type OptionValues, object, text } from "./option.ts";

/** The options that a sandbox shares with a mock. */
type SharedOptions = Pick<
  MockOptionTable,
  | "size"
  | "seed"
  | "time"
  | "speed"
  | "latency"
  | "rateLimit"
  | "dailyQuota"
  | "oneOpenOrder"
  | "textQuantities"
  | "holdDowngrades"
  | "requireKey"
  | "corsCredentials"
  | "log"
  | "print"
>;

const { size, seed, time, speed, latency, rateLimit, dailyQuota } = mockOptions;
const { oneOpenOrder, textQuantities, holdDowngrades, requireKey, corsCredentials, log, print } = mockOptions;

/** The options of a sandbox: what each takes, and whether it has a default. */
export interface SandboxOptionTable extends SharedOptions {
  /**
   * Data of your own in place of {@link sandboxOptions.size}; `{}` is a mock with nothing in it.
   * @defaultValue none: the document's examples
   */
  fixtures: Option<Fixtures>;
  /**
   * Recorded calls, of which the data is made: an HTTP Archive, as a browser or `imcloud-mock proxy --har` writes one.
   * @defaultValue none
   */
  replay: Option<HttpArchive>;
  /**
   * The base URL that the API is to have. No request goes there.
   * @defaultValue `https://sandbox.example/marketplace`
   */
  baseUrl: DefaultedOption<string>;
  /**
   * The origin that the reports' files are to have. No request goes there.
   * @defaultValue `https://files.sandbox.example`
   */
  filesUrl: DefaultedOption<string>;
}

/** Every option of a sandbox. */
export const sandboxOptions: SandboxOptionTable = {
  ...{ size, seed, time, speed, latency, rateLimit, dailyQuota },
  ...{ oneOpenOrder, textQuantities, holdDowngrades, requireKey, corsCredentials, log, print },
  fixtures: object<Fixtures>("an object of fixtures", { help: "data of your own" }),
  replay: object<HttpArchive>("an HTTP Archive", { help: "data that recorded calls tell of" }),
  baseUrl: text("an http or https URL", {
    default: "https://sandbox.example/marketplace",
    help: "base URL of the API",
  }),
  filesUrl: text("an http or https origin", { default: "https://files.sandbox.example", help: "origin of the files" }),
};

/** What a sandbox can be made with. */
export type SandboxOptions = OptionValues<SandboxOptionTable>;
