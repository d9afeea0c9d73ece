import type { ImcloudClient, Middleware } from "@imcloud/client";
import { SyncError } from "../database/database.ts";
import { isRecordOf } from "../store/state.ts";
import type { Internals, Work } from "../store/store.ts";

/** The day's budget of calls is used up. */
export class BudgetSpent extends Error {
  override name = "BudgetSpent";

  constructor() {
    super("The calls of the day are spent.");
  }
}

/** The run that holds the tables, and the calls used. Both are in one row, so that two runs cannot use the same calls. */
interface Run {
  by: string;
  /** When the lease expires and another run may take over, by the clock that all runs share, in milliseconds since 1970. */
  until: number;
  /** For how many milliseconds the lease is taken. Runs of earlier versions do not say it. */
  lease?: number | undefined;
  /** The UTC day whose calls `calls` counts. */
  day: string;
  calls: number;
}

const NAME = "run";

/** Operations by which a client signs in. */
const SIGN_INS: ReadonlySet<string> = new Set(["token_create", "oauth2_token"]);

const isRun = isRecordOf<Run>({ by: "string", until: "number", day: "string", calls: "number" });

/** How often another run is checked during one lease. */
const CHECKS_PER_LEASE = 50;
/** How often a run renews its lease during one lease. */
const RENEWALS_PER_LEASE = 3;

const takenOver = () => new SyncError("Another sync has taken these tables over.");

/** The UTC day of a time. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Options of the budget and the lease of a run. */
export interface BudgetOptions {
  perDay: number;
  /** Milliseconds without a renewal after which the run counts as ended. */
  lease: number;
  now: () => Date;
  signal: AbortSignal | undefined;
}

const pause = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });

/** Counts each call before it is sent, in the database so that the count survives the process, and holds the tables for one run. */
export class Budget {
  readonly #store: Internals;
  readonly #options: BudgetOptions;
  readonly #me = crypto.randomUUID();
  #spent = { day: "", calls: 0 };
  #nextSign: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  /** Calls made by this run. */
  calls = 0;

  constructor(store: Internals, options: BudgetOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Calls left for the day. One is reserved for a sign-in. */
  get left(): number {
    const { day, calls } = this.#spent;
    return Math.max(0, this.#options.perDay - 1 - (day === dayOf(this.#options.now()) ? calls : 0));
  }

  /**
   * Acquires the lease on the tables. It waits for another run that makes no calls until that run's lease expires.
   * @throws {@link SyncError} when another run holds it
   */
  async begin(): Promise<void> {
    const { lease } = this.#options;
    let other: Run | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (;;) {
      const held = await this.#store.transaction(async (work) => {
        const run = await this.#read(work);
        const now = await work.clock();
        // The clock can be set back, by years where it was wrong: who gave no sign of life for the time of the lease has ended all the same.
        const isSilent = performance.now() - since >= (run.lease ?? Number.POSITIVE_INFINITY);
        const isOther = other !== undefined && (other.by !== run.by || other.until !== run.until);
        if (run.by && run.until > now && (isOther || !isSilent)) return { ...run, left: run.until - now };
        this.#keep(run);
        await work.state.write(NAME, { ...run, by: this.#me, until: now + lease, lease });
        return undefined;
      });
      if (!held) return this.#renewLease();
      if (other && (other.by !== held.by || other.until !== held.until)) {
        throw new SyncError("Another sync has these tables now. Let it end, or abort it.");
      }
      if (!other) [other, since] = [held, performance.now()];
      // The other run's next call shows that it is alive.
      const look = Math.min(this.#options.lease / CHECKS_PER_LEASE, held.left);
      await pause(Math.max(1, look), this.#options.signal);
    }
  }

  /** Renews the lease while a call, or a wait for the rate limit, takes longer than the lease. */
  #renewLease(missed = 0): void {
    const sign = async () => {
      try {
        await this.#store.transaction(async (work) => {
          const run = await this.#read(work);
          if (run.by !== this.#me) throw takenOver();
          await work.state.write(NAME, { ...run, until: (await work.clock()) + this.#options.lease });
        });
        this.#renewLease();
      } catch {
        // The run's next write reports why: the tables were taken over, closed, or cannot be reached. After three misses the lease has expired.
        if (missed + 1 < RENEWALS_PER_LEASE) this.#renewLease(missed + 1);
      }
    };
    if (this.#isOver) return;
    this.#nextSign = setTimeout(sign, Math.max(1, this.#options.lease / RENEWALS_PER_LEASE));
    this.#nextSign.unref();
  }

  /** The store for as long as this run holds the lease. After a takeover it refuses writes. */
  guarded(): Internals {
    const transaction: Internals["transaction"] = (work) =>
      this.#store.transaction(async (parts) => {
        const { by } = await this.#read(parts);
        if (by !== this.#me) throw takenOver();
        return work(parts);
      });
    return {
      ...this.#store,
      transaction,
      publish: async () => {
        await transaction(async () => {});
        await this.#store.publish();
      },
    };
  }

  /** Releases the lease. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#nextSign);
    await this.#store.transaction(async (work) => {
      const run = await this.#read(work);
      if (run.by === this.#me) await work.state.write(NAME, { ...run, by: "", until: 0 });
    });
  }

  /** Counts a call that is about to be sent, or a sign-in, for which one of the day is left. */
  async #spend(what: "call" | "sign-in"): Promise<void> {
    const { perDay, lease } = this.#options;
    await this.#store.transaction(async (work) => {
      const run = await this.#read(work);
      if (run.by !== this.#me) throw takenOver();
      this.#keep(run);
      if (what === "call" && run.calls >= perDay - 1) throw new BudgetSpent();
      const next = { ...run, calls: run.calls + 1, until: (await work.clock()) + lease };
      await work.state.write(NAME, next);
      this.#keep(next);
    });
    this.calls += 1;
  }

  #keep({ day, calls }: Run): void {
    this.#spent = { day, calls };
  }

  /** Reads the run. Its count of calls starts at zero on a new day. */
  async #read({ state }: Work): Promise<Run> {
    const today = dayOf(this.#options.now());
    const run = (await state.read(NAME, isRun)) ?? { by: "", until: 0, day: today, calls: 0 };
    return run.day === today ? run : { ...run, day: today, calls: 0 };
  }

  /** Returns a client whose calls are counted, retries and sign-ins included. */
  count(client: ImcloudClient): ImcloudClient {
    const counted = client.withOptions({});
    // Checked first, so that it does not sign in for a call that is over the budget.
    counted.use((request, next) => {
      if (this.left === 0) throw new BudgetSpent();
      return next(request);
    });
    const attempt: Middleware = async (request, next) => {
      await this.#spend(SIGN_INS.has(request.operation) ? "sign-in" : "call");
      return next(request);
    };
    counted.use(attempt, { around: "attempt" });
    return counted;
  }
}
