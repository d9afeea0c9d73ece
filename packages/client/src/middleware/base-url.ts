import { checkUrl } from "../core/calls/url.ts";
import type { Middleware } from "../core/pipeline.ts";

/** Refuses calls that are not below the base URL, also those whose path would resolve outside of it. */
export const stayBelow =
  (baseUrl: string): Middleware =>
  (request, next) => {
    checkUrl(baseUrl, request.url, request.operation);
    return next(request);
  };
