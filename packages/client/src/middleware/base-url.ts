import type { Middleware } from "../core/pipeline.ts";

/**
 * Sends only calls below the base URL. A path with `..` in it, or a base URL given to a single call, would carry the token and the
 * subscription key elsewhere.
 */
export const stayBelow =
  (baseUrl: string): Middleware =>
  async (request, next) => {
    // Only dots climb, and encoded ones; those in values are checked before they are filled in.
    const url = /[.%]/.test(request.template) ? new URL(request.url).href : request.url;
    if (!url.startsWith(`${baseUrl}/`)) throw new TypeError("The call would leave the base URL.");
    return next(request);
  };
