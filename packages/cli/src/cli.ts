#!/usr/bin/env node
import { profilesFolder } from "@imcloud/stores/profiles";
import { run } from "./run.ts";

const ended = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
// The reader of the output may stop, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

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
process.stdout.write("", () => process.exit());
