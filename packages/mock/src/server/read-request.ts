import type { IncomingMessage } from "node:http";
import type { IHttpRequest } from "@stoplight/prism-http";
import rawBody from "raw-body";
import { type Answer, applicationError, frameworkError } from "./answers.ts";

/** Where the API stands on the mock, as it does on the vendor's hosts. */
export const BASE_PATH = "/marketplace";

const BODY_LIMIT = 2 ** 20;
/** No request of the document nests half as deep; what does could exhaust the stack of whoever walks it. */
const DEPTH_LIMIT = 64;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

export const isJson = (contentType: unknown): boolean => JSON_TYPE.test(String(contentType ?? ""));

/** A request that gets its answer before the engine sees it. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(String(answer.statusCode));
    this.answer = answer;
  }
}

export async function readBody(request: IncomingMessage, path: string): Promise<Buffer> {
  try {
    return await rawBody(request, { limit: BODY_LIMIT });
  } catch (error) {
    if ((error as { type?: string }).type !== "entity.too.large") throw error;
    // What is still to come is dropped, so that the client reads the answer and not a broken connection.
    request.resume();
    throw new Refused(
      applicationError(413, `The body is larger than ${BODY_LIMIT} bytes`, path, { connection: "close" }),
    );
  }
}

const NOTHING = Buffer.alloc(0);

/** By RFC 9112, a request without either of these headers has no body. */
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

/** @throws Refused when the text is no JSON, or nests too deep */
export function parseJson(text: string, path: string): unknown {
  if (depthOf(text) > DEPTH_LIMIT) {
    throw new Refused(applicationError(400, `The body nests deeper than ${DEPTH_LIMIT} levels`, path));
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(applicationError(400, `The body is not JSON: ${(error as Error).message}`, path));
  }
}

/** A target below the base path that a URL would have as it stands. Most are, and need no parsing. */
const PLAIN = new RegExp(String.raw`^${BASE_PATH}(?:/[\w-]+)+$`);

function parseTarget(target: string): URL {
  try {
    return new URL(target, "http://mock.example");
  } catch {
    throw new Refused(frameworkError(404, target));
  }
}

/** The path of a request below the base URL, and its query. */
export function targetOf(request: IncomingMessage): { path: string; query: Query } {
  const target = request.url ?? "/";
  if (PLAIN.test(target)) return { path: target.slice(BASE_PATH.length), query: {} };
  const url = parseTarget(target);
  const { pathname } = url;
  if (pathname !== BASE_PATH && !pathname.startsWith(`${BASE_PATH}/`)) throw new Refused(frameworkError(404, pathname));
  const path = pathname.slice(BASE_PATH.length) || "/";
  try {
    decodeURIComponent(path);
  } catch {
    throw new Refused(applicationError(400, "The path is not percent-encoded UTF-8", path));
  }
  return { path, query: url.search ? queryOf(url.searchParams) : {} };
}

function queryOf(parameters: URLSearchParams): Query {
  const query: Query = Object.create(null);
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    query[key] = values.length > 1 ? values : String(values[0]);
  }
  return query;
}

type Query = Record<string, string | string[]>;

/**
 * A request as Prism takes it, with its path below the base URL.
 * @param parse reads a body that says of itself that it is JSON
 */
export function parseRequest(
  request: IncomingMessage,
  path: string,
  query: Query,
  bytes: Buffer,
  parse: (text: string, path: string) => unknown = parseJson,
): IHttpRequest {
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
    method: String(request.method).toLowerCase() as IHttpRequest["method"],
    url: { path, query },
    headers,
    body: text === "" ? undefined : isJson(headers["content-type"]) ? parse(text, path) : text,
  };
}

/** Reads a request to its end. */
export const read = async (request: IncomingMessage, path: string, query: Query): Promise<IHttpRequest> =>
  parseRequest(request, path, query, hasBody(request) ? await readBody(request, path) : NOTHING);
