import { apiError, type CallDetails } from "../errors/api-error.ts";

/** How many calls may be made. */
export interface RateLimitOptions {
  /** Calls in any 60 seconds. 60 unless set, which is the vendor's recommendation to installations. */
  perMinute?: number;
  /** Calls in any 24 hours. 5,000 unless set, the vendor's recommendation too. */
  perDay?: number;
  /** Calls that may wait at a time; one more is refused. 5,000 unless set. */
  queue?: number;
}

/** A call that wants to be sent. */
export interface Turn {
  call: CallDetails;
  /** Ends the wait; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** It has waited its turn before, or others wait for it: it goes before those that have not. */
  isFirst: boolean;
}

/** A place under the limit. One of the two must be called, once. */
export interface Permit {
  /** The call was answered, or never will be. The place stays taken for a minute (and a day) from now. */
  done(answer?: { status: number; retryAfter: number | undefined }): void;
  /** The call was not sent after all. */
  giveBack(): void;
}

/** What keeps calls under the API's limits. Give one of your own to share it between processes. */
export interface RateLimiter {
  /** Waits for the turn of a call. Rejects when it may not wait any more. */
  acquire(turn: Turn): Promise<Permit>;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds in which a limiter that was slowed down comes back to its full speed. */
const RECOVERY = 600_000;

export const unlimited: RateLimiter = { acquire: async () => ({ done() {}, giveBack() {} }) };

/**
 * Keeps calls under a limit for each minute and each day, in the order in which they came.
 *
 * A call's place is taken from when it is sent until a minute after its answer: the API counted it somewhere in between, so
 * that however slow the way, the API never counts more in any minute than is allowed. When it says 429 all the same, others use
 * the key too: the limit is halved at once and comes back within ten minutes.
 *
 * Give one limiter to several clients that share a subscription key.
 */
export function createRateLimiter({
  perMinute = 60,
  perDay = 5_000,
  queue = 5_000,
}: RateLimitOptions = {}): RateLimiter {
  /** When calls were answered in the last day, oldest first; from `minute` on, in the last minute. */
  const answered: number[] = [];
  let minute = 0;
  let inFlight = 0;
  const waiting: { isFirst: boolean; go: (permit: Permit) => void }[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pausedUntil = 0;
  let slowed = { to: perMinute, at: -RECOVERY };

  function used(now: number): number {
    let past = 0;
    while (Number(answered[past]) <= now - DAY) past += 1;
    answered.splice(0, past);
    minute = Math.max(0, minute - past);
    while (Number(answered[minute]) <= now - MINUTE) minute += 1;
    return inFlight + answered.length - minute;
  }

  function allowed(now: number): number {
    const recovered = Math.min(1, (now - slowed.at) / RECOVERY);
    return Math.floor(slowed.to + (perMinute - slowed.to) * recovered);
  }

  function permit(sentAt: number): Permit {
    return {
      done(answer) {
        const now = performance.now();
        if (answer?.status === 429) {
          // Of several that were under way together, only the first slows down.
          if (sentAt > slowed.at) {
            const to = Math.max(Math.ceil(perMinute / 10), Math.floor(Math.min(allowed(now), used(now)) / 2));
            slowed = { to, at: now };
          }
          pausedUntil = Math.max(pausedUntil, now + Math.min((answer.retryAfter ?? 0) * 1000, MINUTE));
        }
        inFlight -= 1;
        answered.push(now);
        admit();
      },
      giveBack() {
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
    // With all places in flight, an answer is what frees the next.
    const next = Math.max(pausedUntil, (answered[minute] ?? -Infinity) + MINUTE);
    if (waiting.length && next > now) timer = setTimeout(admit, Math.ceil(next - now));
  }

  const refusal = (call: CallDetails, status: number, message: string, seconds: number) =>
    apiError(call, new Response(null, { status, headers: { "retry-after": String(seconds) } }), {
      message: `${message} The call was not sent.`,
    });

  return {
    acquire({ call, signal, isFirst }) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const now = performance.now();
        used(now);
        if (inFlight + answered.length + waiting.length >= perDay) {
          const seconds = Math.ceil(((answered[0] ?? now) + DAY - now) / 1000);
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
          isFirst,
          go(granted: Permit) {
            signal?.removeEventListener("abort", abort);
            resolve(granted);
          },
        };
        signal?.addEventListener("abort", abort, { once: true });
        const place = isFirst ? waiting.findIndex((other) => !other.isFirst) : -1;
        waiting.splice(place < 0 ? waiting.length : place, 0, waiter);
        admit();
      });
    },
  };
}
