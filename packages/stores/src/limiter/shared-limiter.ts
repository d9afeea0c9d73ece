import {
  type AcquireRequest,
  createRateLimiter,
  type Permit,
  QuotaExceededError,
  RateLimitError,
  type RateLimiter,
} from "@imcloud/client";
import { followed } from "../followed.ts";
import { type Records, StoreError, updateOften } from "../records/records.ts";
import {
  durations,
  exchange,
  type Grant,
  type Limits,
  lostLimit,
  type Report,
  type SharedLimit,
} from "./limit-state.ts";

/** What happens to calls while the engine cannot be reached. */
export interface WhenUnavailable {
  /** Workers that use the key: each goes on alone, with its share of the limits. */
  shareAmong: number;
}

/** How a limiter is shared. */
export interface SharedLimiterOptions extends Limits {
  records: Records;
  /** Names those who share the limit. */
  key: string;
  /** Calls of this process that may wait at a time. */
  queue: number;
  whenUnavailable: "fail" | WhenUnavailable;
  /** Called when the engine fails, once for each outage. What it throws is its own matter. */
  onUnavailable(error: unknown): unknown;
}

/** A call of this process that waits. */
interface Waiter {
  request: AcquireRequest;
  grant(permit: Permit): void;
  fail(error: unknown): void;
}

/** Calls that have ended and are not reported yet. */
interface Untold {
  completedAt: number[];
  refused: Report["refused"];
  /** Places that were given and not used. */
  unused: number;
}

const nothing = (): Untold => ({ completedAt: [], refused: undefined, unused: 0 });

const COLLECTION = "limits";

/** Milliseconds since it was made, by the clock that has gone on further: one of them stands still while a machine sleeps. */
function stopwatch(): () => number {
  const [time, date] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - time, Date.now() - date);
}

/** The least and the most milliseconds between two attempts to reach an engine. */
const RETRY_AFTER = [250, 5_000] as const;

const details = ({ call }: AcquireRequest, status: number, retryAfter: number) => ({
  ...{ status, retryAfter, operation: call.operation, method: call.method, path: call.path },
  ...{ correlationId: undefined, body: undefined, headers: new Headers({ "retry-after": String(retryAfter) }) },
});

/**
 * A rate limiter that shares its places with all processes that have the same engine and key. It keeps the meaning of the client's own:
 * a call's place is taken from when it is sent until a minute after its response; a 429 slows all down.
 *
 * Each process has one queue, and asks for all that wait in it at once, so that the engine is asked as often for a thousand calls that
 * wait as for one. Places go to the process that was given the fewest, and some time before they are free: which process is quick to ask
 * does not count.
 */
export class SharedLimiter implements RateLimiter {
  readonly #options: SharedLimiterOptions;
  readonly #worker = crypto.randomUUID();
  readonly #queue: Waiter[] = [];
  #underWay = 0;
  /** Timers of places that are this process's, and free in a moment. */
  readonly #places = new Set<ReturnType<typeof setTimeout>>();
  /** Time since the last report, where there was one. */
  #sinceReport: (() => number) | undefined;
  /** Until when nobody may send anything, by `performance.now()`. */
  #pausedUntil = 0;
  #untold: Untold = nothing();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #askAgain = false;
  /** Since when the engine is away, when it is tried again, and how long that was put off. */
  #away: { since: number; retryAt: number; retryIn: number } | undefined;
  readonly #alone: RateLimiter | undefined;
  readonly #closing = new AbortController();

  constructor(options: SharedLimiterOptions) {
    this.#options = options;
    const { whenUnavailable: when, perMinute, perDay, queue } = options;
    if (when !== "fail") {
      const shareOf = (all: number) => Math.max(1, Math.floor(all / when.shareAmong));
      this.#alone = createRateLimiter({ perMinute: shareOf(perMinute), perDay: shareOf(perDay), queue });
    }
  }

  get waiting(): number {
    return this.#queue.length + (this.#alone?.waiting ?? 0);
  }

  async acquire(request: AcquireRequest): Promise<Permit> {
    const { signal, priority } = request;
    if (signal?.aborted) throw signal.reason;
    this.#closing.signal.throwIfAborted();
    if (this.#queue.length >= this.#options.queue) {
      const message = `${this.#options.queue} calls of this process are waiting already. The call was not sent.`;
      throw new RateLimitError(message, details(request, 429, 60));
    }
    let abort = () => {};
    try {
      return await new Promise<Permit>((grant, fail) => {
        const waiter: Waiter = { request, grant, fail };
        const isNews = this.#queue.length === 0 || priority;
        const place = priority ? this.#queue.findIndex((other) => !other.request.priority) : -1;
        this.#queue.splice(place < 0 ? this.#queue.length : place, 0, waiter);
        abort = () => {
          if (this.#queue.includes(waiter)) this.#queue.splice(this.#queue.indexOf(waiter), 1);
          fail(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
        // That one more waits is told with the next report.
        if (isNews || this.#away) this.#askSoon();
      });
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the wait of all that wait, and asks no more. */
  close(): void {
    this.#closing.abort(new StoreError("The store is closed. The call was not sent."));
    clearTimeout(this.#timer);
    for (const timer of this.#places) clearTimeout(timer);
    this.#failAll(() => new StoreError("The store was closed while the call waited. The call was not sent."));
  }

  /** @param except the first so many */
  #failAll(error: (request: AcquireRequest) => unknown, except = 0): void {
    for (const waiter of this.#queue.splice(except)) waiter.fail(error(waiter.request));
  }

  /** Asks the engine in a moment, together with all that happens in the same one; later while it is away. */
  #askSoon(): void {
    const now = performance.now();
    this.#askIn(this.#away ? Math.max(0, this.#away.retryAt - now) : 0);
    if (this.#away && now - this.#away.since >= this.#options.minute) this.#goAlone();
  }

  #askIn(milliseconds: number): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), milliseconds);
    // Calls that are under way keep the process alive by themselves.
    if (this.#queue.length === 0) this.#timer.unref?.();
  }

  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    this.#askAgain = false;
    const untold = this.#untold;
    this.#untold = nothing();
    try {
      const grant = await this.#exchange(untold, this.#underWay + this.#places.size);
      this.#away = undefined;
      this.#sinceReport = stopwatch();
      this.#admit(grant);
      // Not all at the same time, where they began so.
      const askIn = this.#askAgain ? 0 : grant.askIn * (0.8 + 0.2 * Math.random());
      if (this.#queue.length || this.#underWay || this.#places.size) this.#askIn(askIn);
    } catch (error) {
      // It may have been told all the same: a call that counts twice does no harm.
      this.#untold.completedAt.unshift(...untold.completedAt);
      this.#untold.refused ??= untold.refused;
      this.#untold.unused += untold.unused;
      this.#meetOutage(error);
    } finally {
      this.#asking = false;
    }
  }

  /** @param underWay of the same moment as the report: a call that ends meanwhile is in the next one */
  #exchange({ completedAt, refused, unused }: Untold, underWay: number): Promise<Grant> {
    const { records, key } = this.#options;
    // Before the engine's clock is read: a call can count as completed too late, but never too early.
    const asked = performance.now();
    return updateOften<SharedLimit, Grant>(records, COLLECTION, key, (before, now) => {
      const report: Report = {
        worker: this.#worker,
        completed: completedAt.map((at) => Math.floor(asked - at)),
        underWay,
        // The first of those that wait have a place already, and those that are urgent are the first.
        waiting: Math.max(0, this.#queue.length - this.#places.size),
        urgent: Math.max(0, this.#queue.filter(({ request }) => request.priority).length - this.#places.size),
        ...{ refused, unused },
      };
      const known = this.#isLost(before) ? lostLimit(now, this.#options) : before;
      const { limit, grant } = exchange(known, report, now, this.#options);
      return { value: limit, result: grant };
    });
  }

  /** Whether the engine has lost what it was told: Redis was restarted without its data, or has evicted it. */
  #isLost(limit: SharedLimit | undefined): boolean {
    if (!this.#sinceReport) return false;
    if (!limit) return true;
    // Others may have begun anew. A worker that is not gone yet is always in it.
    return this.#sinceReport() < durations(this.#options.minute).gone / 2 && !limit.workers[this.#worker];
  }

  #admit({ granted, later, now, dayIsFullFor, pausedFor }: Grant): void {
    this.#pausedUntil = performance.now() + pausedFor;
    for (let place = 0; place < granted; place++) this.#admitOne(now);
    for (const after of later) this.#admitLater(now, after);
    if (dayIsFullFor) {
      const message = `All ${this.#options.perDay} calls of a day are used up. The call was not sent.`;
      const error = (request: AcquireRequest) => new QuotaExceededError(message, details(request, 403, dayIsFullFor));
      // Some have a place of this day already.
      this.#failAll(error, this.#places.size);
    }
  }

  #admitOne(grantedAt: number): void {
    const waiter = this.#queue.shift();
    // It gave up meanwhile. The next report says that its place is free.
    if (!waiter) {
      this.#giveBack();
      return;
    }
    this.#underWay += 1;
    waiter.grant(this.#permit(grantedAt));
  }

  #giveBack(): void {
    this.#untold.unused += 1;
    this.#askSoon();
  }

  /** Lets the one who is first in the queue by then have a place that is free later. Before, the place is still another call's. */
  #admitLater(now: number, after: number): void {
    const elapsed = stopwatch();
    // A timer of Node can end a millisecond early.
    const timer = setTimeout(() => {
      this.#places.delete(timer);
      const isLate = elapsed() > after + durations(this.#options.minute).late;
      // A process that slept may be gone for the others; and in a pause nobody sends anything.
      if (isLate || performance.now() < this.#pausedUntil) this.#askSoon();
      else this.#admitOne(now + after);
    }, Math.ceil(after) + 1);
    this.#places.add(timer);
  }

  #permit(grantedAt: number): Permit {
    let isOver = false;
    const end = (tell: () => void) => {
      if (isOver) return;
      isOver = true;
      this.#underWay -= 1;
      tell();
    };
    return {
      complete: (response) =>
        end(() => {
          this.#untold.completedAt.push(performance.now());
          const isRefused = response?.status === 429;
          if (isRefused) this.#untold.refused = { grantedAt, retryAfter: response.retryAfter ?? 0 };
          // Where calls wait, it is told with the next report: its place is taken for a minute anyway.
          if (isRefused || this.#queue.length === 0) this.#askSoon();
        }),
      release: () => end(() => this.#askSoon()),
    };
  }

  /** The engine is away: calls fail clearly, or go on alone once all that others sent before is a minute old. */
  #meetOutage(error: unknown): void {
    const now = performance.now();
    if (!this.#away)
      Promise.resolve(error)
        .then(this.#options.onUnavailable)
        .catch(() => {});
    const since = this.#away?.since ?? now;
    const retryIn = Math.min((this.#away?.retryIn ?? RETRY_AFTER[0] / 2) * 2, RETRY_AFTER[1]);
    this.#away = { since, retryIn, retryAt: now + retryIn };
    if (!this.#alone) this.#failAll(() => error);
    else if (now - since >= this.#options.minute) this.#goAlone();
    if (this.#queue.length || this.#untold.completedAt.length) this.#askIn(retryIn);
  }

  #goAlone(): void {
    const alone = this.#alone;
    if (!alone) return;
    for (const { request, grant, fail } of this.#queue.splice(0)) {
      const { signal, unfollow } = followed([request.signal, this.#closing.signal]);
      const granted = alone.acquire({ ...request, signal }).finally(unfollow);
      granted.then((permit) => {
        // When the engine is back, all have to know of it.
        const end = this.#permit(0);
        this.#underWay += 1;
        grant({
          complete: (response) => {
            permit.complete(response);
            end.complete(response);
          },
          release: () => {
            permit.release();
            end.release();
          },
        });
      }, fail);
    }
  }
}
