import { checkUrl } from "../core/calls/url.ts";
import type { Middleware } from "../core/pipeline.ts";

/** Sends only calls below the base URL, and none whose path would resolve to another one. */
export const stayBelow =
  (baseUrl: string): Middleware =>
  (request, next) => {
    checkUrl(baseUrl, request.url, request.operation);
    return next(request);
  };
