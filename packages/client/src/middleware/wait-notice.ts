import type { CallDetails } from "../core/pipeline.ts";
import { quietly } from "./quietly.ts";
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

/** Watches a wait. Returns a function to call when the wait is over. */
export type WaitNotice = (call: CallDetails) => () => void;

/** Reports each call that waits long, once: in the log, and to `onWait`. */
export const createWaitNotice =
  (
    limiter: RateLimiter,
    warn: (line: string, details: object) => void,
    onWait: ((wait: Wait) => void) | undefined,
  ): WaitNotice =>
  ({ operation, method, path }) => {
    const start = performance.now();
    const timer = setTimeout(() => {
      const wait = {
        operation,
        method,
        path,
        milliseconds: Math.round(performance.now() - start),
        waiting: limiter.waiting,
      };
      const count = wait.waiting === undefined ? "" : `; ${wait.waiting} calls wait`;
      warn(`${operation} has waited ${wait.milliseconds} ms for its place under the rate limit${count}`, wait);
      quietly(() => onWait?.(wait));
    }, NOTICE_AFTER);
    return () => clearTimeout(timer);
  };
