#!/usr/bin/env node
import { profilesFolder } from "@imcloud/stores/profiles";
import { exitCodes } from "./exit-codes.ts";
import { run } from "./run.ts";

/** Ends where nobody gets the output, and not as if it were there. The reader may stop, as `head` does. */
function endUnwritten({ code, message }: NodeJS.ErrnoException): never {
  if (code === "EPIPE") process.exit(exitCodes.ok);
  process.stderr.write(`The output cannot be written: ${message}.\n`);
  process.exit(exitCodes.unexpected);
}

const ended = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
process.stdout.on("error", endUnwritten);
// What is said beside the output is no reason to end in the middle of an order.
process.stderr.on("error", () => {});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ended.signal,
  patience: 3_000,
  atEnd: [],
  writes: new Set(),
  configFolder: profilesFolder(process.env),
});
// Exits explicitly, as kept connections and a sandbox's clock would keep the process alive. Flushes the output first.
process.stdout.write("", (error) => (error ? endUnwritten(error as NodeJS.ErrnoException) : process.exit()));
