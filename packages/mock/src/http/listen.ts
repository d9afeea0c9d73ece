import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type OptionSentence, optionError } from "../core/option-names.ts";
import type { Certificate } from "./certificate.ts";

/**
 * Settings of every server here. An idle connection is kept for ten minutes: a test that is stepped through in a debugger would otherwise
 * find it closed just as its next request is sent.
 */
const serverOptions = { headersTimeout: 20_000, requestTimeout: 60_000, keepAliveTimeout: 600_000 };

/**
 * A server that does not listen yet.
 * @param certificate what it serves by HTTPS with; by HTTP without one
 */
export function makeServer(listener: RequestListener, certificate?: Certificate): Server {
  if (!certificate) return createHttpServer(serverOptions, listener);
  return createHttpsServer({ ...serverOptions, ...certificate }, listener);
}

/** Addresses that mean all of a machine's, and how it calls itself. */
const WILDCARDS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

function reasonOf(
  { code, message }: NodeJS.ErrnoException,
  port: number,
  host: string,
  option: string,
): OptionSentence {
  if (code === "EADDRINUSE") return (of) => `Port ${port} is in use. Choose another with ${of(option)}.`;
  if (code === "EACCES") {
    return (of) => `Port ${port} needs rights that this process has not. Choose another with ${of(option)}.`;
  }
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL" || code === "EAI_AGAIN") {
    return (of) => `${host} is not an address of this machine. Choose another with ${of("host")}.`;
  }
  return () => message;
}

/**
 * Starts to listen, and gives the origin.
 * @param option the one that chooses the port
 * @throws {@link Error} with a message for people, and Node's `code`
 */
export async function listen(server: Server, port: number, host: string, option: string): Promise<string> {
  const address = host.replace(/^\[(.*)\]$/, "$1");
  server.listen(port, address);
  try {
    await once(server, "listening");
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    const failure = optionError(Error, reasonOf(error, port, host, option), cause);
    throw Object.assign(failure, { code: error.code });
  }
  const { port: actual } = server.address() as AddressInfo;
  const name = WILDCARDS[address] ?? address;
  const scheme = server instanceof HttpsServer ? "https" : "http";
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${actual}`;
}

/** Stops listening, and ends what connections there are. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
