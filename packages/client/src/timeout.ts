import { timeoutError } from "./connection.ts";
import type { Send } from "./send.ts";

/** Ends a call that takes longer than its own timeout or `standard` milliseconds, the reading of its body included. */
export const withTimeout =
  (send: Send, standard: number): Send =>
  async (request, options) => {
    const timeout = options?.timeout ?? standard;
    if (timeout === 0) return send(request, options);
    const timer = AbortSignal.timeout(timeout);
    const signal = AbortSignal.any([request.signal, timer]);
    try {
      return await send(new Request(request, { signal }), options);
    } catch (error) {
      throw timer.aborted && error === timer.reason ? timeoutError(error, request) : error;
    }
  };
