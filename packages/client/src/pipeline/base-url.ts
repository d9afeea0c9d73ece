import type { Send } from "./send.ts";

/**
 * Keeps calls below the base URL: a path with `..` in it, or a base URL given to a single call, would carry the token and the
 * subscription key elsewhere.
 */
export const withBaseUrl =
  (send: Send, baseUrl: string): Send =>
  async (call) => {
    call.url = new URL(call.url).href;
    if (call.url.startsWith(`${baseUrl}/`)) return send(call);
    throw new TypeError("The call would leave the base URL, and the credentials with it.");
  };
