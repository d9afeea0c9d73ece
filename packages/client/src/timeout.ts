import type { Send } from "./send.ts";

/** Ends a call that takes longer than its own timeout or `standard` milliseconds, the reading of its body included. */
export const withTimeout =
  (send: Send, standard: number): Send =>
  (request, options) => {
    const timeout = options?.timeout ?? standard;
    if (timeout === 0) return send(request, options);
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
    return send(new Request(request, { signal }), options);
  };
