import type { IncomingMessage } from "node:http";
import rawBody from "raw-body";
import { BODY_LIMIT, bodyTooLarge } from "../core/messages/read-request.ts";
import type { IncomingRequest } from "../core/messages/request.ts";
import { BrokenConnection } from "../core/messages/responses.ts";

const NO_BYTES = Buffer.alloc(0);

/** By RFC 9112 §6.3, a request without either of these headers has no body. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;

/**
 * Reads a body to its end.
 * @throws {@link HttpError} when it is too large
 * @throws {@link BrokenConnection} when its client leaves before
 */
export async function readBody(request: IncomingMessage, path: string): Promise<Buffer> {
  if (!hasBody(request)) return NO_BYTES;
  try {
    return await rawBody(request, { limit: BODY_LIMIT });
  } catch (error) {
    const { type } = error as { type?: string };
    if (type === "request.aborted") throw new BrokenConnection();
    if (type !== "entity.too.large") throw error;
    // What is still to come is dropped, so that the client reads the response and not a broken connection.
    request.resume();
    throw bodyTooLarge(path);
  }
}

/**
 * Makes a path of a target that is a whole URL, as a client sends it that takes this server for its proxy. Its host goes before the
 * header (RFC 9112 §3.2.2), and its user is nobody's here.
 */
export function toOriginForm(request: IncomingMessage): void {
  if (request.url?.startsWith("/")) return;
  const [, host, rest = ""] = /^https?:\/\/(?:[^/?#@]*@)?([^/?#@]*)(.*)$/is.exec(request.url ?? "") ?? [];
  if (host === undefined || !URL.canParse(`http://${host}`)) return;
  request.headers.host = host;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
}

type RequestHeaders = IncomingRequest["headers"];

/** The headers of the last request of each connection. */
const lastHeaders = new WeakMap<IncomingMessage["socket"], RequestHeaders>();

const textOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(", ") : (value ?? "");

function isSame(given: IncomingMessage["headers"], last: RequestHeaders): boolean {
  for (const name in given) if (last[name] !== textOf(given[name])) return false;
  for (const name in last) if (given[name] === undefined) return false;
  return true;
}

/** The headers of a request: those of the one before where they are the same, so that the request log keeps them once. */
function headersOf({ headers: given, socket }: IncomingMessage): RequestHeaders {
  const last = lastHeaders.get(socket);
  if (last && isSame(given, last)) return last;
  const headers: Record<string, string> = {};
  for (const name in given) headers[name] = textOf(given[name]);
  lastHeaders.set(socket, headers);
  return headers;
}

/** A request of Node's server as the core takes it. */
export const incomingRequest = (request: IncomingMessage): IncomingRequest => ({
  method: String(request.method),
  target: request.url ?? "/",
  headers: headersOf(request),
  readBody: (path) => readBody(request, path),
});
