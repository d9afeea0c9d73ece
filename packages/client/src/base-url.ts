import type { Send } from "./send.ts";

/**
 * Keeps calls below the base URL: a path with `..` in it, or a base URL given to a single call, would carry the token and the
 * subscription key elsewhere.
 */
export const withBaseUrl =
  (send: Send, baseUrl: string): Send =>
  async (request, options) => {
    if (request.url.startsWith(`${baseUrl}/`)) return send(request, options);
    throw new TypeError("The call would leave the base URL, and the credentials with it.");
  };
