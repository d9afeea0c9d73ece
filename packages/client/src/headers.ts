import type { Send } from "./send.ts";

/** Adds headers that a call has not set itself. A header without a value is left out. */
export const withHeaders =
  (send: Send, headers: Record<string, string | undefined>): Send =>
  (request, options) => {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && !request.headers.has(name)) request.headers.set(name, value);
    }
    return send(request, options);
  };
