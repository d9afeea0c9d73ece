import { must } from "@imcloud/options";
import { parseBody } from "../core/calls/body.ts";
import { toApiError } from "../core/errors/api-error.ts";
import type { BufferedResponse, Handler, PipelineRequest } from "../core/pipeline.ts";
import { createRequest, createResponse, isResponse, takesSignals } from "../core/transport/fetch.ts";
import { checkInit, type Init } from "./init.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** Finds the operation of a call, and what follows from it. */
export type Identify = (
  call: Pick<PipelineRequest, "method" | "path" | "url">,
) => Pick<PipelineRequest, "operation" | "template" | "isSafe">;

/** What of a call came to the pipeline, and from it. */
interface Exchange {
  request?: PipelineRequest;
  buffered?: BufferedResponse;
}

/** Checks the responses of a call's own `fetch`, which openapi-fetch reads unchecked. */
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

/** On a platform without a `Request` class, the body is its text. */
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
    // The pipeline has parsed the response already, so the JSON need not be parsed again.
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
          // openapi-fetch does not read the body of a stream.
          parseAs: isParsedHere ? "stream" : init.parseAs,
          fetch: init.fetch ? checked(init.fetch) : fetch,
        } as never,
      );
      const { response } = result;
      const text = exchange.buffered?.text;
      return isParsedHere && response.ok ? { data: text ? JSON.parse(text) : undefined, response } : result;
    } catch (error) {
      const { request, buffered } = exchange;
      // The message of JSON.parse does not say which call it was.
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
