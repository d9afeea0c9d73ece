import { parseArgs } from "node:util";
import type { MockOptions } from "./start.ts";

/** A port in words, as a number. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new TypeError(`--port takes a number from 0 to 65535; got "${value}".`);
  }
  return port;
}

/**
 * What the command line asks for.
 * @throws TypeError with a sentence for people
 */
export function parseArguments(args: string[]): MockOptions & { help: boolean } {
  const { values } = parseArgs({
    args,
    options: { port: { type: "string" }, host: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  return {
    help: values.help ?? false,
    ...(values.port !== undefined && { port: parsePort(values.port) }),
    ...(values.host !== undefined && { host: values.host }),
  };
}
