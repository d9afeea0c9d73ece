import type { IncomingMessage } from "node:http";
import rawBody from "raw-body";
import type { ApiRequest, Query } from "../core/messages/request.ts";
import { applicationError, frameworkError, HttpError } from "../core/messages/responses.ts";

/** Where the API stands on the mock, as it does on the vendor's hosts. */
export const BASE_PATH = "/marketplace";

/** Bytes of the longest body that is read. */
const BODY_LIMIT = 2 ** 20;
/** No request of the document nests half as deep; what does could exhaust the stack of whoever walks it. */
const DEPTH_LIMIT = 64;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

export const isJson = (contentType: unknown): boolean => JSON_TYPE.test(String(contentType ?? ""));

/**
 * Reads a body to its end.
 * @throws {@link HttpError} when it is too large
 */
export async function readBody(request: IncomingMessage, path: string): Promise<Buffer> {
  try {
    return await rawBody(request, { limit: BODY_LIMIT });
  } catch (error) {
    if ((error as { type?: string }).type !== "entity.too.large") throw error;
    // What is still to come is dropped, so that the client reads the response and not a broken connection.
    request.resume();
    throw new HttpError(
      applicationError(413, `The body is larger than ${BODY_LIMIT} bytes`, path, { connection: "close" }),
    );
  }
}

const NO_BYTES = Buffer.alloc(0);

/** By RFC 9112 §6.3, a request without either of these headers has no body. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;

/** How deep arrays and objects stand in each other in a JSON text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "\\" && isInString) at += 1;
    else if (char === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (char === "{" || char === "[") deepest = Math.max(deepest, ++depth);
    else if (char === "}" || char === "]") depth -= 1;
  }
  return deepest;
}

/** @throws {@link HttpError} when the text is no JSON, or nests too deep */
export function parseJson(text: string, path: string): unknown {
  if (depthOf(text) > DEPTH_LIMIT) {
    throw new HttpError(applicationError(400, `The body nests deeper than ${DEPTH_LIMIT} levels`, path));
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(applicationError(400, `The body is not JSON: ${(error as Error).message}`, path));
  }
}

/** A target below the base path that a URL would have as it stands. Most are, and need no parsing. */
const PLAIN = new RegExp(String.raw`^${BASE_PATH}(?:/[\w-]+)+$`);

function parseTarget(target: string): URL {
  try {
    return new URL(target, "http://mock.example");
  } catch {
    throw new HttpError(frameworkError(404, target));
  }
}

/** What a request is for. */
export interface Target {
  /** The path below the base URL, without slashes that are too many. */
  path: string;
  query: Query;
  /** What a client should write otherwise, in sentences. */
  problems: string[];
}

/** A path without empty segments, which come of a base URL that ends in a slash (FLD-15), or of a slash at the end (LIST-10). */
function cleaned(path: string): Pick<Target, "path" | "problems"> {
  const clean = path.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
  const problems = clean === path ? [] : [`path "${path}" has a slash too many; "${clean}" is meant`];
  return { path: clean, problems };
}

/**
 * The path of a request below the base URL, and its query.
 * @throws {@link HttpError} for a target outside of the API, or one that is not percent-encoded
 */
export function targetOf(request: IncomingMessage): Target {
  const target = request.url ?? "/";
  if (PLAIN.test(target)) return { path: target.slice(BASE_PATH.length), query: {}, problems: [] };
  const url = parseTarget(target);
  const { pathname } = url;
  if (pathname !== BASE_PATH && !pathname.startsWith(`${BASE_PATH}/`)) {
    throw new HttpError(frameworkError(404, pathname));
  }
  const path = pathname.slice(BASE_PATH.length) || "/";
  try {
    decodeURIComponent(path);
  } catch {
    throw new HttpError(applicationError(400, "The path is not percent-encoded UTF-8", path));
  }
  return { ...cleaned(path), query: url.search ? queryOf(url.searchParams) : {} };
}

/**
 * A path below a base URL with one segment more: of `/eu/orders`, `/orders` (AUTH-04). `undefined` where it has no more than one.
 */
export const withoutRegion = (path: string): string | undefined => /^\/[^/]+(\/.+)$/.exec(path)?.[1];

function queryOf(parameters: URLSearchParams): Query {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    query[key] = values.length > 1 ? values : String(values[0]);
  }
  return query;
}

/**
 * A request whose body has been read.
 * @param parse reads a body that says of itself that it is JSON
 */
export function parseRequest(
  request: IncomingMessage,
  path: string,
  query: Query,
  bytes: Buffer,
  parse: (text: string, path: string) => unknown = parseJson,
): ApiRequest {
  const headers: Record<string, string> = {};
  for (const name in request.headers) {
    const value = request.headers[name];
    headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  }
  // Prism looks at the content type only where it sees a length, and takes a missing one for the right one.
  headers["content-length"] = String(bytes.length);
  if (bytes.length && !headers["content-type"]) headers["content-type"] = "application/octet-stream";
  const text = bytes.toString("utf8");
  return {
    ...{ method: String(request.method).toLowerCase(), path, query, headers },
    body: text === "" ? undefined : isJson(headers["content-type"]) ? parse(text, path) : text,
  };
}

/** Reads a request to its end. */
export const readRequest = async (request: IncomingMessage, path: string, query: Query): Promise<ApiRequest> =>
  parseRequest(request, path, query, hasBody(request) ? await readBody(request, path) : NO_BYTES);
