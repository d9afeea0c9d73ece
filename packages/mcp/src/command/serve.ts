import type { ImcloudClient } from "@imcloud/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createAssistant } from "../server.ts";
import { serveHttp } from "../transports/http.ts";
import type { Flags } from "./flags.ts";

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

/** The reason why a message was dropped. Zod's own message for invalid JSON-RPC is a page of JSON. */
const unreadable = ({ name, message }: Error): string =>
  /zod/i.test(name) ? "A message on standard input was dropped, as it is not a JSON-RPC 2.0 message." : message;

/**
 * Serves assistants until the host disconnects or the process gets a signal.
 * @param token what callers over HTTP must show
 * @param log prints a line for the user
 */
export async function serve(
  client: ImcloudClient,
  flags: Flags,
  token: string | undefined,
  log: (line: string) => void,
): Promise<void> {
  const { allowWrites, includePersonalData, verbose } = flags;
  const assistant = createAssistant({
    ...{ client, allowWrites, includePersonalData },
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
}
