import { defined } from "../core/defined.ts";
import { ConnectionError, TimeoutError } from "../core/errors/errors.ts";
import type { BufferedResponse, Middleware, PipelineRequest } from "../core/pipeline.ts";
import type { RetryOptions } from "../core/request-options.ts";
import { retryAfter } from "../core/retry-after.ts";
import { sleep } from "../core/time.ts";
import { timeLeft } from "./time-left.ts";

/** {@link RetryOptions} with their defaults filled in. */
export type RetryPolicy = { [Name in keyof RetryOptions]-?: number };

const DEFAULT_POLICY: RetryPolicy = {
  limit: 5,
  minDelay: 1_000,
  maxDelay: 30_000,
  maxRetryAfter: 60_000,
  deadline: 300_000,
};

/** Fills in the defaults. */
export const retryPolicy = (options: RetryOptions | false = {}, defaults: RetryPolicy = DEFAULT_POLICY): RetryPolicy =>
  options ? { ...defaults, ...defined(options) } : { ...defaults, limit: 0 };

/** Whether a response is a proxy's HTML page, whatever its content type. */
const isHtml = (text: string): boolean => /^\s*</.test(text);

/** Whether a call with this response may be sent again. A write may only where the response says that nothing was done. */
function isTransientResponse({ response: { status }, text }: BufferedResponse, { isSafe }: PipelineRequest): boolean {
  return status === 429 || (isSafe && (status === 408 || status >= 500 || isHtml(text)));
}

/** Whether a call that failed may be sent again. What failed before it left, such as its sign-in, has had its own retries. */
function isTransientFailure(error: unknown, { isSafe, state }: PipelineRequest): boolean {
  if (state.sentAt === undefined) return false;
  return error instanceof ConnectionError ? isSafe || error.neverSent : isSafe && error instanceof TimeoutError;
}

/**
 * Milliseconds before the next attempt: a random part, at least half, of a bound that doubles; or as many as the response asks for,
 * where these are more. A response that asks for none must not make a hot loop.
 */
function delayOf(asked: number | undefined, retries: number, { minDelay, maxDelay }: RetryPolicy): number {
  const bound = Math.min(maxDelay, minDelay * 2 ** retries);
  return Math.max(bound * (0.5 + Math.random() / 2), (asked ?? 0) * 1000);
}

/**
 * An attempt of a call whose retries end. A write is not cut off for its retries' sake: nobody would know what became of it.
 * @param defaultTimeout milliseconds; 0 for no limit
 */
function attemptOf(request: PipelineRequest, defaultTimeout: number): PipelineRequest {
  if (!request.isSafe || !request.state.giveUpAt) return request;
  const timeout = (request.timeout ?? defaultTimeout) || Number.POSITIVE_INFINITY;
  return { ...request, timeout: Math.min(timeout, timeLeft(request)) };
}

/**
 * Sends a call again while that can help and cannot harm. The delays are random, so that calls which failed together are not sent
 * again together.
 * @param defaultTimeout milliseconds for an attempt; 0 for no limit
 */
export const retry =
  (defaults: RetryPolicy, defaultTimeout = 0): Middleware =>
  async (request, next) => {
    const { state } = request;
    const policy = request.retry === undefined ? defaults : retryPolicy(request.retry, defaults);
    for (let retries = 0; ; retries++) {
      let response: BufferedResponse | undefined;
      let failure: unknown;
      try {
        response = await next(attemptOf(request, defaultTimeout));
        if (!isTransientResponse(response, request)) return response;
      } catch (error) {
        if (!isTransientFailure(error, request)) throw error;
        failure = error;
      }
      const now = performance.now();
      state.giveUpAt ??= now + policy.deadline;
      const asked = response && retryAfter(response.response.headers);
      const delay = delayOf(asked, retries, policy);
      const isTooLong = now + delay >= state.giveUpAt || (asked !== undefined && delay > policy.maxRetryAfter);
      if (retries >= policy.limit || isTooLong) {
        if (response) return response;
        throw failure;
      }
      await sleep(delay, request.signal);
    }
  };
