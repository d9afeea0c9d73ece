import type { Middleware } from "../core/pipeline.ts";

/**
 * Keeps calls below the base URL. A path with `..` in it, or a base URL given to a single call, would carry the token and the
 * subscription key elsewhere.
 * @throws {@link TypeError} when the URL is elsewhere
 */
export function checkBelow(url: string, baseUrl: string): void {
  if (url.startsWith(`${baseUrl}/`)) return;
  throw new TypeError("The call would leave the base URL.");
}

/** Sends only calls below the base URL. */
export const stayBelow =
  (baseUrl: string): Middleware =>
  async (request, next) => {
    // Only dots climb, and encoded ones; those in values are checked before they are filled in.
    const canClimb = /[.%]/.test(request.template);
    checkBelow(canClimb ? new URL(request.url).href : request.url, baseUrl);
    return next(request);
  };
