import { TimeoutError } from "../core/errors/errors.ts";
import type { BufferedResponse, Handler, Middleware, PipelineRequest } from "../core/pipeline.ts";
import { retryAfter } from "../core/retry-after.ts";
import { within } from "../core/time.ts";
import { ignoreErrors } from "./ignore-errors.ts";
import type { Permit, RateLimiter } from "./rate-limiter.ts";
import { timeLeft } from "./time-left.ts";

/** Acquires a permit for a request: with priority for a retry, and no later than the deadline of its retries. */
export async function acquire(limiter: RateLimiter, request: PipelineRequest, priority: boolean): Promise<Permit> {
  const { state, signal: outer, waitTimeout } = request;
  let pending: Promise<Permit> | undefined;
  const late = () => new TimeoutError(`${request.operation} waited too long for its place under the rate limit.`);
  const wait = (signal?: AbortSignal) => {
    pending = limiter.acquire({ call: request, signal, priority: priority || state.attempt > 0 });
    return pending;
  };
  // Most calls have no limit on their wait.
  if (!state.giveUpAt && !outer && !waitTimeout) return wait();
  const left = Math.min(waitTimeout || Number.POSITIVE_INFINITY, timeLeft(request));
  return within(Number.isFinite(left) ? left : 0, outer, late, wait).catch((error) => {
    // It may have been granted at the same moment.
    pending?.then(release).catch(() => {});
    throw error;
  });
}

/** Gives a permit back. The limiter can be anybody's, and what it throws, or a permit that is none, must not end the process. */
export const release = (permit: Permit): unknown => ignoreErrors(() => permit.release());

/** Sends a request that has a permit, and reports the response to the limiter. */
export async function sendWithPermit(
  request: PipelineRequest,
  permit: Permit,
  next: Handler,
): Promise<BufferedResponse> {
  if (typeof permit?.complete !== "function")
    throw new TypeError(
      `The rate limiter gave no permit to ${request.operation}: acquire gives { complete, release }.`,
    );
  request.state.attempt += 1;
  request.state.sentAt = Date.now();
  let response: Response | undefined;
  try {
    const buffered = await next(request);
    response = buffered.response;
    return buffered;
  } finally {
    // The call was made, whatever the limiter does: an order was placed.
    ignoreErrors(() =>
      permit.complete(response && { status: response.status, retryAfter: retryAfter(response.headers) }),
    );
  }
}

/** Sends each request within the rate limit, before those that wait for a token. */
export const rateLimit =
  (limiter: RateLimiter): Middleware =>
  async (request, next) => {
    request.state.sentAt = undefined;
    return sendWithPermit(request, await acquire(limiter, request, true), next);
  };
