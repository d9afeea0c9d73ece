import { holding } from "../pipeline/fetch.ts";
import type { Answer, Send } from "../pipeline/send.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** Statuses whose answers have no body. */
const BODILESS = [101, 204, 205, 304];

/** What openapi-fetch makes of a call in place of the platform's request, of which the pipeline needs none. */
class Draft implements Pick<Request, "method" | "url" | "headers" | "signal" | "text"> {
  declare method: string;
  declare headers: Headers;
  declare signal: AbortSignal;
  declare body: string | undefined;
  readonly url: string;

  constructor(url: string, init: object) {
    Object.assign(this, init);
    this.url = url;
  }

  async text(): Promise<string> {
    return this.body ?? "";
  }
}

/** Takes a call of openapi-fetch through the pipeline. */
async function sendRequest(baseUrl: string, send: Send, request: Request): Promise<Answer> {
  const { method, url, headers, signal } = request;
  const path = url.slice(baseUrl.length).replace(/\?.*/, "");
  return send({
    operation: `${method} ${path}`,
    method,
    path,
    template: path,
    url,
    headers: Object.fromEntries(headers),
    body: request.body ? await request.text() : undefined,
    signal,
    isSafe: method === "GET",
    attempt: 0,
  });
}

/** The platform's response, whose body was read, with what openapi-fetch reads of it. */
function readAgain({ response, text }: Answer): Response {
  response.text = async () => text;
  response.json = async () => JSON.parse(text);
  return response;
}

/** A response that can be read in every way. */
function responseOf({ response, text }: Answer): Response {
  const { status, statusText, headers } = response;
  // What a browser hides of a redirect has no status, and nothing else in it.
  return status ? new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers }) : response;
}

type Method = (path: string, init?: Record<string, unknown>) => Promise<unknown>;

/** openapi-fetch on the pipeline. */
export function createPipelined(baseUrl: string, send: Send): Http {
  const whole = createOpenApiFetch({
    baseUrl,
    fetch: holding(async (request) => responseOf(await sendRequest(baseUrl, send, request))),
  });
  const light = createOpenApiFetch({
    baseUrl,
    fetch: async (draft) => readAgain(await sendRequest(baseUrl, send, draft)),
    Request: Draft as unknown as typeof Request,
  });
  let hasMiddlewares = false;
  const method =
    (name: "GET" | "POST" | "PATCH"): Method =>
    (path, init) => {
      // Middlewares, and a fetch of the call's own, see requests and responses.
      const { middleware, fetch, Request, bodySerializer, parseAs } = init ?? {};
      const isSeen = hasMiddlewares || middleware || fetch || Request || bodySerializer || parseAs;
      return ((isSeen ? whole : light)[name] as Method)(path, init);
    };
  return {
    GET: method("GET"),
    POST: method("POST"),
    PATCH: method("PATCH"),
    use(...middlewares) {
      whole.use(...middlewares);
      hasMiddlewares = true;
    },
    eject: whole.eject,
  } as Http;
}
