#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { connect } from "./command/connect.ts";
import { helpText, readFlags } from "./command/flags.ts";
import { checkOpenTo, readToken } from "./command/open-to.ts";
import { exitCodes, StartError } from "./command/start-error.ts";

/** Prints to standard error, as standard output belongs to the protocol. */
const log = (line: string) => void process.stderr.write(`${line}\n`);

// A host that reads no log goes on with its calls.
process.stderr.on("error", () => {});

async function main(words: readonly string[]): Promise<void> {
  const flags = readFlags(words);
  if (flags.help) return void process.stdout.write(helpText());
  if (flags.version) return void process.stdout.write(`${manifest.version}\n`);
  const token = readToken(process.env);
  if (flags.http && !token) checkOpenTo(flags);
  const connection = await connect(flags, log);
  // Loaded late, as help and refusals do without it: it takes most of the start.
  const { serve } = await import("./command/serve.ts");
  await serve(connection.client, flags, token, log);
  connection.close();
}

main(process.argv.slice(2)).then(
  // Exits explicitly, as kept connections and a sandbox's clock would keep the process alive. Flushes the output first.
  () => process.stdout.write("", () => process.exit(exitCodes.ok)),
  (error: Error) => {
    const { code } = error as NodeJS.ErrnoException;
    const inUse = code === "EADDRINUSE" ? "The port is in use: choose another by --port." : undefined;
    const isOurs = error instanceof StartError || error instanceof TypeError;
    log(inUse ?? (isOurs ? error.message : `Unexpected: ${error.message}`));
    process.exit(
      error instanceof StartError ? error.exitCode : inUse || isOurs ? exitCodes.usage : exitCodes.unexpected,
    );
  },
);
