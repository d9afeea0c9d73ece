import type { Send } from "../pipeline/send.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/** Statuses whose answers have no body. */
const BODILESS = [101, 204, 205, 304];

/** openapi-fetch on the pipeline. */
export const createPipelined = (baseUrl: string, send: Send): Http =>
  createOpenApiFetch(baseUrl, async (request) => {
    const { method, url, headers, signal } = request;
    const path = url.slice(baseUrl.length).replace(/\?.*/, "");
    const { response, text } = await send({
      operation: `${method} ${path}`,
      method,
      path,
      template: path,
      url,
      headers: new Headers(headers),
      body: request.body ? await request.text() : undefined,
      signal,
      isSafe: method === "GET",
      attempt: 0,
    });
    const { status, statusText } = response;
    // What a browser hides of a redirect has no status, and nothing else in it.
    if (!status) return response;
    return new Response(BODILESS.includes(status) ? null : text, { status, statusText, headers: response.headers });
  });
