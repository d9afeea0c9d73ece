import { toApiError } from "../core/api-error.ts";
import { checkOptions, type Rules, wholeNumber } from "../core/check.ts";
import type { CallDetails } from "../core/pipeline.ts";

/** How many calls may be made. */
export interface RateLimitOptions {
  /**
   * Calls in any 60 seconds. The default is the vendor's recommendation to installations.
   * @defaultValue 60
   */
  perMinute?: number | undefined;
  /**
   * Calls in any 24 hours. The default is the vendor's recommendation to installations.
   * @defaultValue 5_000
   */
  perDay?: number | undefined;
  /**
   * Calls that may wait at a time. One more is refused.
   * @defaultValue 5_000
   */
  queue?: number | undefined;
}

/** What {@link RateLimitOptions} must be. */
export const RATE_LIMIT_RULES: Rules<RateLimitOptions> = {
  perMinute: wholeNumber(1),
  perDay: wholeNumber(1),
  queue: wholeNumber(1),
};

/** A call that wants to be sent. */
export interface AcquireRequest {
  call: CallDetails;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** It goes before those without: it was sent before, or others wait for it. */
  priority: boolean;
}

/** A place under the limit. One of the two must be called, once. */
export interface Permit {
  /** The call got a response, or never will. The place stays taken for a minute (and a day) from now. */
  complete(response?: { status: number; retryAfter: number | undefined }): void;
  /** The call was not sent after all. */
  release(): void;
}

/** What keeps calls under the API's limits. Give one of your own to share it between processes. */
export interface RateLimiter {
  /** Waits until the call may be sent. Rejects when it may not wait any more. */
  acquire(request: AcquireRequest): Promise<Permit>;
  /** Calls that wait now, for those who want to look. */
  readonly waiting?: number;
}

/** Whether this is a limiter, and not the options of one. */
export const isRateLimiter = (value: RateLimiter | RateLimitOptions | undefined): value is RateLimiter =>
  value !== undefined && "acquire" in value && typeof value.acquire === "function";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds in which a limiter that was slowed down comes back to its full speed. */
const RECOVERY = 600_000;

/** A limiter that lets every call pass at once. */
export const unlimited: RateLimiter = { acquire: async () => ({ complete() {}, release() {} }) };

/**
 * Keeps calls under a limit for each minute and each day, in the order in which they came.
 *
 * A call's place is taken from when it is sent until a minute after its response. The API counted it somewhere in between, so the API
 * never counts more in any minute than is allowed, however slow the way. A 429 all the same means that others use the key too: the
 * limit is halved at once and comes back within ten minutes.
 *
 * Give one limiter to several clients that share a subscription key.
 * @throws {@link TypeError} when an option is not of its kind
 */
export function createRateLimiter(options: RateLimitOptions = {}): RateLimiter {
  checkOptions(RATE_LIMIT_RULES, options);
  const { perMinute = 60, perDay = 5_000, queue = 5_000 } = options;
  /** When calls were completed in the last day, oldest first; from `minute` on, in the last minute. */
  const completed: number[] = [];
  let minute = 0;
  let inFlight = 0;
  const waiting: { priority: boolean; go: (permit: Permit) => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pausedUntil = 0;
  let slowed = { to: perMinute, at: -RECOVERY };

  function used(now: number): number {
    let past = 0;
    while (Number(completed[past]) <= now - DAY) past += 1;
    completed.splice(0, past);
    minute = Math.max(0, minute - past);
    while (Number(completed[minute]) <= now - MINUTE) minute += 1;
    return inFlight + completed.length - minute;
  }

  function allowed(now: number): number {
    const recovered = Math.min(1, (now - slowed.at) / RECOVERY);
    return Math.floor(slowed.to + (perMinute - slowed.to) * recovered);
  }

  function permit(sentAt: number): Permit {
    return {
      complete(response) {
        const now = performance.now();
        if (response?.status === 429) {
          // Of several that were under way together, only the first slows down.
          if (sentAt > slowed.at) {
            const to = Math.max(Math.ceil(perMinute / 10), Math.floor(Math.min(allowed(now), used(now)) / 2));
            slowed = { to, at: now };
          }
          pausedUntil = Math.max(pausedUntil, now + Math.min((response.retryAfter ?? 0) * 1000, MINUTE));
        }
        inFlight -= 1;
        completed.push(now);
        admit();
      },
      release() {
        inFlight -= 1;
        admit();
      },
    };
  }

  function admit(): void {
    clearTimeout(timer);
    const now = performance.now();
    while (waiting.length && now >= pausedUntil && used(now) < allowed(now)) {
      inFlight += 1;
      waiting.shift()?.go(permit(now));
    }
    // With all places in flight, a response is what frees the next.
    const next = Math.max(pausedUntil, (completed[minute] ?? -Infinity) + MINUTE);
    if (waiting.length && next > now) timer = setTimeout(admit, Math.ceil(next - now));
  }

  const refusal = (call: CallDetails, status: number, message: string, seconds: number) =>
    toApiError(call, new Response(null, { status, headers: { "retry-after": String(seconds) } }), {
      message: `${message} The call was not sent.`,
    });

  return {
    get waiting() {
      return waiting.length;
    },
    acquire({ call, signal, priority }) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const now = performance.now();
        used(now);
        if (inFlight + completed.length + waiting.length >= perDay) {
          const seconds = Math.ceil(((completed[0] ?? now) + DAY - now) / 1000);
          return reject(refusal(call, 403, `All ${perDay} calls of a day are used up.`, seconds));
        }
        if (waiting.length >= queue) {
          return reject(refusal(call, 429, `${queue} calls are waiting already.`, MINUTE / 1000));
        }
        const abort = () => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal?.reason);
        };
        const waiter = {
          priority,
          go(granted: Permit) {
            signal?.removeEventListener("abort", abort);
            resolve(granted);
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        const place = priority ? waiting.findIndex((other) => !other.priority) : -1;
        waiting.splice(place < 0 ? waiting.length : place, 0, waiter);
        admit();
      });
    },
  };
}
