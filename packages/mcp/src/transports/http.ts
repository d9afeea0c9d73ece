import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { hostHeaderValidation, originValidation, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, localhostAllowedHostnames } from "@modelcontextprotocol/server";
import type { Assistant } from "../server.ts";
import { DEFAULT_PORT, isLoopback } from "./address.ts";

/** Options of {@link serveHttp}. */
export interface HttpOptions {
  /** @defaultValue `127.0.0.1` */
  host?: string | undefined;
  /** `0` for any free port. @defaultValue 8808 */
  port?: number | undefined;
  /** Host names that clients may use, besides those of this machine. */
  allowedHosts?: readonly string[] | undefined;
  /** The token that clients have to send as `Authorization: Bearer …`. @defaultValue none */
  token?: string | undefined;
}

/** A server that listens. */
export interface HttpServer {
  /** Its URL, for example `http://127.0.0.1:8808/mcp`. */
  url: string;
  close(): Promise<void>;
}

const PATH = "/mcp";

/** A check of a request. Has already responded if it returns `false`. */
type Guard = (request: IncomingMessage, response: ServerResponse) => boolean;

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): false {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }));
  return false;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Requires the token, compared in constant time. */
const tokenGuard =
  (token: string | undefined): Guard =>
  ({ headers }, response) => {
    if (token === undefined) return true;
    const given = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
    if (timingSafeEqual(digest(given), digest(token))) return true;
    return refuse(response, 401, "A bearer token is needed: the one in IMCLOUD_MCP_TOKEN.", {
      "WWW-Authenticate": "Bearer",
    });
  };

const pathGuard: Guard = ({ url = "" }, response) =>
  url.split("?")[0] === PATH || refuse(response, 404, `There is nothing but ${PATH}.`);

/**
 * Serves assistants over HTTP. Guards against DNS rebinding and cross-site requests: `Host` and `Origin` are
 * checked.
 * @throws {@link TypeError} when other machines could call it without a token
 */
export async function serveHttp(assistant: Assistant, options: HttpOptions = {}): Promise<HttpServer> {
  const { host = "127.0.0.1", port = DEFAULT_PORT, allowedHosts = [], token } = options;
  if (!isLoopback(host) && !token)
    throw new TypeError(`Serving at ${host} needs a token, as others than this machine could call it.`);
  const names = [...localhostAllowedHostnames(), ...allowedHosts];
  const guards = [hostHeaderValidation(names), originValidation(names), pathGuard, tokenGuard(token)];
  const handler = createMcpHandler(() => assistant.createServer());
  const handle = toNodeHandler(handler);
  const server = createServer((request, response) => {
    // A request that a server gets has both.
    const received = request as IncomingMessage & { method: string; url: string };
    if (guards.every((guard) => guard(request, response))) void handle(received, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Brackets are of URLs, not of addresses.
    server.listen(port, host.replace(/^\[(.*)\]$/, "$1"), resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${actual}${PATH}`,
    async close() {
      await handler.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
