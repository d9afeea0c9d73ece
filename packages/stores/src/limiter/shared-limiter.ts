import {
  type AcquireRequest,
  createRateLimiter,
  type Permit,
  QuotaExceededError,
  RateLimitError,
  type RateLimiter,
} from "@imcloud/client";
import { type Records, update } from "../records/records.ts";
import { exchange, type Grant, type Limits, type Report, type SharedLimit } from "./shared-limit.ts";

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
  /** Called when the engine fails, once for each outage. */
  onUnavailable(error: unknown): void;
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
}

const COLLECTION = "limits";

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
 * wait as for one. Free places go to the process that was given the fewest.
 */
export class SharedLimiter implements RateLimiter {
  readonly #options: SharedLimiterOptions;
  readonly #worker = crypto.randomUUID();
  readonly #queue: Waiter[] = [];
  #underWay = 0;
  #untold: Untold = { completedAt: [], refused: undefined };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #askAgain = false;
  /** Since when the engine is away, when it is tried again, and how long that was put off. */
  #away: { since: number; retryAt: number; retryIn: number } | undefined;
  readonly #alone: RateLimiter | undefined;
  #isClosed = false;

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
    if (this.#queue.length >= this.#options.queue) {
      const message = `${this.#options.queue} calls of this process are waiting already. The call was not sent.`;
      throw new RateLimitError(message, details(request, 429, 60));
    }
    let abort = () => {};
    try {
      return await new Promise<Permit>((grant, fail) => {
        const waiter: Waiter = { request, grant, fail };
        const place = priority ? this.#queue.findIndex((other) => !other.request.priority) : -1;
        this.#queue.splice(place < 0 ? this.#queue.length : place, 0, waiter);
        abort = () => {
          if (this.#queue.includes(waiter)) this.#queue.splice(this.#queue.indexOf(waiter), 1);
          fail(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
        this.#askSoon();
      });
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Ends the wait of all that wait, and asks no more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#failAll(() => new Error("The store was closed while the call waited. The call was not sent."));
  }

  #failAll(error: (request: AcquireRequest) => unknown): void {
    for (const waiter of this.#queue.splice(0)) waiter.fail(error(waiter.request));
  }

  /** Asks the engine in a moment, together with all that happens in the same one; later while it is away. */
  #askSoon(): void {
    const now = performance.now();
    this.#askIn(this.#away ? Math.max(0, this.#away.retryAt - now) : 0);
    if (this.#away && now - this.#away.since >= this.#options.minute) this.#goAlone();
  }

  #askIn(milliseconds: number): void {
    if (this.#isClosed) return;
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
    this.#untold = { completedAt: [], refused: undefined };
    try {
      const grant = await this.#exchange(untold, this.#underWay);
      this.#away = undefined;
      this.#admit(grant);
      if (this.#queue.length || this.#underWay) this.#askIn(this.#askAgain ? 0 : grant.askIn);
    } catch (error) {
      // It may have been told all the same: a call that counts twice does no harm.
      this.#untold.completedAt.unshift(...untold.completedAt);
      this.#untold.refused ??= untold.refused;
      this.#meetOutage(error);
    } finally {
      this.#asking = false;
    }
  }

  /** @param underWay of the same moment as the report: a call that ends meanwhile is in the next one */
  #exchange({ completedAt, refused }: Untold, underWay: number): Promise<Grant> {
    const { records, key } = this.#options;
    // Before the engine's clock is read: a call can count as completed too late, but never too early.
    const asked = performance.now();
    return update<SharedLimit, Grant>(records, COLLECTION, key, (before, now) => {
      const report: Report = {
        worker: this.#worker,
        completed: completedAt.map((at) => Math.floor(asked - at)),
        underWay,
        waiting: this.#queue.length,
        urgent: this.#queue.filter(({ request }) => request.priority).length,
        refused,
      };
      const { limit, grant } = exchange(before, report, now, this.#options);
      return { value: limit, result: grant };
    });
  }

  #admit({ granted, now, dayIsFullFor }: Grant): void {
    for (let place = 0; place < granted; place++) {
      const waiter = this.#queue.shift();
      // It gave up meanwhile; the next report says so.
      if (!waiter) {
        this.#askAgain = true;
        return;
      }
      this.#underWay += 1;
      waiter.grant(this.#permit(now));
    }
    if (dayIsFullFor) {
      const message = `All ${this.#options.perDay} calls of a day are used up. The call was not sent.`;
      this.#failAll((request) => new QuotaExceededError(message, details(request, 403, dayIsFullFor)));
    }
  }

  #permit(grantedAt: number): Permit {
    let isOver = false;
    const end = (tell: () => void) => {
      if (isOver) return;
      isOver = true;
      this.#underWay -= 1;
      tell();
      this.#askSoon();
    };
    return {
      complete: (response) =>
        end(() => {
          this.#untold.completedAt.push(performance.now());
          if (response?.status === 429) this.#untold.refused = { grantedAt, retryAfter: response.retryAfter ?? 0 };
        }),
      release: () => end(() => {}),
    };
  }

  /** The engine is away: calls fail clearly, or go on alone once all that others sent before is a minute old. */
  #meetOutage(error: unknown): void {
    const now = performance.now();
    if (!this.#away) this.#options.onUnavailable(error);
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
      alone.acquire(request).then((permit) => {
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
