import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { IHttpRequest } from "@stoplight/prism-http";
import rawBody from "raw-body";
import type { Engine } from "./engine.ts";
import { type Answer, applicationError, correlated, frameworkError } from "./error-body.ts";

/** Where the API stands on the mock, as it does on the vendor's hosts. */
export const BASE_PATH = "/marketplace";

const BODY_LIMIT = 2 ** 20;
const METHODS = "GET, POST, PATCH, OPTIONS";
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** A request that gets its answer before the engine sees it. */
class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(String(answer.statusCode));
    this.answer = answer;
  }
}

async function readBody(request: IncomingMessage, path: string): Promise<Buffer> {
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

function parseBody(text: string, contentType: string, path: string): unknown {
  if (text === "") return undefined;
  if (!JSON_TYPE.test(contentType)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(applicationError(400, `The body is not JSON: ${(error as Error).message}`, path));
  }
}

/** The request as Prism takes it, with its path below the base URL. */
async function read(request: IncomingMessage): Promise<IHttpRequest> {
  const target = request.url ?? "/";
  const url = URL.canParse(target, "http://mock.example") ? new URL(target, "http://mock.example") : undefined;
  if (!url || (url.pathname !== BASE_PATH && !url.pathname.startsWith(`${BASE_PATH}/`))) {
    throw new Refused(frameworkError(404, url?.pathname ?? target));
  }
  const path = url.pathname.slice(BASE_PATH.length) || "/";
  try {
    decodeURIComponent(path);
  } catch {
    throw new Refused(applicationError(400, "The path is not percent-encoded UTF-8", path));
  }
  const bytes = await readBody(request, path);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  // Prism looks at the content type only where it sees a length, and takes a missing one for the right one.
  headers["content-length"] = String(bytes.length);
  if (bytes.length && !headers["content-type"]) headers["content-type"] = "application/octet-stream";
  const query: Record<string, string | string[]> = Object.create(null);
  for (const key of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(key);
    query[key] = values.length > 1 ? values : String(values[0]);
  }
  return {
    method: String(request.method).toLowerCase() as IHttpRequest["method"],
    url: { path, query },
    headers,
    body: parseBody(bytes.toString("utf8"), headers["content-type"] ?? "", path),
  };
}

/** Any page may call the mock from a browser. */
function allowBrowsers(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "X-Correlation-ID, Retry-After, WWW-Authenticate");
  if (request.method === "OPTIONS") {
    response.setHeader("access-control-allow-methods", METHODS);
    response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
    response.setHeader("access-control-max-age", "600");
  }
}

function write(response: ServerResponse, { statusCode, headers = {}, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) {
    // Prism leaves a header without an example empty.
    if (value !== null && value !== undefined) response.setHeader(name, value);
  }
  const isJson = JSON_TYPE.test(String(response.getHeader("content-type") ?? ""));
  response.writeHead(statusCode);
  response.end(body === undefined ? undefined : isJson ? JSON.stringify(body) : String(body));
}

/** An HTTP server in front of the engine. Every request gets an answer in one of the API's own shapes. */
export function createMockServer(engine: Engine): Server {
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    try {
      return await engine(await read(request));
    } catch (error) {
      if (error instanceof Refused) return correlated(error.answer);
      return correlated(applicationError(500, `The mock failed: ${(error as Error).message}`, request.url ?? "/"));
    }
  };
  return createServer((request, response) => {
    allowBrowsers(request, response);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    answer(request).then((result) => {
      if (!response.destroyed) write(response, result);
    });
  });
}
