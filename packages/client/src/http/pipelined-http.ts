import { abortSignal, must, oneOf, readable } from "@imcloud/options";
import { toApiError } from "../core/api-error.ts";
import { parseBody } from "../core/body.ts";
import { defined } from "../core/defined.ts";
import { createRequest, retainRequest } from "../core/fetch.ts";
import type { BufferedResponse, Handler, PipelineRequest } from "../core/pipeline.ts";
import { checkUrl } from "../core/url.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** Statuses whose responses have no body. */
const BODILESS = [101, 204, 205, 304];

/** What is known of a call by its operation. */
export type Identify = (
  call: Pick<PipelineRequest, "method" | "path" | "url">,
) => Pick<PipelineRequest, "operation" | "template" | "isSafe">;

/** What openapi-fetch has a request made of. */
type Sent = Omit<RequestInit, "headers"> & { url: string; headers: Headers };

/** What of a call came to the pipeline, and from it. */
interface Exchange {
  request?: PipelineRequest;
  buffered?: BufferedResponse;
}

/** What openapi-fetch is told of a call besides what is typed. */
interface Init {
  params?: object;
  parseAs?: string;
  middleware?: unknown[];
  querySerializer?: unknown;
  fetch?: unknown;
  Request?: unknown;
}

/** What a call by openapi-fetch can be told; what it tells the platform's `fetch` is among it. */
const INIT =
  /^(params|body|headers|signal|parseAs|middleware|fetch|Request|baseUrl|(query|body|path)Serializer|cache|credentials|duplex|integrity|keepalive|mode|priority|redirect|referrer|referrerPolicy)$/;

const PARAMS = /^(path|query|header|cookie)$/;

const parseAsRule = /* @__PURE__ */ oneOf("json", "text", "blob", "arrayBuffer", "stream", "formData", "bytes");

const isQueryValue = (value: unknown): boolean => /^(string|number|boolean)$/.test(typeof value);

const queryValue = /* @__PURE__ */ must(
  "a string, a number, true or false",
  (value: unknown[]) =>
    isQueryValue(value) || (Array.isArray(value) && value.length > 0 && [...value].every(isQueryValue)),
);

/** @throws {@link TypeError} for what openapi-fetch would leave out without a word, as a misspelt `query` */
function checkInit(init: Init): void {
  const check = (given: object, where: string, known: RegExp) => {
    readable("an object")(given, where);
    const unknown = Object.keys(defined(given)).find((name) => !known.test(name));
    if (unknown !== undefined) throw new TypeError(`${where} has no ${unknown}.`);
  };
  check(init, "A call by http", INIT);
  if (init.params !== undefined) check(init.params, "The params of a call by http", PARAMS);
  const { query } = (init.params ?? {}) as { query?: object };
  if (query !== undefined && init.querySerializer === undefined) {
    readable("an object of filters")(query, "The query of a call by http");
    // openapi-fetch leaves out what it has no text for, such as a Date, and the API would respond with everything.
    for (const [name, value] of Object.entries(defined(query)))
      queryValue(value, `The query of a call by http: ${name}`);
  }
  if (init.parseAs !== undefined) parseAsRule(init.parseAs, "parseAs");
}

/** A response that anybody can read. */
function toResponse({ response, text }: BufferedResponse): Response {
  const { status, statusText, headers } = response;
  // What a browser hides of a redirect has status 0, and a fetch of one's own can give others that no response can have.
  if (!globalThis.Response || status < 200 || status > 599) return response;
  return new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers });
}

/** What openapi-fetch reads of a response whose body is JSON. */
const toJsonResponse = ({ response, text }: BufferedResponse): Response =>
  ({
    status: response.status,
    ok: response.ok,
    headers: response.headers,
    text: async () => text,
    json: async () => JSON.parse(text),
  }) as Response;

/** A class of requests for openapi-fetch, made of URLs below the base URL alone. */
function requestClass(baseUrl: string, make: (url: string, init: RequestInit) => object): typeof Request {
  function CheckedRequest(url: string, init: RequestInit): object {
    // The platform's own would make `/orders` of `/resellers/../orders` before anybody could see it.
    checkUrl(baseUrl, url);
    return make(url, init);
  }
  // What middlewares get is of the platform's class. There is none in Jest's environment for jsdom.
  CheckedRequest.prototype = globalThis.Request?.prototype;
  return CheckedRequest as unknown as typeof Request;
}

/** What is sent, where no middleware sees the request: to make one of the platform's costs as much as the rest of the call. */
function toSent(url: string, init: RequestInit): object {
  const { method = "GET", body, signal } = init;
  const isSimple = body === undefined || (typeof body === "string" && !/^(GET|HEAD)$/.test(method));
  // The platform has the rules, also for forms and files.
  if (!isSimple) return createRequest(url, init);
  if (signal) abortSignal(signal, "signal");
  return { ...init, url, method };
}

async function toPipelineRequest(baseUrl: string, sent: Sent | Request, identify: Identify): Promise<PipelineRequest> {
  const { method = "GET", url, headers, signal, body } = sent;
  const [path = ""] = url.slice(baseUrl.length).split("?", 1);
  return {
    ...{ ...identify({ method, path, url }), method, path, url, signal: signal ?? undefined },
    headers: Object.fromEntries(headers),
    // A platform's request has a stream of it.
    body: body && typeof body !== "string" ? await (sent as Request).text() : (body ?? undefined),
    state: { attempt: 0 },
  };
}

/** What {@link createPipelinedHttp} is made of. */
export interface PipelinedHttpOptions {
  /** Sent with each call. */
  headers?: Record<string, string>;
  /** Knows the document's operations. */
  identify: Identify;
}

/** openapi-fetch on a pipeline. */
export function createPipelinedHttp(
  baseUrl: string,
  send: Handler,
  { headers = {}, identify }: PipelinedHttpOptions,
): Http {
  const PlatformRequest = requestClass(baseUrl, createRequest);
  const SentRequest = requestClass(baseUrl, toSent);
  const client = createOpenApiFetch({ baseUrl, headers });
  let hasMiddleware = false;

  async function call(method: (path: never, init: object) => Promise<object>, path: never, init: Init = {}) {
    checkInit(init);
    const isJson = (init.parseAs ?? "json") === "json";
    const isSeen = hasMiddleware || Boolean(init.middleware?.length) || Boolean(init.fetch ?? init.Request);
    const isDirect = isJson && !isSeen;
    const exchange: Exchange = {};
    const through = async (sent: Request) => {
      exchange.request = await toPipelineRequest(baseUrl, sent, identify);
      exchange.buffered = await send(exchange.request);
      return isDirect ? toJsonResponse(exchange.buffered) : toResponse(exchange.buffered);
    };
    try {
      const result = await method(path, {
        Request: isDirect ? SentRequest : PlatformRequest,
        fetch: isDirect ? through : retainRequest(through),
        ...init,
      });
      return isDirect ? { ...result, response: exchange.buffered?.response } : result;
    } catch (error) {
      const { request, buffered } = exchange;
      // openapi-fetch parses by itself, and says nothing of what it was.
      if (isJson && error instanceof SyntaxError && request && buffered && parseBody(buffered.text) === buffered.text)
        throw toApiError(request, buffered.response, buffered.text);
      throw error;
    }
  }

  const methods = Object.entries(client).flatMap(([name, method]) =>
    /^[A-Z]+$/.test(name) ? [[name, (path: never, init?: Init) => call(method as never, path, init)]] : [],
  );
  return {
    ...Object.fromEntries(methods),
    use(...middleware) {
      client.use(...middleware);
      hasMiddleware = true;
    },
    eject: client.eject,
  } as Http;
}
