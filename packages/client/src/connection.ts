import { ConnectionError, TimeoutError } from "./errors.ts";
import type { Send } from "./send.ts";

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

/**
 * What a failure below HTTP means to a caller. An abort stays what the caller's own signal says; the URL is left out of the
 * message, as it can hold a secret.
 */
export function connectionError(error: unknown, request: { method: string; signal?: AbortSignal | null }): unknown {
  if (request.signal?.aborted && error === request.signal.reason) return error;
  if (isNamed(error, "AbortError")) return error;
  if (isNamed(error, "TimeoutError")) {
    return error instanceof TimeoutError
      ? error
      : new TimeoutError(`No answer to the ${request.method} call came in time.`, { cause: error });
  }
  if (error instanceof TypeError) {
    return new ConnectionError(`The connection for the ${request.method} call failed.`, { cause: error });
  }
  return error;
}

/** Turns failures of `fetch` into this package's errors. */
export const withConnectionErrors =
  (send: Send): Send =>
  (request, options) =>
    send(request, options).catch((error: unknown) => {
      throw connectionError(error, request);
    });
