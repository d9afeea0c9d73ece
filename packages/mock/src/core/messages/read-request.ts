import { excessOf } from "./json-bounds.ts";
import type { ApiRequest, IncomingRequest, Query } from "./request.ts";
import { applicationError, frameworkError, HttpError } from "./responses.ts";

/** The size limit of a body in bytes. */
export const BODY_LIMIT = 2 ** 20;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

export const isJson = (contentType: unknown): boolean => JSON_TYPE.test(String(contentType ?? ""));

/** The error for a body that is longer than {@link BODY_LIMIT}. */
export const bodyTooLarge = (path: string): HttpError =>
  new HttpError(applicationError(413, `The body is larger than ${BODY_LIMIT} bytes`, path, { connection: "close" }));

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
/** A media type with its parameters (RFC 9110 §8.3.1). */
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:\\s*;(?:\\s*${TOKEN}=(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))?)*\\s*$`);
const CHARSET = /;\s*charset="?([^";\s]*)/i;
/** Charsets whose bytes are those of UTF-8. */
const UTF_8 = /^(?:utf-?8|us-ascii|ascii)$/i;

/**
 * Says why a body cannot be read by its headers; `undefined` if it can. The API reads no compressed bodies,
 * and JSON is UTF-8 (RFC 8259 §8.1).
 */
export function unreadableBody(headers: IncomingRequest["headers"]): string | undefined {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity") {
    return `The body is sent with content-encoding ${JSON.stringify(encoding)}; send it as it is`;
  }
  const type = headers["content-type"]?.trim();
  if (type === undefined || type === "") return undefined;
  if (!MEDIA_TYPE.test(type)) return `The content type ${JSON.stringify(type)} is malformed`;
  const charset = CHARSET.exec(type)?.[1];
  if (charset === undefined || UTF_8.test(charset)) return undefined;
  return `The body is sent with the charset ${JSON.stringify(charset)}; send it in UTF-8`;
}

/** @throws {@link HttpError} when the text is not JSON, or exceeds the limits */
export function parseJson(text: string, path: string): unknown {
  const excess = excessOf(text);
  if (excess) throw new HttpError(applicationError(400, excess, path));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(applicationError(400, `The body is not JSON: ${(error as Error).message}`, path));
  }
}

/** A target that is its path, with nothing to decode or to clean, as most. */
const PLAIN = /^(?:\/[\w-]+)+$/;

function parseTarget(target: string): URL {
  try {
    // A path may begin with two slashes, which would be another host; a target may be a whole URL (RFC 9112 §3.2.2).
    return new URL(target.startsWith("/") ? `http://mock.example${target}` : target, "http://mock.example");
  } catch {
    throw new HttpError(frameworkError(404, target));
  }
}

/** The parsed target of a request. */
export interface Target {
  /** The path below the base URL, without extra slashes. */
  path: string;
  query: Query;
  /** Sentences for the request log about the target's form. */
  problems: string[];
}

/** Removes empty segments, which come from a base URL with a slash at its end (FLD-15), or from a trailing slash (LIST-10). */
function cleaned(path: string): Pick<Target, "path" | "problems"> {
  const clean = path.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
  const problems = clean === path ? [] : [`path "${path}" has a slash too many; "${clean}" is meant`];
  return { path: clean, problems };
}

/**
 * A path without its first segment, which may be a region: `/orders` for `/eu/orders` (AUTH-04). `undefined` if there is only one.
 */
export const withoutRegion = (path: string): string | undefined => /^\/[^/]+(\/.+)$/.exec(path)?.[1];

/**
 * The path of a request below the base path, and its query.
 * @throws {@link HttpError} for a target outside of the API, or one that is not percent-encoded
 */
export function targetOf({ target }: Pick<IncomingRequest, "target">, basePath: string): Target {
  if (PLAIN.test(target) && target.startsWith(`${basePath}/`)) {
    return { path: target.slice(basePath.length), query: {}, problems: [] };
  }
  const { pathname, searchParams } = parseTarget(target);
  if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) throw new HttpError(frameworkError(404, pathname));
  const path = pathname.slice(basePath.length) || "/";
  try {
    decodeURIComponent(path);
  } catch {
    throw new HttpError(applicationError(400, "The path is not percent-encoded UTF-8", path));
  }
  return { ...cleaned(path), query: searchParams.size ? queryOf(searchParams) : {} };
}

function queryOf(parameters: URLSearchParams): Query {
  const query: Record<string, string | string[]> = Object.create(null);
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    query[key] = values.length > 1 ? values : String(values[0]);
  }
  return query;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/** @throws {@link HttpError} for bytes that are not UTF-8 */
export function decodeBody(bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new HttpError(applicationError(400, "The body is not UTF-8", path));
  }
}

/**
 * Makes a request of its head and its body.
 * @param parse parses a JSON body
 */
export function parseRequest(
  { method, headers: given }: Pick<IncomingRequest, "method" | "headers">,
  path: string,
  query: Query,
  bytes: Uint8Array,
  parse: (text: string, path: string) => unknown = parseJson,
): ApiRequest {
  // Prism checks the content type only if there is a length, and accepts a missing one.
  const headers: Record<string, string> = { ...given, "content-length": String(bytes.length) };
  if (bytes.length && !headers["content-type"]) headers["content-type"] = "application/octet-stream";
  const text = bytes.length ? decodeBody(bytes, path) : "";
  const body = text === "" ? undefined : isJson(headers["content-type"]) ? parse(text, path) : text;
  return { method: method.toLowerCase(), path, query, headers, body, text };
}
