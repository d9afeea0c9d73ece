import { TimeoutError } from "../core/errors/errors.ts";
import type { Middleware } from "../core/pipeline.ts";
import { within } from "../core/time.ts";

/** Milliseconds that an attempt may take. */
export const DEFAULT_TIMEOUT = 120_000;

/**
 * Limits the time of an attempt, including its body. It ends with a {@link TimeoutError}.
 * @param defaultTimeout milliseconds for requests that do not set their own; 0 for no limit
 */
export const timeout =
  (defaultTimeout: number): Middleware =>
  (request, next) => {
    const milliseconds = request.timeout ?? defaultTimeout;
    return within(
      milliseconds,
      request.signal,
      () => new TimeoutError(`No response to ${request.operation} came within ${Math.round(milliseconds)} ms.`),
      (signal) => next({ ...request, signal }),
    );
  };
