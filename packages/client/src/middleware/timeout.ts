import { TimeoutError } from "../core/errors.ts";
import type { Middleware, PipelineRequest } from "../core/pipeline.ts";
import { within } from "../core/time.ts";

/** Milliseconds until the retries of a call end. */
export const timeLeft = ({ state: { giveUpAt = Infinity } }: PipelineRequest): number => giveUpAt - performance.now();

/** A write is not cut off for its retries' sake: nobody would know what became of it. */
const timeoutOf = (request: PipelineRequest, timeout: number): number =>
  request.isSafe && request.state.giveUpAt ? Math.max(1, Math.min(timeout || Infinity, timeLeft(request))) : timeout;

/**
 * Ends an attempt, its body included, with a {@link TimeoutError}.
 * @param defaultTimeout milliseconds for requests that do not set their own; 0 for no limit
 */
export const timeout =
  (defaultTimeout: number): Middleware =>
  (request, next) =>
    within(
      timeoutOf(request, request.timeout ?? defaultTimeout),
      request.signal,
      () => new TimeoutError(`No response to the ${request.method} call came in time.`),
      (signal) => next({ ...request, signal }),
    );
