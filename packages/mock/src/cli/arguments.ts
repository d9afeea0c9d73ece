import { parseArgs } from "node:util";
import { type Size, sizes } from "../core/seed/seeds.ts";
import type { ProxyOptions } from "../proxy/proxy.ts";
import type { MockOptions } from "../start.ts";
import { parsePort } from "./port.ts";

export const HELP = `imcloud-mock: a sandbox of the Cloud Marketplace API on this machine

  --port N           port to listen on (4010; 0 for any that is free)
  --files-port N     port of the reports' files, another origin (any that is free)
  --host NAME        address to listen on (127.0.0.1)
  --size SIZE        small, the document's examples (default); medium, 500 customers; large, ten times that
  --seed N           what is in a medium or large store (42)
  --time TIME        when its clock starts: now, or like 2026-10-05T12:00:00Z (default)
  --speed N          seconds that pass on its clock in one (1; 0 for a clock that stands still)
  --latency N        milliseconds by which every answer is late, or two like 20-80
  --rate-limit N     calls in a minute before it answers 429 (none)
  --daily-quota N    calls in a day before it answers 403 (none)
  --data FILE        keeps the store in a file across restarts
  --stateless        answers from the document's examples, and remembers nothing
  --quiet            prints no line for each request
  --help             this text

  imcloud-mock proxy URL [--port N] [--host NAME] [--har FILE]
                     stands between a client and a real API, and says what breaks the document
`;

/** A number in a word of the command line, from one to another. */
function number(option: string, value: string, least: number, most = Number.MAX_SAFE_INTEGER, isWhole = true): number {
  const given = Number(value);
  const isRight = value.trim() !== "" && given >= least && given <= most && (!isWhole || Number.isInteger(given));
  if (isRight) return given;
  const upTo = most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`;
  throw new TypeError(`${option} takes a ${isWhole ? "whole " : ""}number from ${least}${upTo}; got "${value}".`);
}

function range(option: string, value: string): NonNullable<MockOptions["latency"]> {
  const [from = "", to] = value.split("-");
  if (to === undefined) return number(option, value, 0);
  const [least, most] = [number(option, from, 0), number(option, to, 0)];
  if (least > most) throw new TypeError(`${option} takes the lower number first; got "${value}".`);
  return { from: least, to: most };
}

function parseSize(value: string): Size {
  if (Object.hasOwn(sizes, value)) return value as Size;
  throw new TypeError(`--size takes ${Object.keys(sizes).join(", ")}; got "${value}".`);
}

function parseTime(value: string): Date {
  const time = value === "now" ? new Date() : new Date(value);
  if (!Number.isNaN(time.getTime())) return time;
  throw new TypeError(`--time takes now, or a time like 2026-10-05T12:00:00Z; got "${value}".`);
}

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/**
 * What the command line asks for.
 * @throws TypeError with a sentence for people
 */
export function parseArguments(args: string[]): MockOptions & { help: boolean; quiet: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      ...{ port: text, "files-port": text, host: text, size: text, seed: text, time: text, speed: text, latency: text },
      ...{ "rate-limit": text, "daily-quota": text, data: text, stateless: flag, quiet: flag },
      help: { ...flag, short: "h" },
    },
  });
  return {
    help: values.help ?? false,
    quiet: values.quiet ?? false,
    ...(values.port !== undefined && { port: parsePort("--port", values.port) }),
    ...(values["files-port"] !== undefined && { filesPort: parsePort("--files-port", values["files-port"]) }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.size !== undefined && { size: parseSize(values.size) }),
    ...(values.seed !== undefined && { seed: number("--seed", values.seed, 0, 2 ** 31 - 1) }),
    ...(values.time !== undefined && { time: parseTime(values.time) }),
    ...(values.speed !== undefined && { speed: number("--speed", values.speed, 0, 1e9, false) }),
    ...(values.latency !== undefined && { latency: range("--latency", values.latency) }),
    ...(values["rate-limit"] !== undefined && { rateLimit: number("--rate-limit", values["rate-limit"], 1) }),
    ...(values["daily-quota"] !== undefined && { dailyQuota: number("--daily-quota", values["daily-quota"], 1) }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values.stateless && { stateless: true }),
  };
}

/**
 * What the command line asks of the proxy, its first word left out.
 * @throws TypeError with a sentence for people
 */
export function parseProxyArguments(args: string[]): ProxyOptions {
  const { values, positionals } = parseArgs({
    args,
    options: { port: text, host: text, har: text },
    allowPositionals: true,
  });
  const [target, ...more] = positionals;
  if (target === undefined || more.length) throw new TypeError("imcloud-mock proxy takes one URL, that of the API.");
  return {
    target,
    ...(values.port !== undefined && { port: parsePort("--port", values.port) }),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.har !== undefined && { har: values.har }),
  };
}
