import { ignoreErrors } from "./ignore-errors.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** A call that waits for its place under the rate limit. */
export interface Wait {
  /** Id of the operation in the document, or of the call as `METHOD /path` when it has none there. */
  operation: string;
  method: string;
  /** Path of the call below the base URL, with its values. */
  path: string;
  /** Milliseconds that it has waited so far. */
  milliseconds: number;
  /** Calls that wait, this one included; `undefined` where the limiter does not tell. */
  waiting: number | undefined;
}

/** Milliseconds after which a wait is reported. */
const NOTICE_AFTER = 3_000;

/** A limiter that reports each call that waits long, once: in the log, and to `onWait`. */
export const reportWaits = (
  limiter: RateLimiter,
  warn: (line: string, details: object) => void,
  onWait: ((wait: Wait) => void) | undefined,
): RateLimiter => ({
  async acquire(request) {
    const start = performance.now();
    const report = () => {
      // Some limiters do not look at it, and keep a call that has been given up.
      if (request.signal?.aborted) return;
      const { operation, method, path } = request.call;
      const { waiting } = limiter;
      const wait = { operation, method, path, milliseconds: Math.round(performance.now() - start), waiting };
      const count = waiting === undefined ? "" : `; ${waiting} calls wait`;
      warn(`${operation} has waited ${wait.milliseconds} ms for its place under the rate limit${count}`, wait);
      ignoreErrors(() => onWait?.(wait));
    };
    const timer = setTimeout(report, NOTICE_AFTER);
    try {
      return await limiter.acquire(request);
    } finally {
      clearTimeout(timer);
    }
  },
});
