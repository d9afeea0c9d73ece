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

/** What is known of a call without the document. */
const identifyByPath: Identify = ({ method, path }) => ({
  operation: `${method} ${path}`,
  template: path,
  isSafe: method === "GET",
});

/** A request of openapi-fetch, as the pipeline takes it. */
async function toPipelineRequest(baseUrl: string, request: Request, identify: Identify): Promise<PipelineRequest> {
  const { method, url, headers, signal } = request;
  const path = url.slice(baseUrl.length).replace(/\?.*/, "");
  return {
    ...{ ...identify({ method, path, url }), method, path, url, signal },
    headers: Object.fromEntries(headers),
    body: request.body ? await request.text() : undefined,
    state: { attempt: 0 },
  };
}

/** A response that can be read. */
function toResponse({ response, text }: BufferedResponse): Response {
  const { status, statusText, headers } = response;
  // What a browser hides of a redirect has no status, and nothing else in it.
  return status ? new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers }) : response;
}

/** The platform's class of requests, which refuses URLs that are not below the base URL. */
function checkedRequest(baseUrl: string): typeof Request {
  function CheckedRequest(url: string, init: RequestInit): Request {
    checkUrl(baseUrl, url);
    return createRequest(url, init);
  }
  // What it makes is of the platform's class. There is none in Jest's environment for jsdom.
  CheckedRequest.prototype = globalThis.Request?.prototype;
  return CheckedRequest as unknown as typeof Request;
}

/** What {@link createPipelinedHttp} can do besides. */
export interface PipelinedHttpOptions {
  /** Sent with each call. */
  headers?: Record<string, string>;
  /** Knows the document's operations. */
  identify?: Identify;
}

/** openapi-fetch on a pipeline. */
export const createPipelinedHttp = (
  baseUrl: string,
  send: Handler,
  { headers = {}, identify = identifyByPath }: PipelinedHttpOptions,
): Http =>
  createOpenApiFetch({
    baseUrl,
    headers,
    // The platform's own would make `/orders` of `/resellers/../orders` before anybody could see it.
    Request: checkedRequest(baseUrl),
    fetch: retainRequest(async (request) =>
      toResponse(await send(await toPipelineRequest(baseUrl, request, identify))),
    ),
  });
