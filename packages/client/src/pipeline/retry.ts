import { retryAfter } from "../errors/api-error.ts";
import { ConnectionError, TimeoutError } from "../errors/errors.ts";
import type { Answer, Outgoing, Send } from "./send.ts";
import { sleep } from "./time.ts";

/** How often, and how patiently, a call is sent again. */
export interface RetryOptions {
  /** Times that a call is sent again. 5 unless set. */
  limit?: number;
  /** Milliseconds that bound the first wait; each further one is bounded by twice as many. 1,000 unless set. */
  minDelay?: number;
  /** Milliseconds that bound every wait which the answer does not ask for itself. 30,000 unless set. */
  maxDelay?: number;
  /** Milliseconds that a `Retry-After` may ask for; one that asks for more fails the call at once. 60,000 unless set. */
  maxRetryAfter?: number;
  /** Milliseconds after its first failure at which the call is given up; only a write under way may end. 300,000 unless set. */
  deadline?: number;
}

export type RetryPolicy = Required<RetryOptions>;

const STANDARD: RetryPolicy = {
  limit: 5,
  minDelay: 1_000,
  maxDelay: 30_000,
  maxRetryAfter: 60_000,
  deadline: 300_000,
};

export const retryPolicy = (options: RetryOptions | false = {}, standard = STANDARD): RetryPolicy =>
  options ? { ...standard, ...options } : { ...standard, limit: 0 };

/** Whether an answer is the page of a proxy, whatever it calls itself. */
export const isHtml = (text: string): boolean => /^\s*</.test(text);

/** Whether a call that was answered may be sent again. A write may only where the answer says that nothing was done. */
function isTransientAnswer({ response: { status }, text }: Answer, { isSafe }: Outgoing): boolean {
  return status === 429 || (isSafe && (status === 408 || status >= 500 || isHtml(text)));
}

/** Whether a call that failed may be sent again. What failed before it left, such as its sign-in, has had its own retries. */
function isTransientFailure(error: unknown, { isSafe, sentAt }: Outgoing): boolean {
  if (sentAt === undefined) return false;
  return error instanceof ConnectionError ? isSafe || error.isRefused : isSafe && error instanceof TimeoutError;
}

/**
 * Sends a call again while that can help and cannot harm. It waits as long as the answer asks for, else a random part of a bound
 * that doubles (full jitter), so that calls which failed together do not come back together.
 */
export const withRetry =
  (send: Send, standard: RetryPolicy): Send =>
  async (call) => {
    const policy = call.retry === undefined ? standard : retryPolicy(call.retry, standard);
    for (let retries = 0; ; retries++) {
      let answer: Answer | undefined;
      let failure: unknown;
      try {
        answer = await send(call);
        if (!isTransientAnswer(answer, call)) return answer;
      } catch (error) {
        if (!isTransientFailure(error, call)) throw error;
        failure = error;
      }
      const now = performance.now();
      call.giveUpAt ??= now + policy.deadline;
      const asked = answer && retryAfter(answer.response.headers);
      const delay =
        asked === undefined ? Math.random() * Math.min(policy.maxDelay, policy.minDelay * 2 ** retries) : asked * 1000;
      const isTooLong = now + delay >= call.giveUpAt || (asked !== undefined && delay > policy.maxRetryAfter);
      if (retries >= policy.limit || isTooLong) {
        if (answer) return answer;
        throw failure;
      }
      await sleep(delay, call.signal);
    }
  };
