import { endingAt, within } from "../core/time.ts";

/** Milliseconds between two heartbeats of work in progress. */
const BEAT = 12_000;
/** Milliseconds between two checks by those who wait for it. */
const LOOK = 15_000;
/** Checks without a heartbeat after which work is skipped. */
const MAX_LOOKS = 2;

/**
 * Work that others wait for. A timer of its own gives heartbeats. On edge workers, the work and the timers of a request that has ended
 * stop silently.
 */
export interface PendingWork {
  readonly ended: Promise<unknown>;
  /** Heartbeats so far. They are counted, not timed: a machine that sleeps stops both the heartbeats and the checks. */
  beats: number;
}

/** Follows some work until it has settled. */
export function trackWork(work: PromiseLike<unknown>): PendingWork {
  const timer = setInterval(() => {
    followed.beats += 1;
  }, BEAT);
  // Only Node: the timer does not keep the process alive.
  (timer as { unref?: () => void }).unref?.();
  const end = () => clearInterval(timer);
  const followed: PendingWork = { ended: work.then(end, end) as Promise<unknown>, beats: 0 };
  return followed;
}

/** Options of waiting for other work. */
export interface WaitForOthers {
  signal?: AbortSignal | undefined;
  /** Milliseconds; 0 or `undefined` for no limit. */
  timeout?: number | undefined;
  /** Creates the error when it takes longer. */
  late?: () => unknown;
}

/** Waits until some work has settled, or has given no heartbeat for long. Returns what was skipped. */
export function untilSettled<Work extends PendingWork>(
  others: readonly Work[],
  { signal, timeout = 0, late = () => {} }: WaitForOthers,
): Promise<Work[]> {
  const left = new Map(others.map((other) => [other, { beats: other.beats, looks: 0 }]));
  const gone: Work[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;
  const waiting = () =>
    new Promise<void>((resolve) => {
      const drop = (other: Work) => {
        left.delete(other);
        if (left.size === 0) resolve();
      };
      if (others.length === 0) return resolve();
      for (const other of others) other.ended.then(() => drop(other));
      timer = setInterval(() => {
        for (const [other, seen] of left) {
          seen.looks = seen.beats === other.beats ? seen.looks + 1 : 0;
          seen.beats = other.beats;
          if (seen.looks < MAX_LOOKS) continue;
          gone.push(other);
          drop(other);
        }
      }, LOOK);
    });
  return within(timeout, signal, late, waiting)
    .finally(() => clearInterval(timer))
    .then(() => gone);
}

/** Work that several callers share by a key: the first starts it, and the others wait for its result. */
export class SharedWork<T> {
  readonly #all = new Map<string, PendingWork & { work: Promise<T> }>();
  readonly #most: number;

  /** @param most the most results that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  async do(key: string, begin: () => PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
    for (let shared = this.#all.get(key); shared; shared = this.#all.get(key)) {
      const gone = await untilSettled([shared], { signal });
      if (gone.length === 0) return shared.work;
      if (this.#all.get(key) === shared) this.#all.delete(key);
    }
    const work = Promise.resolve(begin());
    const shared = Object.assign(trackWork(work), { work });
    this.#all.set(key, shared);
    const [oldest] = this.#all.size > this.#most ? this.#all.keys() : [];
    if (oldest !== undefined) this.#all.delete(oldest);
    work.catch(() => {
      if (this.#all.get(key) === shared) this.#all.delete(key);
    });
    // Other callers wait for it too, so an abort ends only this caller's wait.
    return endingAt(signal, () => work);
  }

  forget(key: string): void {
    this.#all.delete(key);
  }
}
