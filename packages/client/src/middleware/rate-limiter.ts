import { checkOptions, type Rules, readable, wholeNumber } from "@imcloud/options";
import { abortReason, onAbort } from "../core/abort.ts";
import { toApiError } from "../core/errors/api-error.ts";
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
  /** Whether it takes precedence over calls without priority: it was sent before, or others wait for it. */
  priority: boolean;
}

/** A place under the limit. One of the two must be called, once. */
export interface Permit {
  /** The call got a response, or never will. The place stays taken for a minute (and a day) from now. */
  complete(response?: { status: number; retryAfter: number | undefined }): void;
  /** The call was not sent after all. */
  release(): void;
}

/** Keeps calls within the API's limits. Pass your own to share a limit between processes. */
export interface RateLimiter {
  /** Waits until the call may be sent. Rejects when it may not wait any longer. */
  acquire(request: AcquireRequest): Promise<Permit>;
  /** How many calls are waiting now. */
  readonly waiting?: number;
}

/** Whether this is a limiter, and not the options of one. */
export const isRateLimiter = (value: RateLimiter | RateLimitOptions | undefined): value is RateLimiter =>
  value !== undefined && "acquire" in value && typeof value.acquire === "function";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds in which a limiter that was slowed down returns to full speed. */
const RECOVERY = 600_000;
/** Milliseconds after which a permit that was never completed counts as completed. */
const STALE = 180_000;
/** Milliseconds between two checks of a call that waits, and after which a call that did not check is skipped. */
const LOOK_EVERY = 5_000;
const GONE_AFTER = 3 * LOOK_EVERY;

const FREE_PERMIT: Permit = { complete() {}, release() {} };

/** A limiter that lets every call pass at once. */
export const unlimited: RateLimiter = { acquire: async () => FREE_PERMIT };

/** A call that waits. */
interface Waiter {
  priority: boolean;
  /** When it last checked. */
  seenAt: number;
  go(permit: Permit): void;
}

/** The error for a call that may not wait. */
const refusal = (call: CallDetails, status: number, message: string, seconds: number) =>
  toApiError(
    call,
    { status, statusText: "", headers: new Headers({ "retry-after": String(seconds) }) },
    {
      message: `${message} The call was not sent.`,
    },
  );

/**
 * Keeps calls under a limit for each minute and each day, in the order in which they came.
 *
 * A call's place is taken from when it is sent until a minute after its response. The API counted it somewhere in between, so the API
 * never counts more in any minute than is allowed, however slow the way. A 429 all the same means that others use the key too: the
 * limit is halved at once and comes back within ten minutes.
 *
 * Each call that waits has a timer of its own, and none relies on another's. On edge workers, the timers and responses of a request that
 * has ended never come: its waiting calls are skipped, and its calls in flight count as completed after three minutes.
 *
 * Give one limiter to several clients that share a subscription key.
 * @throws {@link TypeError} when an option has a wrong type
 */
export function createRateLimiter(options: RateLimitOptions = {}): RateLimiter {
  checkOptions(RATE_LIMIT_RULES, options);
  const { perMinute = 60, perDay = 5_000, queue = 5_000 } = options;
  /** When calls were completed in the last day, oldest first; from `minute` on, in the last minute. */
  const completed: number[] = [];
  let minute = 0;
  /** Permits of calls in flight, oldest first, with when they were given. */
  const inFlight = new Map<Permit, number>();
  const waiting: Waiter[] = [];
  let pausedUntil = 0;
  let slowed = { to: perMinute, at: -RECOVERY };

  function used(now: number): number {
    for (const [permit, sentAt] of inFlight) {
      if (now - sentAt < STALE) break;
      inFlight.delete(permit);
      completed.push(now);
    }
    let past = 0;
    while (Number(completed[past]) <= now - DAY) past += 1;
    completed.splice(0, past);
    minute = Math.max(0, minute - past);
    while (Number(completed[minute]) <= now - MINUTE) minute += 1;
    return inFlight.size + completed.length - minute;
  }

  function allowed(now: number): number {
    const recovered = Math.min(1, (now - slowed.at) / RECOVERY);
    return Math.floor(slowed.to + (perMinute - slowed.to) * recovered);
  }

  /** A 429 all the same: others use the key too. */
  function slowDown(sentAt: number, now: number, retryAfter = 0): void {
    // Of several calls that were in flight together, only the first slows it down.
    if (sentAt > slowed.at) {
      const to = Math.max(Math.ceil(perMinute / 10), Math.floor(Math.min(allowed(now), used(now)) / 2));
      slowed = { to, at: now };
    }
    pausedUntil = Math.max(pausedUntil, now + Math.min(retryAfter * 1000, MINUTE));
  }

  function grant(sentAt: number): Permit {
    const permit: Permit = {
      complete(response) {
        const now = performance.now();
        if (response?.status === 429) slowDown(sentAt, now, response.retryAfter);
        if (inFlight.delete(permit)) completed.push(now);
        admit();
      },
      release() {
        inFlight.delete(permit);
        admit();
      },
    };
    inFlight.set(permit, sentAt);
    return permit;
  }

  function admit(): void {
    const now = performance.now();
    while (waiting[0] && now - waiting[0].seenAt > GONE_AFTER) waiting.shift();
    while (waiting.length && now >= pausedUntil && used(now) < allowed(now)) waiting.shift()?.go(grant(now));
  }

  /** Milliseconds until it is a call's turn, as far as is known: when as many places are free again as stand before it. */
  function delayOf(waiter: Waiter): number {
    const now = performance.now();
    const missing = used(now) - allowed(now) + waiting.indexOf(waiter) + 1;
    const free = missing > 0 ? (completed[minute + missing - 1] ?? Infinity) + MINUTE : 0;
    return Math.max(1, Math.min(LOOK_EVERY, Math.ceil(Math.max(free, pausedUntil) - now)));
  }

  function enqueue(waiter: Waiter): void {
    const place = waiter.priority ? waiting.findIndex((other) => !other.priority) : -1;
    waiting.splice(place < 0 ? waiting.length : place, 0, waiter);
  }

  function checkLimits(call: CallDetails): void {
    const now = performance.now();
    used(now);
    if (inFlight.size + completed.length + waiting.length >= perDay) {
      const seconds = Math.ceil(((completed[0] ?? now) + DAY - now) / 1000);
      throw refusal(call, 403, `All ${perDay} calls of a day are used up.`, seconds);
    }
    if (waiting.length >= queue) throw refusal(call, 429, `${queue} calls are waiting already.`, MINUTE / 1000);
  }

  return {
    get waiting() {
      return waiting.length;
    },
    async acquire(request) {
      readable("an object of call and priority")(request, "acquire");
      const { call, signal, priority } = request;
      if (signal?.aborted) throw abortReason(signal);
      checkLimits(call);
      let timer: ReturnType<typeof setTimeout> | undefined;
      let abort = () => {};
      const granted = new Promise<Permit>((resolve, reject) => {
        let isSettled = false;
        const waiter: Waiter = {
          priority,
          seenAt: performance.now(),
          go(permit) {
            isSettled = true;
            resolve(permit);
          },
        };
        const look = () => {
          timer = setTimeout(() => {
            if (isSettled) return;
            waiter.seenAt = performance.now();
            // The machine slept, and it was passed over.
            if (!waiting.includes(waiter)) waiting.unshift(waiter);
            admit();
            if (waiting.includes(waiter)) look();
          }, delayOf(waiter));
        };
        abort = () => {
          if (isSettled) return;
          isSettled = true;
          if (waiting.includes(waiter)) waiting.splice(waiting.indexOf(waiter), 1);
          reject(abortReason(signal));
        };
        enqueue(waiter);
        admit();
        if (waiting.includes(waiter)) look();
      });
      const unfollow = onAbort(signal, abort);
      try {
        return await granted;
      } finally {
        // Not where it is granted: on edge workers, timers are of the request that set them.
        clearTimeout(timer);
        unfollow();
      }
    },
  };
}
