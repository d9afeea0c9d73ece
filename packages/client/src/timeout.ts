import { keepAlive, unlessAborted } from "./abort.ts";
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
    const limited = new Request(request, { signal });
    try {
      // Not left to the signal alone: a `fetch` of the caller's own may not heed it.
      return keepAlive(await unlessAborted(send(limited, options), signal), request, limited, signal, timer);
    } catch (error) {
      throw timer.aborted && error === timer.reason ? timeoutError(error, request) : error;
    }
  };
