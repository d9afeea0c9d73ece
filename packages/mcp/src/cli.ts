#!/usr/bin/env node
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import manifest from "../package.json" with { type: "json" };
import { connect } from "./command/connect.ts";
import { type Flags, helpText, readFlags } from "./command/flags.ts";
import { exitCodes, StartError } from "./command/start-error.ts";
import { createAssistant } from "./server.ts";
import { isLoopback, serveHttp } from "./transports/http.ts";

/** Standard output belongs to the protocol: everything that is for people goes to standard error. */
const log = (line: string) => void process.stderr.write(`${line}\n`);

/** Resolves when the host has gone away, or the process is told to end. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    // Nobody hears what is written then.
    process.stdout.on("error", () => resolve());
  });
}

const stdinClosed = () =>
  new Promise<void>((resolve) => void process.stdin.once("end", resolve).once("close", resolve));

/** Refuses to serve over HTTP without a token what not everybody may have or do who can call it. */
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

/** What is wrong with a message of the assistant. The checker of messages has a page of JSON for one that is none of JSON-RPC's. */
const unreadable = ({ name, message }: Error): string =>
  /zod/i.test(name) ? "A message on standard input was dropped, as it is not a JSON-RPC 2.0 message." : message;

main(process.argv.slice(2)).then(
  // A sandbox's clock and connections that are kept would keep the process; what was printed has to arrive first.
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
