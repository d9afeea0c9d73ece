import { abortSignal, group, isReadable, milliseconds, must, orFalse, type Rules, wholeNumber } from "@imcloud/options";

/** How often a call is sent again, and after which delays. */
export interface RetryOptions {
  /**
   * Times that a call is sent again.
   * @defaultValue 5
   */
  limit?: number | undefined;
  /**
   * The longest first delay in milliseconds. The bound doubles with each further delay.
   * @defaultValue 1_000
   */
  minDelay?: number | undefined;
  /**
   * The longest delay in milliseconds, unless the response asks for a longer one by `Retry-After`.
   * @defaultValue 30_000
   */
  maxDelay?: number | undefined;
  /**
   * The longest `Retry-After` that is waited for, in milliseconds. A response that asks for more fails the call at once.
   * @defaultValue 60_000
   */
  maxRetryAfter?: number | undefined;
  /**
   * Milliseconds after the first failure until the call is given up. Only a write in progress may still end.
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
  (Symbol.iterator in value ||
    (isReadable(value) && Object.values(value).every((text) => text === undefined || typeof text === "string")));

/** What {@link RequestOptions} must be. */
export const REQUEST_RULES: Rules<RequestOptions> = {
  signal: abortSignal,
  timeout: milliseconds,
  headers: must("an object of strings", isHeaders),
  retry: orFalse(group(RETRY_RULES)),
};
