import type { Send } from "./send.ts";

/**
 * Keeps calls below the base URL: a path with `..` in it, or a base URL given to a single call, would carry the token and the
 * subscription key elsewhere.
 */
export function checkBelow(url: string, baseUrl: string): void {
  if (url.startsWith(`${baseUrl}/`)) return;
  throw new TypeError("The call would leave the base URL.");
}

/** Sends only calls below the base URL. */
export const withBaseUrl =
  (send: Send, baseUrl: string): Send =>
  (call) => {
    // Only dots climb, and encoded ones; those in values are checked before they are filled in.
    const canClimb = /[.%]/.test(call.template);
    checkBelow(canClimb ? new URL(call.url).href : call.url, baseUrl);
    return send(call);
  };
