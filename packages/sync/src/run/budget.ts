import type { ImcloudClient, Middleware } from "@imcloud/client";
import { SyncError } from "../database/database.ts";
import { isRecordOf } from "../store/state.ts";
import type { Internals, Work } from "../store/store.ts";

/** The calls of the day are spent. */
export class BudgetSpent extends Error {
  override name = "BudgetSpent";

  constructor() {
    super("The calls of the day are spent.");
  }
}

/** The last token of each client, so that a sign-in is counted once for all of its runs. */
const tokens = new WeakMap<ImcloudClient, string | undefined>();

/** The run that has the tables, and the calls that were spent. It is one row, so that two runs cannot spend the same calls. */
interface Run {
  by: string;
  /** When others may take over, in milliseconds since 1970, unless it is put off. */
  until: number;
  /** The day in UTC that `calls` is of. */
  day: string;
  calls: number;
}

const NAME = "run";

const isRun = isRecordOf<Run>({ by: "string", until: "number", day: "string", calls: "number" });

/** Checks of another run in the time after which it counts as ended. */
const LOOKS = 50;
/** Signs of life that a run gives in that time. */
const SIGNS = 3;

const takenOver = () => new SyncError("Another sync has taken these tables over.");

/** A day of UTC. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** What a run may spend, and that it is the only one. */
export interface BudgetOptions {
  perDay: number;
  /** Milliseconds after its last sign of life at which a run counts as ended. */
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

/** Counts each call before it leaves, where the count outlives the process, and holds the tables for one run. */
export class Budget {
  readonly #store: Internals;
  readonly #options: BudgetOptions;
  readonly #me = crypto.randomUUID();
  #spent = { day: "", calls: 0 };
  #nextSign: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  /** Calls of this run. */
  calls = 0;

  constructor(store: Internals, options: BudgetOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Calls that the day has left. One is kept back for a sign-in, which is seen only when it was sent. */
  get left(): number {
    const { day, calls } = this.#spent;
    return Math.max(0, this.#options.perDay - 1 - (day === dayOf(this.#options.now()) ? calls : 0));
  }

  /**
   * Takes the tables. Another run that makes no calls is waited for until it counts as ended.
   * @throws {@link SyncError} when another run has them
   */
  async begin(): Promise<void> {
    let other: Run | undefined;
    for (;;) {
      const held = await this.#store.transaction(async (work) => {
        const run = await this.#read(work);
        if (run.by && run.until > Date.now()) return run;
        this.#keep(run);
        await work.state.write(NAME, { ...run, by: this.#me, until: Date.now() + this.#options.lease });
        return undefined;
      });
      if (!held) return this.#giveSigns();
      if (other && (other.by !== held.by || other.until !== held.until)) {
        throw new SyncError("Another sync has these tables now. Let it end, or abort it.");
      }
      other = held;
      // Its next call shows that it is alive.
      const look = Math.min(this.#options.lease / LOOKS, held.until - Date.now());
      await pause(Math.max(1, look), this.#options.signal);
    }
  }

  /** Puts off the end of the lease while a call, or what waits for its turn, takes longer than that. */
  #giveSigns(missed = 0): void {
    const sign = async () => {
      try {
        await this.#store.transaction(async (work) => {
          const run = await this.#read(work);
          if (run.by !== this.#me) throw takenOver();
          await work.state.write(NAME, { ...run, until: Date.now() + this.#options.lease });
        });
        this.#giveSigns();
      } catch {
        // The run's next write tells why: the tables are another's, closed, or away. With the last of its signs the lease has ended.
        if (missed + 1 < SIGNS) this.#giveSigns(missed + 1);
      }
    };
    if (this.#isOver) return;
    this.#nextSign = setTimeout(sign, Math.max(1, this.#options.lease / SIGNS));
    this.#nextSign.unref();
  }

  /** The store, for as long as this run has it: one that was taken over writes nothing more. */
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

  /** Releases the tables. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#nextSign);
    await this.#store.transaction(async (work) => {
      const run = await this.#read(work);
      if (run.by === this.#me) await work.state.write(NAME, { ...run, by: "", until: 0 });
    });
  }

  /** Spends a call that is about to leave, or a sign-in that has left, which cannot be refused any more. */
  async #spend(what: "call" | "sign-in"): Promise<void> {
    const { perDay, lease } = this.#options;
    await this.#store.transaction(async (work) => {
      const run = await this.#read(work);
      if (run.by !== this.#me) throw takenOver();
      this.#keep(run);
      if (what === "call" && run.calls >= perDay - 1) throw new BudgetSpent();
      const next = { ...run, calls: run.calls + 1, until: Date.now() + lease };
      await work.state.write(NAME, next);
      this.#keep(next);
    });
    this.calls += 1;
  }

  #keep({ day, calls }: Run): void {
    this.#spent = { day, calls };
  }

  /** The run, with no calls where another day has begun. */
  async #read({ state }: Work): Promise<Run> {
    const today = dayOf(this.#options.now());
    const run = (await state.read(NAME, isRun)) ?? { by: "", until: 0, day: today, calls: 0 };
    return run.day === today ? run : { ...run, day: today, calls: 0 };
  }

  /** Has each call of a client counted: all that is sent, repeated calls too. A new token tells of a sign-in. */
  count(client: ImcloudClient): ImcloudClient {
    const counted = client.withOptions({});
    // Before it signs in for a call that is not allowed any more.
    counted.use((request, next) => {
      if (this.left === 0) throw new BudgetSpent();
      return next(request);
    });
    const attempt: Middleware = async (request, next) => {
      await this.#spend("call");
      const { authorization } = request.headers;
      if (authorization !== tokens.get(client)) {
        tokens.set(client, authorization);
        await this.#spend("sign-in");
      }
      return next(request);
    };
    counted.use(attempt, { around: "attempt" });
    return counted;
  }
}
