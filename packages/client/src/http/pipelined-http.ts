import { toApiError } from "../core/api-error.ts";
import { parseBody, toJson } from "../core/body.ts";
import { createRequest, retainRequest } from "../core/fetch.ts";
import { mergeHeaders } from "../core/merge-headers.ts";
import type { BufferedResponse, CallDetails, Handler, PipelineRequest } from "../core/pipeline.ts";
import { checkUrl, fillPath, withoutEndSlashes } from "../core/url.ts";
import { checkInit, checkMiddleware, type Init } from "./init.ts";
import { type Http, type HttpMiddleware, querySerializerOf } from "./openapi-fetch.ts";
import { throughMiddleware } from "./through-middleware.ts";

const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/** Statuses whose responses have no body. */
const BODILESS = [101, 204, 205, 304];

/**
 * What is known of a call by its operation.
 * @param schemaPath the path as the document may have it
 */
export type Identify = (
  call: Pick<PipelineRequest, "method" | "path" | "url">,
  schemaPath?: string,
) => Pick<PipelineRequest, "operation" | "template" | "isSafe">;

/** What a call sends. */
type Sent = Pick<PipelineRequest, "method" | "url" | "headers" | "signal"> & { body?: BodyInit | undefined };

/** A response, whose body was read already or was not. */
interface Received {
  response: Response;
  text(): Promise<string> | string;
  /** The response with its body. */
  whole(): Response;
}

/** A body as it is sent. A form is left to the platform, which has the rules. */
function serialize(operation: string, { body, bodySerializer }: Init, headers: Record<string, string>) {
  if (body === undefined) return undefined;
  if (bodySerializer) return bodySerializer(body as never, new Headers(headers));
  if (globalThis.FormData && body instanceof FormData) return body;
  if (headers["content-type"] === "application/x-www-form-urlencoded")
    return String(new URLSearchParams(body as Record<string, string>));
  return toJson(operation, body);
}

/** What a call with a path of the document and its values sends. */
function toSent(baseUrl: string, method: string, schemaPath: string, init: Init): Sent {
  const { params = {}, pathSerializer = fillPath, signal } = init;
  const operation = `${method} ${schemaPath}`;
  const below = init.baseUrl ? withoutEndSlashes(init.baseUrl) : baseUrl;
  const query = querySerializerOf(init.querySerializer)(params.query ?? {}).replace(/^\?/, "");
  const headers = mergeHeaders(operation, init.headers, params.header);
  const body = serialize(operation, init, headers);
  if (typeof body === "string") headers["content-type"] ??= "application/json";
  const url = `${below}${pathSerializer(schemaPath, params.path ?? {})}${query && `?${query}`}`;
  return { method, url, headers, body, signal: signal ?? undefined };
}

/** A response that anybody can read. */
function toResponse({ response, text }: BufferedResponse): Response {
  const { status, statusText, headers } = response;
  // A redirect that a browser hides has status 0, and a custom fetch can return statuses that no `Response` can have.
  if (!globalThis.Response || status < 200 || status > 599) return response;
  return new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers });
}

/**
 * What a call gives.
 * @throws {@link GatewayError} for a success that should be JSON and is not
 */
async function resultOf(call: CallDetails, { parseAs = "json" }: Init, { response, text, whole }: Received) {
  const { ok, status } = response;
  if (BODILESS.includes(status)) return { [ok ? "data" : "error"]: undefined, response };
  if (ok && parseAs !== "json") {
    const read = whole();
    return { data: parseAs === "stream" ? read.body : await read[parseAs](), response };
  }
  const read = await text();
  const body = parseBody(read);
  if (!ok) return { error: body, response };
  if (body === read) throw toApiError(call, response, body);
  return { data: body, response };
}

/**
 * Calls by path, as openapi-fetch makes them, on a pipeline.
 * @param identify knows the document's operations
 */
export function createPipelinedHttp(baseUrl: string, send: Handler, identify: Identify): Http {
  let added: HttpMiddleware[] = [];

  function toPipelineRequest({ method, url, headers, signal, body }: Sent, schemaPath?: string): PipelineRequest {
    const [path = ""] = url.slice(baseUrl.length).split("?", 1);
    const known = identify({ method, path, url }, schemaPath?.replace(/\?.*/, ""));
    const text = typeof body === "string" ? body : undefined;
    return { ...known, ...{ method, path, url, headers, signal }, body: text, state: { attempt: 0 } };
  }

  const sendRequest = retainRequest(async (request: Request) => {
    const { method, url, signal } = request;
    // Not where there is none: it would be an empty one.
    const body = (await request.text()) || undefined;
    const sent = { method, url, signal, headers: Object.fromEntries(request.headers), body };
    return toResponse(await send(toPipelineRequest(sent)));
  });

  /** Sends a request of the platform's, for those who see it, and for a body that the platform writes. */
  async function sendSeen(schemaPath: string, sent: Sent, init: Init, middleware: HttpMiddleware[]): Promise<Received> {
    const { params = {}, parseAs = "json", pathSerializer = fillPath, bodySerializer = JSON.stringify } = init;
    const { fetch = sendRequest, Request: own } = init;
    // The platform would make `/orders` of `/resellers/../orders`, before the pipeline sees it.
    checkUrl(baseUrl, sent.url);
    const requestInit = { ...init, ...sent } as RequestInit;
    const request = own ? new own(sent.url, requestInit) : createRequest(sent.url, requestInit);
    const querySerializer = querySerializerOf(init.querySerializer);
    const options = { baseUrl, fetch, parseAs, querySerializer, bodySerializer, pathSerializer };
    const seen = { request, schemaPath, params, id: Math.random().toString(36).slice(2), options };
    const response = await throughMiddleware(middleware, seen as never, fetch);
    return { response, text: () => response.text(), whole: () => response };
  }

  async function sendDirectly(request: PipelineRequest): Promise<Received> {
    const buffered = await send(request);
    const { response, text } = buffered;
    return { response, text: () => text, whole: () => toResponse(buffered) };
  }

  async function call(method: string, schemaPath: string, init: Init = {}) {
    checkInit(method, init);
    const middleware = [...added, ...checkMiddleware(init.middleware ?? [])];
    const sent = toSent(baseUrl, method, schemaPath, init);
    const request = toPipelineRequest(sent, schemaPath);
    // A request of the platform's costs as much as the rest of the call.
    const isSeen = middleware.length > 0 || init.fetch || init.Request || sent.body !== request.body;
    const received = isSeen ? await sendSeen(schemaPath, sent, init, middleware) : await sendDirectly(request);
    return resultOf(request, init, received);
  }

  const methods = METHODS.map((method) => [method, (path: string, init?: Init) => call(method, path, init)]);
  return {
    ...Object.fromEntries(methods),
    use(...middleware) {
      added.push(...checkMiddleware(middleware));
    },
    eject(...middleware) {
      added = added.filter((each) => !middleware.includes(each));
    },
  } as Http;
}
