import { parseArgs } from "node:util";
import { parsePort } from "./port.ts";
import type { MockOptions } from "./start.ts";

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
    ...(values.port !== undefined && { port: parsePort("--port", values.port) }),
    ...(values.host !== undefined && { host: values.host }),
  };
}
