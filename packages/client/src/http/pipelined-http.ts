import { must } from "@imcloud/options";
import { parseBody } from "../core/calls/body.ts";
import { toApiError } from "../core/errors/api-error.ts";
import type { BufferedResponse, Handler, PipelineRequest } from "../core/pipeline.ts";
import { createRequest, createResponse, isResponse, takesSignals } from "../core/transport/fetch.ts";
import { checkInit, type Init } from "./init.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** What is known of a call by its operation. */
export type Identify = (
  call: Pick<PipelineRequest, "method" | "path" | "url">,
) => Pick<PipelineRequest, "operation" | "template" | "isSafe">;

/** What of a call came to the pipeline, and from it. */
interface Exchange {
  request?: PipelineRequest;
  buffered?: BufferedResponse;
}

/** A `fetch` of a call's own, whose responses openapi-fetch does not look at before it reads them. */
const checked = (fetch: NonNullable<Init["fetch"]>) => async (request: Request) => {
  const response = await fetch(request);
  must("a Response", isResponse)(response, "What fetch gives");
  return response;
};

async function toPipelineRequest(
  baseUrl: string,
  request: Request,
  signal: AbortSignal | undefined,
  identify: Identify,
): Promise<PipelineRequest> {
  const { method, url } = request;
  const [path = ""] = url.slice(baseUrl.length).split("?", 1);
  return {
    ...identify({ method, path, url }),
    ...{ method, path, url, signal },
    headers: Object.fromEntries(request.headers),
    body: /^(GET|HEAD)$/.test(method) ? undefined : await bodyOf(request),
    state: { attempt: 0 },
  };
}

/** Where the platform has no class of requests, the body is its text. */
const bodyOf = async (request: Request): Promise<string | undefined> =>
  (typeof request.body === "string" ? request.body : await request.text()) || undefined;

/**
 * openapi-fetch on a pipeline.
 * @param identify knows the document's operations
 */
export function createPipelinedHttp(baseUrl: string, send: Handler, identify: Identify): Http {
  const client = createOpenApiFetch(baseUrl);
  let hasMiddleware = false;

  async function call(name: string, path: string, init: Init = {}) {
    checkInit(baseUrl, name, path, init);
    const exchange: Exchange = {};
    // A middleware may give another request, with another signal, and read the response.
    const isSeen = hasMiddleware || init.middleware !== undefined;
    // The pipeline has read the response. As JSON it is not made once more only to be read again.
    const isParsedHere = !isSeen && !init.fetch && (init.parseAs ?? "json") === "json";
    const fetch = async (request: Request) => {
      const signal = isSeen ? request.signal : (init.signal ?? undefined);
      exchange.request = await toPipelineRequest(baseUrl, request, signal, identify);
      exchange.buffered = await send(exchange.request);
      const { response, text } = exchange.buffered;
      return isParsedHere && response.ok ? response : createResponse(text, response);
    };
    try {
      const result = await client[name as "GET"](
        path as never,
        {
          Request: globalThis.Request && takesSignals() ? undefined : createRequest,
          ...init,
          // As a stream, a body is left unread.
          parseAs: isParsedHere ? "stream" : init.parseAs,
          fetch: init.fetch ? checked(init.fetch) : fetch,
        } as never,
      );
      const { response } = result;
      const text = exchange.buffered?.text;
      return isParsedHere && response.ok ? { data: text ? JSON.parse(text) : undefined, response } : result;
    } catch (error) {
      const { request, buffered } = exchange;
      // JSON.parse says nothing of what it was.
      if (error instanceof SyntaxError && request && buffered && parseBody(buffered.text) === buffered.text)
        throw toApiError(request, buffered.response, buffered.text);
      throw error;
    }
  }

  const methods = Object.keys(client).filter((name) => /^[A-Z]+$/.test(name));
  return {
    ...client,
    ...Object.fromEntries(methods.map((name) => [name, (path: string, init?: Init) => call(name, path, init)])),
    use(...middleware) {
      client.use(...middleware);
      hasMiddleware = true;
    },
  } as Http;
}
