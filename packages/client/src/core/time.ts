import { LONGEST_TIMEOUT } from "@imcloud/options";
import { abortReason, onAbort } from "./abort.ts";

/**
 * Does some work under a signal that follows the caller's signal and aborts after the timeout. Rejects immediately when either happens,
 * even if the work ignores its signal: with the caller's reason, or with what `late` returns.
 * @param timeout milliseconds; 0 for no limit
 */
export function within<T>(
  timeout: number,
  outer: AbortSignal | undefined,
  late: () => unknown,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    // Not AbortSignal.any: what follows it weakly is lost to garbage collection while a body stalls.
    const controller = new AbortController();
    const stop = (reason: unknown) => {
      end();
      reject(reason);
      controller.abort(reason);
    };
    const abort = () => stop(abortReason(outer));
    const timer = timeout ? setTimeout(() => stop(late()), Math.min(timeout, LONGEST_TIMEOUT)) : undefined;
    let unfollow = () => {};
    const end = () => {
      clearTimeout(timer);
      unfollow();
    };
    if (outer?.aborted) return abort();
    unfollow = onAbort(outer, abort);
    work(controller.signal).then(
      (value) => {
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

/** Does some work, and rejects at once with the signal's reason when it aborts, even if the work goes on. */
export const endingAt = <T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> =>
  signal ? within(0, signal, () => {}, work) : work();

/** Waits some milliseconds; an abort ends the wait at once and rejects with the signal's reason. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
  return within(0, signal, () => {}, wait).finally(() => clearTimeout(timer));
}
