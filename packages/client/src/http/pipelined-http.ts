import { retainRequest } from "../core/fetch.ts";
import type { BufferedResponse, Handler, PipelineRequest } from "../core/pipeline.ts";
import { checkUrl } from "../core/url.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** Statuses whose responses have no body. */
const BODILESS = [101, 204, 205, 304];

/** A request of openapi-fetch, as the pipeline takes it. */
async function toPipelineRequest(baseUrl: string, request: Request): Promise<PipelineRequest> {
  const { method, url, headers, signal } = request;
  const path = url.slice(baseUrl.length).replace(/\?.*/, "");
  return {
    ...{ operation: `${method} ${path}`, method, path, template: path, url, signal },
    headers: Object.fromEntries(headers),
    body: request.body ? await request.text() : undefined,
    isSafe: method === "GET",
    state: { attempt: 0 },
  };
}

/** A response that can be read. */
function toResponse({ response, text }: BufferedResponse): Response {
  const { status, statusText, headers } = response;
  // What a browser hides of a redirect has no status, and nothing else in it.
  return status ? new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers }) : response;
}

/** openapi-fetch on a pipeline, which sends headers with each call. */
export const createPipelinedHttp = (baseUrl: string, send: Handler, headers: Record<string, string> = {}): Http =>
  createOpenApiFetch({
    baseUrl,
    headers,
    // The platform's own would make `/orders` of `/resellers/../orders` before anybody could see it.
    Request: new Proxy(Request, {
      construct(Target, [url, init]) {
        checkUrl(baseUrl, url);
        return new Target(url, init);
      },
    }),
    fetch: retainRequest(async (request) => toResponse(await send(await toPipelineRequest(baseUrl, request)))),
  });
