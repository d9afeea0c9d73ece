import { ConnectionError, TimeoutError } from "./errors.ts";
import type { Send } from "./send.ts";

/**
 * What a failure of `fetch`, or of reading a body, means to a caller. An abort stays what the signal says. The URL is left out
 * of the message, as it can hold a secret.
 */
export function connectionError(
  error: unknown,
  request: { method: string; signal?: AbortSignal | undefined },
): unknown {
  if (request.signal?.aborted && error === request.signal.reason) return error;
  if (error instanceof Error && error.name === "TimeoutError") return timeoutError(error, request);
  if (error instanceof TypeError) {
    return new ConnectionError(`The connection for the ${request.method} call failed.`, { cause: error });
  }
  return error;
}

export const timeoutError = (cause: unknown, { method }: { method: string }) =>
  new TimeoutError(`No answer to the ${method} call came in time.`, { cause });

/** Turns failures of `fetch` into this package's errors. */
export const withConnectionErrors =
  (send: Send): Send =>
  (request, options) =>
    send(request, options).catch((error: unknown) => {
      throw connectionError(error, request);
    });
