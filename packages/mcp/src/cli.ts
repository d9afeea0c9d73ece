#!/usr/bin/env node
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import manifest from "../package.json" with { type: "json" };
import { connect } from "./command/connect.ts";
import { type Flags, helpText, readFlags } from "./command/flags.ts";
import { exitCodes, StartError } from "./command/start-error.ts";
import { createAssistant } from "./server.ts";
import { isLoopback, serveHttp } from "./transports/http.ts";

/** Prints to standard error, as standard output belongs to the protocol. */
const log = (line: string) => void process.stderr.write(`${line}\n`);

/** Resolves when the host disconnects or the process gets a signal. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    // The host no longer reads.
    process.stdout.on("error", () => resolve());
  });
}

const stdinClosed = () =>
  new Promise<void>((resolve) => void process.stdin.once("end", resolve).once("close", resolve));

/** Refuses to serve writes, personal data or other machines over HTTP without a token. */
function checkOpenTo({ http, allowWrites, includePersonalData }: Flags): void {
  const refuse = (flag: string, who: string) => {
    throw new StartError(`${flag} over --http needs IMCLOUD_MCP_TOKEN, as ${who}.`);
  };
  if (http?.host !== undefined && !isLoopback(http.host)) {
    refuse(`--host ${http.host}`, "others than this machine could call it");
  }
  if (allowWrites) refuse("--allow-writes", "every user of this machine could place orders");
  if (includePersonalData) refuse("--include-personal-data", "every user of this machine could read it");
}

async function main(words: readonly string[]): Promise<void> {
  const flags = readFlags(words);
  if (flags.help) return void process.stdout.write(helpText());
  if (flags.version) return void process.stdout.write(`${manifest.version}\n`);
  const token = process.env.IMCLOUD_MCP_TOKEN || undefined;
  if (flags.http && !token) checkOpenTo(flags);
  const connection = await connect(flags, log);
  const { allowWrites, includePersonalData, verbose } = flags;
  const assistant = createAssistant({
    ...{ client: connection.client, allowWrites, includePersonalData },
    ...(verbose && {
      onCall: ({ tool, milliseconds, isError }) =>
        log(`${tool} ${isError ? "failed" : "done"} in ${Math.round(milliseconds)} ms`),
    }),
  });
  const until = ended();
  if (flags.http) {
    const server = await serveHttp(assistant, { ...flags.http, token });
    log(`Serving ${server.url}${token ? "" : ", to every user of this machine: set IMCLOUD_MCP_TOKEN for one alone"}.`);
    await until;
    await server.close();
  } else {
    const closed = stdinClosed();
    const server = serveStdio(() => assistant.createServer(), { onerror: (error) => log(unreadable(error)) });
    if (process.stdin.isTTY) log("Waiting for an assistant on standard input. See imcloud-mcp --help.");
    await Promise.race([until, closed]);
    await server.close();
  }
  for (const poNumber of await assistant.close()) {
    log(`Whether the order ${poNumber} was placed is not known: look for it before you place it again.`);
  }
  connection.close();
}

/** The reason why a message was dropped. Zod's own message for invalid JSON-RPC is a page of JSON. */
const unreadable = ({ name, message }: Error): string =>
  /zod/i.test(name) ? "A message on standard input was dropped, as it is not a JSON-RPC 2.0 message." : message;

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
