import type { LogFormat } from "../core/request-log.ts";
import type { Fixtures } from "../core/seed/fixtures.ts";
import type { HttpArchive } from "../core/seed/replay.ts";
import { type Size, sizes } from "../core/seed/seeds.ts";
import {
  callback,
  choice,
  duration,
  fileName,
  fileOf,
  flag,
  hostNames,
  number,
  type OptionValues,
  text,
  time,
} from "./option.ts";

const port = { min: 0, max: 65_535 };
const sizeNames = Object.keys(sizes) as Size[];

/** Every option of a mock, in one place: its type, check and default, its word on the command line and what `--help` says. */
export const mockOptions = {
  /**
   * Port to listen on; 0 for any that is free.
   * @defaultValue 4010
   */
  port: number(port, { flag: "port", default: 4010, help: "port to listen on; 0 for any that is free" }),
  /**
   * Port of the reports' files, which are another origin; 0 for any that is free.
   * @defaultValue 0
   */
  filesPort: number(port, {
    ...{ flag: "files-port", default: 0 },
    help: "port of the reports' files, another origin; 0 for any that is free",
  }),
  /**
   * Address to listen on.
   * @defaultValue `127.0.0.1`, which no other machine can reach
   */
  host: text("the name or address to listen on", {
    ...{ flag: "host", placeholder: "NAME", default: "127.0.0.1" },
    help: "address to listen on",
  }),
  /**
   * How much data there is: `small` has the document's examples, `medium` 500 customers, `large` ten times that.
   * @defaultValue `small`
   */
  size: choice(sizeNames, {
    ...{ flag: "size", placeholder: "SIZE", default: "small" as Size },
    help: "small, the document's examples; medium, 500 customers; large, ten times that",
  }),
  /**
   * Data of your own in place of {@link mockOptions.size}: an object of fixtures, or the name of a JSON or TypeScript file of them; `{}` is
   * a mock with nothing in it.
   * @defaultValue none
   */
  fixtures: fileOf<Fixtures>("an object of fixtures, or the name of a file of them", {
    ...{ flag: "fixtures", help: "data of your own: a JSON or TypeScript file, in the API's shapes" },
  }),
  /**
   * Recorded calls, of which the data is made: an HTTP Archive, or the name of its file. A browser writes one, and so does
   * `imcloud-mock proxy --har`.
   * @defaultValue none
   */
  replay: fileOf<HttpArchive>("an HTTP Archive, or the name of its file", {
    ...{ flag: "replay", help: "data that recorded calls tell of: an HTTP Archive" },
  }),
  /**
   * A number that decides what is in a medium or large mock. The same one always makes the same data.
   * @defaultValue 42
   */
  seed: number(
    { min: 0, max: 2 ** 31 - 1 },
    { flag: "seed", default: 42, help: "decides what is in a medium or large mock" },
  ),
  /**
   * When the clock starts. What is due until then has happened.
   * @defaultValue 2026-10-05T12:00:00Z, where the history of the data ends
   */
  time: time({
    ...{ flag: "time", placeholder: "TIME" },
    help: "when its clock starts: now, or like 2026-10-05T12:00:00Z, the default",
  }),
  /**
   * Seconds that pass on the mock's clock in one; 0 for a clock that only `advance` moves.
   * @defaultValue 1
   */
  speed: number(
    { min: 0, max: 1e9, isWhole: false },
    { flag: "speed", default: 1, help: "seconds that pass on its clock in one; 0 for a clock that stands still" },
  ),
  /**
   * Milliseconds by which every response is delayed, or a range of them.
   * @defaultValue none
   */
  latency: duration({ flag: "latency", help: "milliseconds by which every response is late, or two like 20-80" }),
  /**
   * Calls in a minute of the mock's clock before it responds with 429.
   * @defaultValue no limit
   */
  rateLimit: number({ min: 1 }, { flag: "rate-limit", help: "calls in a minute before it responds with 429" }),
  /**
   * Calls in a day of the mock's clock before it responds with 403.
   * @defaultValue no limit
   */
  dailyQuota: number({ min: 1 }, { flag: "daily-quota", help: "calls in a day before it responds with 403" }),
  /**
   * A file that keeps the data across restarts; it is created where it does not exist.
   * @defaultValue none: the data ends with the mock
   */
  data: fileName("the name of a file", {
    flag: "data",
    help: "keeps the data in a file across restarts",
  }),
  /**
   * Responds from the document's examples as stock Prism does, and remembers nothing.
   * @defaultValue false
   */
  stateless: flag({
    flag: "stateless",
    default: false,
    help: "responds from the document's examples, remembers nothing",
  }),
  /**
   * A second order on a subscription is not taken while the first is open. Installations differ in it (ORD-10).
   * @defaultValue true
   */
  oneOpenOrder: flag({
    ...{ flag: "several-open-orders", default: true },
    help: "takes a second order on a subscription while the first is open",
  }),
  /**
   * Quantities of subscriptions are read as texts such as `"2.0"` in place of numbers, to test readers (SUB-01, FLD-03).
   * @defaultValue false
   */
  textQuantities: flag({
    flag: "text-quantities",
    default: false,
    help: 'quantities of subscriptions are texts like "2.0"',
  }),
  /**
   * A change to fewer units waits for the next billing date, with the code `WS`, though nobody scheduled it. Some installations do so
   * (ORD-27).
   * @defaultValue false
   */
  holdDowngrades: flag({
    flag: "hold-downgrades",
    default: false,
    help: "holds a change to fewer units back until the next billing date",
  }),
  /**
   * The origin by which clients reach the mock's port from elsewhere, for the links to files, which are then on this port too: behind
   * Docker, or in a local network.
   * @defaultValue the address that it listens on
   */
  publicUrl: text("an http or https URL", {
    ...{ flag: "public-url", placeholder: "URL" },
    help: "origin by which clients reach it, for links to files: behind Docker, or in a local network",
  }),
  /**
   * Public host names by which programs and the mock's own page may control it, with commas between them. Names of this machine, of
   * containers and of a local network are allowed.
   * @defaultValue none
   */
  allowHost: hostNames("names of hosts with commas between them", {
    ...{ flag: "allow-host", placeholder: "NAMES" },
    help: "public host names by which it may be controlled, with commas between them",
  }),
  /**
   * Calls need the subscription key, as where a gateway stands in front of the API.
   * @defaultValue false: a key that is left out is not missed, a wrong one is refused
   */
  requireKey: flag({ flag: "require-key", default: false, help: "refuses calls without the subscription key" }),
  /**
   * Pages of other origins may call the API with their cookies (`credentials: "include"`).
   * @defaultValue false
   */
  corsCredentials: flag({
    ...{ flag: "cors-credentials", default: false },
    help: "lets pages of other origins call it with their cookies",
  }),
  /**
   * Serves by HTTPS, with a certificate that is made for the session unless {@link mockOptions.tlsCert} names one.
   * @defaultValue false
   */
  tls: flag({ flag: "tls", default: false, help: "serves by HTTPS, with a certificate made for the session" }),
  /**
   * The file of a certificate in PEM, with those of its authorities, for {@link mockOptions.tls}.
   * @defaultValue one is made
   */
  tlsCert: fileName("the name of a file", {
    flag: "tls-cert",
    help: "serves by HTTPS with the certificate of a PEM file",
  }),
  /** The file of its private key in PEM. */
  tlsKey: fileName("the name of a file", { flag: "tls-key", help: "the PEM file of its private key" }),
  /**
   * Whether requests are printed as lines for people, or as JSON for programs: an object in each line, without secrets.
   * @defaultValue `lines`
   */
  log: choice<LogFormat, { flag: string; placeholder: string; default: LogFormat; help: string }>(["lines", "json"], {
    ...{ flag: "log", placeholder: "FORMAT", default: "lines" },
    help: "prints requests as lines, or as json",
  }),
  /** Gets a line for each request. */
  print: callback<(line: string) => void>({ help: "gets a line for each request" }),
};

/** What a mock can be started with. */
export type MockOptions = OptionValues<typeof mockOptions>;
