import { checkOptions, must, type Rules } from "@imcloud/options";
import type { WithResponse } from "../core/calls/api-promise.ts";
import { hasLeft, isRefused } from "../core/calls/call.ts";
import { checkSearch } from "../core/calls/check-query.ts";
import type { GenericRequest } from "../core/calls/generic-request.ts";
import { createOperationFinder } from "../core/calls/operation.ts";
import { fillPath, withoutEndSlashes } from "../core/calls/url.ts";
import { ApiError, MarketplaceError, TimeoutError } from "../core/errors/errors.ts";
import { readBounded } from "../core/transport/read-text.ts";
import { operations } from "../generated/resources.ts";

/** Options of a proxy for a front end. */
export interface ProxyOptions {
  /** Makes the calls, with the server's credentials. */
  client: { request: GenericRequest };
  /** Ids of the operations that the front end may call, for example `orders_list`. All others are refused. */
  allow: readonly string[];
  /**
   * Path of the proxy, for example `/api`.
   * @defaultValue ""
   */
  basePath?: string | undefined;
}

/** The most bytes of a body. The API's largest is far smaller. */
const MAX_BODY = 1_000_000;

const RULES: Rules<ProxyOptions> = {
  client: must(
    "a client of createClient",
    (value: Partial<ProxyOptions["client"]>) => typeof value?.request === "function",
  ),
  allow: must(
    "an array of operation ids",
    (ids: unknown) => Array.isArray(ids) && ids.every((id) => typeof id === "string"),
  ),
  basePath: must("a path that begins with a slash", (path: string) => typeof path === "string" && /^(\/|$)/.test(path)),
};

/** The response headers that are passed on to the front end. */
const PASSED_ON = ["x-correlation-id", "retry-after"];

const respond = (status: number, body: unknown, headers?: Headers): Response => {
  const passed = PASSED_ON.map((name) => [name, headers?.get(name)]).filter((header): header is [string, string] =>
    Boolean(header[1]),
  );
  const all = { "content-type": "application/json", "cache-control": "no-store", ...Object.fromEntries(passed) };
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: all });
};

const errorResponse = (status: number, message: string): Response => respond(status, { status, message });

/** A page of another site would act with the visitor's session. Every browser sends the origin of a request. */
const isForeign = ({ headers }: Request): boolean => headers.get("sec-fetch-site") === "cross-site";

/** Parses a JSON body, or returns the response that refuses it. */
async function bodyOf(request: Request): Promise<{ body?: unknown } | Response> {
  let sent: string;
  try {
    sent = await readBounded(request, MAX_BODY, () => new RangeError());
  } catch (error) {
    if (error instanceof RangeError) return errorResponse(413, "The body is too large.");
    throw error;
  }
  if (sent === "") return {};
  // A form of another site can send text, but not JSON.
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? ""))
    return errorResponse(415, "The body must be JSON.");
  try {
    return { body: JSON.parse(sent) };
  } catch {
    return errorResponse(400, "The body is not JSON.");
  }
}

const NOT_KNOWN = "The API could not be asked, or what became of the call is unknown.";

/** The response to the front end for a failure: what the API says, and nothing of the server's own sign-in. */
function toResponse(error: unknown): Response {
  // A write that may have been done must not look refused, whatever failed after it.
  if (hasLeft(error)) return errorResponse(502, NOT_KNOWN);
  const isOwnSignIn =
    error instanceof ApiError && (error.status === 401 || /^(token_create|oauth2_token)$/.test(error.operation));
  // An error must not look like a success, as a proxy's page with status 200 would. Statuses end at 599.
  const isRefusal = error instanceof ApiError && error.status >= 400 && error.status < 600;
  if (isRefusal && !isOwnSignIn) {
    const body = typeof error.body === "object" ? error.body : { status: error.status, message: error.message };
    return respond(error.status, body ?? { status: error.status, message: error.message }, error.headers);
  }
  if (error instanceof TimeoutError) return errorResponse(504, "The API did not respond in time.");
  if (error instanceof MarketplaceError) return errorResponse(502, NOT_KNOWN);
  // That of a middleware is the back end's own: the front end must not see it, nor think that it is its fault.
  if (isRefused(error)) return errorResponse(400, (error as Error).message);
  throw error;
}

/** Whether all path parameters are plain ids. An encoded slash or dots would change the path. */
const isPlain = (values: Record<string, string>): boolean =>
  Object.values(values).every((value) => /^[\w-]+$/.test(value));

/**
 * Makes a handler that serves a front end's calls with the server's credentials: `Request` in, `Response` out, for any framework that has
 * them. Only the operations in `allow` can be called, and nothing of the front end's headers is passed on. Check your own session first:
 * the handler does not know who calls it. What a middleware of the client throws, the handler throws too: a framework responds to it with
 * a 500 and logs it.
 * @throws {@link TypeError} when an option has a wrong type, or an operation is not in the document
 */
export function createProxy(options: ProxyOptions): (request: Request) => Promise<Response> {
  checkOptions(RULES, options, "", ["client", "allow"]);
  const { client, basePath = "" } = options;
  // A copy, as the caller could add operations to the array that were not checked.
  const allow = [...options.allow];
  const unknown = allow.filter((id) => id === "token_create" || !operations.some((operation) => operation.id === id));
  if (unknown.length) throw new TypeError(`allow has operations that cannot be: ${unknown.join(", ")}.`);
  const find = createOperationFinder(operations);
  const base = withoutEndSlashes(basePath);

  return async (request) => {
    must("a Request", (given: Partial<Request>) => typeof given?.headers?.get === "function" && given.url)(
      request,
      "What a proxy is given",
    );
    if (isForeign(request)) return errorResponse(403, "Other sites may not call this.");
    const url = new URL(request.url);
    const found = url.pathname.startsWith(`${base}/`)
      ? find(request.method, url.pathname.slice(base.length))
      : undefined;
    if (!found || !isPlain(found.parameters) || !allow.includes(found.operation.id)) {
      return errorResponse(404, "There is no such operation here.");
    }
    const { id, method, path: template, query: rules = {} } = found.operation;
    const read = await bodyOf(request);
    if (read instanceof Response) return read;
    const path = fillPath(template, found.parameters);
    try {
      checkSearch(id, rules, url.search);
    } catch (error) {
      return errorResponse(400, (error as Error).message);
    }
    try {
      const call = client.request(method, path + url.search, { ...read, signal: request.signal });
      const { data, response }: WithResponse<unknown> = await call.withResponse();
      return respond(response.status, data, response.headers);
    } catch (error) {
      return toResponse(error);
    }
  };
}
