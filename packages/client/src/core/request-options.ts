import { abortSignal, group, milliseconds, must, orFalse, type Rules, wholeNumber } from "@imcloud/options";

/** How often, and how patiently, a call is sent again. */
export interface RetryOptions {
  /**
   * Times that a call is sent again.
   * @defaultValue 5
   */
  limit?: number | undefined;
  /**
   * Milliseconds that bound the first delay. Each further delay is bounded by twice as many.
   * @defaultValue 1_000
   */
  minDelay?: number | undefined;
  /**
   * Milliseconds that bound every delay for which the response does not ask itself.
   * @defaultValue 30_000
   */
  maxDelay?: number | undefined;
  /**
   * Milliseconds that a `Retry-After` may ask for. A response that asks for more fails the call at once.
   * @defaultValue 60_000
   */
  maxRetryAfter?: number | undefined;
  /**
   * Milliseconds after its first failure at which the call is given up. Only a write under way may still end.
   * @defaultValue 300_000
   */
  deadline?: number | undefined;
}

/** What {@link RetryOptions} must be. */
export const RETRY_RULES: Rules<RetryOptions> = {
  limit: wholeNumber(0),
  minDelay: milliseconds,
  maxDelay: milliseconds,
  maxRetryAfter: milliseconds,
  deadline: milliseconds,
};

/** Options of a single call. */
export interface RequestOptions {
  /** Aborts the call. It then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds until one attempt fails with a {@link TimeoutError}, in place of the client's; 0 for no limit. It bounds the waits before
   * an attempt too, each for itself: for a token, and for the call's place under the rate limit.
   */
  timeout?: number | undefined;
  /** Headers to add, or to send in place of the client's own. */
  headers?: Record<string, string | undefined> | undefined;
  /** How often the call is sent again, in place of the client's; `false` for never. */
  retry?: RetryOptions | false | undefined;
}

const isHeaders = (value: Record<string, unknown>) =>
  typeof value === "object" &&
  value !== null &&
  (Symbol.iterator in value || Object.values(value).every((text) => text === undefined || typeof text === "string"));

/** What {@link RequestOptions} must be. */
export const REQUEST_RULES: Rules<RequestOptions> = {
  signal: abortSignal,
  timeout: milliseconds,
  headers: must("an object of strings", isHeaders),
  retry: orFalse(group(RETRY_RULES)),
};
