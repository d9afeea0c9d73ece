import { type ImcloudClient, QuotaExceededError } from "@imcloud/client";
import { abortSignal, callable, checkOptions, having, must, oneOf, type Rules, wholeNumber } from "@imcloud/options";
import type { SyncStore } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import { claimAccount } from "./account.ts";
import { Budget, BudgetSpent } from "./budget.ts";
import type { Context, SyncFailure } from "./context.ts";
import { dayIn } from "./days.ts";
import { noIdDoubt, type SyncDoubt } from "./doubts.ts";
import { doneAt } from "./estimate.ts";
import { passFor, readPass, writePass } from "./list-progress.ts";
import { readDetails } from "./read-details.ts";
import { readLists } from "./read-lists.ts";

/** The progress of a sync. */
export interface SyncProgress {
  /** First the lists are read, then the details of what is new or changed. */
  phase: "lists" | "details";
  resource: Resource;
  /** Calls of this run. */
  calls: number;
  /** Details that are still to be read. */
  remaining: number;
  /** When all will be read, at the speed that gateway and budget allow; `undefined` where the budget is too small for that. */
  doneAt: Date | undefined;
}

/** What a sync accepts only when it is told to. */
export type Accepted = "account" | "removals";

/** Options of a sync. */
export interface SyncOptions {
  /** The client that reads the marketplace. Its token and rate limit are shared; the calls of this sync are counted separately. */
  client: ImcloudClient;
  /** Where to write: `sqliteTables("imcloud.db")`, `postgresTables(pool)` or `parquetTables("folder")`. */
  to: SyncStore;
  /**
   * The most calls per UTC day of all runs together, retries and sign-ins included.
   * @defaultValue 3_000, which leaves the API's 5,000 room for other work
   */
  perDay?: number | undefined;
  /**
   * Read the list of orders to its end instead of only up to the first known order. It finds old orders that changed after
   * their end.
   * @defaultValue false
   */
  full?: boolean | undefined;
  /**
   * How many details are read in parallel.
   * @defaultValue 4
   */
  concurrency?: number | undefined;
  /**
   * Time zone of the installation's dates, for example `Europe/Stockholm`. `lastModifiedDate` has no time: what changed later on the day of
   * a sync is read once more when that day is over in this time zone.
   * @defaultValue `UTC`
   */
  timeZone?: string | undefined;
  /**
   * Milliseconds after which a run whose process was killed counts as ended. A live run renews its lease three times in
   * that time, however long a call takes.
   * @defaultValue 60_000
   */
  lease?: number | undefined;
  /**
   * What is refused unless you accept it. `account`: the tables belong to this client's account, although they were created with
   * another base URL, marketplace or user. `removals`: however many things are gone at once, they have ended. Give it for one run, when you
   * have looked.
   * @defaultValue none
   */
  accept?: readonly Accepted[] | undefined;
  /** Called after each step, and waited for. What it throws ends the sync. */
  onProgress?: ((progress: SyncProgress) => void | PromiseLike<void>) | undefined;
  /** Ends the sync after the calls in progress. The next sync continues from there. */
  signal?: AbortSignal | undefined;
  /**
   * Returns the current time, for tests.
   * @defaultValue the machine's clock
   */
  now?: (() => Date) | undefined;
}

/** The result of a sync. */
export interface SyncResult {
  /** Everything was read. Otherwise the next sync continues. */
  isComplete: boolean;
  /** Calls of this run. */
  calls: number;
  /** Calls left for the day. */
  left: number;
  /** Details that are still to be read, by resource. */
  remaining: Partial<Record<Resource, number>>;
  /** When everything will be read with one sync a day; `undefined` when the budget is too small for that. */
  doneAt: Date | undefined;
  /** Events that this run found. */
  events: number;
  /** What could not be read. The next sync tries again. */
  failures: SyncFailure[];
  /** What was not accepted. Check it: a complete sync can have some too, for lists whose total is too high. */
  doubts: SyncDoubt[];
}

const ACCEPTED: readonly Accepted[] = ["account", "removals"];

const isTimeZone = (zone: string) => {
  try {
    dayIn(zone);
    return true;
  } catch {
    return false;
  }
};

const RULES: Rules<SyncOptions> = {
  client: having("use", "withOptions", "request"),
  to: must("what sqliteTables, postgresTables or parquetTables gives", (store: SyncStore) => store?.internals),
  perDay: wholeNumber(10),
  full: oneOf(true, false),
  concurrency: wholeNumber(1, 50),
  timeZone: must("a time zone such as Europe/Stockholm", isTimeZone),
  lease: wholeNumber(1),
  accept: must(
    `a list of ${ACCEPTED.join(", ")}`,
    (accept: Accepted[]) => Array.isArray(accept) && accept.every((each) => ACCEPTED.includes(each)),
  ),
  onProgress: callable,
  signal: abortSignal,
  now: callable,
};

/** The details that are still to be read, in the form of the result. */
const remainingOf = (due: ReadonlyMap<Resource, number>) =>
  Object.fromEntries(due) as Partial<Record<Resource, number>>;

/** Reads the lists if they are due, then the details. */
async function run(context: Context, perDay: number): Promise<SyncFailure[]> {
  const { store, budget, now } = context;
  const pass = passFor(await readPass(store.read.state), now(), perDay);
  await store.transaction(({ state }) => writePass(state, pass));
  const change = (changes: (calls: number) => object) =>
    store.transaction(async ({ state }) => {
      const current = (await readPass(state)) ?? pass;
      await writePass(state, { ...current, ...changes(current.calls) });
    });
  if (!pass.listsDone) {
    try {
      await readLists(context);
    } finally {
      await change((calls) => ({ calls: calls + budget.calls }));
    }
    await change(() => ({ listsDone: true }));
  }
  const failures = await readDetails(context);
  await change(() => ({ isDone: true }));
  return failures;
}

/**
 * Updates the tables from the marketplace: the first time everything, later what is new or changed. Each call continues where the last one
 * ended, even after a crash. When the budget is used up, it returns and reports what is left to do.
 * @throws {@link SyncError} when another sync holds the tables, they belong to another account, or they cannot be written
 * @throws {@link MarketplaceError} as the client does. What was read until then is kept.
 * @throws {@link TypeError} when an option is unknown or has a wrong type
 */
export async function sync(options: SyncOptions): Promise<SyncResult> {
  checkOptions(RULES, options, "sync", ["client", "to"]);
  const { to, perDay = 3_000, full = false, concurrency = 4, timeZone = "UTC", lease = 60_000 } = options;
  const { accept = [], onProgress, signal, now = () => new Date() } = options;
  signal?.throwIfAborted();
  await to.migrate();
  const store = to.internals;
  const budget = new Budget(store, { perDay, lease, now, signal });
  const client = budget.count(options.client);
  let events = 0;
  const doubts: SyncDoubt[] = [];
  const passedOver = new Map<Resource, number>();

  async function outlook() {
    const due = await store.read.records.countDue();
    const listCalls = (await readPass(store.read.state))?.calls ?? 0;
    return { due, doneAt: doneAt({ due, listCalls, left: budget.left, perDay, now: now() }) };
  }

  const context: Context = {
    ...{ client, store: budget.guarded(), budget, signal, full, concurrency, now, dayOf: dayIn(timeZone) },
    async onStep({ phase, resource }) {
      if (!onProgress) return;
      const { due, doneAt } = await outlook();
      const remaining = [...due.values()].reduce((sum, count) => sum + count, 0);
      await onProgress({ phase, resource, calls: budget.calls, remaining, doneAt });
    },
    acceptsAccount: accept.includes("account"),
    acceptsRemovals: accept.includes("removals"),
    count: (found) => {
      events += found;
    },
    doubt: (doubt) => void doubts.push(doubt),
    doubtsRemovals: () => doubts.some(({ kind }) => kind === "removals"),
    skipRow: (resource) => void passedOver.set(resource, (passedOver.get(resource) ?? 0) + 1),
  };

  await budget.begin();
  try {
    let failures: SyncFailure[] = [];
    let isComplete = false;
    try {
      await claimAccount(context.store, options.client, context.acceptsAccount);
      failures = await run(context, perDay);
      isComplete = failures.length === 0;
    } catch (error) {
      // The day's calls are spent, by the budget or by the API's quota: the next day goes on.
      if (!(error instanceof BudgetSpent || error instanceof QuotaExceededError)) throw error;
    }
    await context.store.publish();
    const { due, doneAt } = await outlook();
    for (const [resource, count] of passedOver) doubts.push(noIdDoubt(resource, count));
    return {
      isComplete: isComplete && doubts.every(({ kind }) => kind === "shortList" || kind === "noId"),
      calls: budget.calls,
      left: budget.left,
      remaining: remainingOf(due),
      doneAt,
      events,
      failures,
      doubts,
    };
  } finally {
    await budget.end();
  }
}
