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

/** How far a sync is. */
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

/** What a sync takes for true only when it is told so. */
export type Accepted = "account" | "removals";

/** What a sync is to do. */
export interface SyncOptions {
  /** Reads from the marketplace. Its token and rate limit are used; what this sync sends is counted by itself. */
  client: ImcloudClient;
  /** Where to: `sqliteTables("imcloud.db")`, `postgresTables(pool)` or `parquetTables("folder")`. */
  to: SyncStore;
  /**
   * Calls that may be spent on a day of UTC, repeated calls and sign-ins too, by all runs together.
   * @defaultValue 3_000, which leaves the API's 5,000 room for other work
   */
  perDay?: number | undefined;
  /**
   * Reads lists to their end that are otherwise read until what is known: those of orders. It finds old orders that changed after
   * their end.
   * @defaultValue false
   */
  full?: boolean | undefined;
  /**
   * Details that are read at a time.
   * @defaultValue 4
   */
  concurrency?: number | undefined;
  /**
   * Time zone of the installation's dates, for example `Europe/Stockholm`. `lastModifiedDate` is a day: what changed later on the day of
   * a sync is read once more, when that day is over there.
   * @defaultValue `UTC`
   */
  timeZone?: string | undefined;
  /**
   * Milliseconds without a sign of life after which a run counts as ended, when its process was killed. A run that goes on gives three in
   * that time, however long a call takes.
   * @defaultValue 60_000
   */
  lease?: number | undefined;
  /**
   * What is refused, or not believed, unless you say that it is so. `account`: the tables are of this client's account, though they were of
   * another base URL, marketplace or user. `removals`: however many things are gone at once, they have ended. Give it for one run, when you
   * have looked.
   * @defaultValue none
   */
  accept?: readonly Accepted[] | undefined;
  /** Called after each step. */
  onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** Ends the sync after the calls that are in progress. The next one goes on there. */
  signal?: AbortSignal | undefined;
  /**
   * Returns the current time, for tests.
   * @defaultValue the machine's clock
   */
  now?: (() => Date) | undefined;
}

/** What a sync did. */
export interface SyncResult {
  /** All is read. Otherwise the next sync goes on there. */
  isComplete: boolean;
  /** Calls of this run. */
  calls: number;
  /** Calls of the day that are left. */
  left: number;
  /** Details that are still to be read, by resource. */
  remaining: Partial<Record<Resource, number>>;
  /** When all will be read with a sync each day; `undefined` where the budget is too small for that. */
  doneAt: Date | undefined;
  /** Events that this run found. */
  events: number;
  /** What could not be read. It is tried again in the next sync. */
  failures: SyncFailure[];
  /** What was not believed. Look at it: a sync that is complete can have some of lists that tell of too many rows. */
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

/** Details that are to be read, as they stand in a result. */
const remainingOf = (due: ReadonlyMap<Resource, number>) =>
  Object.fromEntries(due) as Partial<Record<Resource, number>>;

/** Reads the lists where that is due, then the details. */
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
 * Updates the tables from the marketplace: the first time all of it, later what is new or changed. Each call continues where the last one
 * ended, however it ended. A call that has spent its budget returns what is left to do.
 * @throws {@link SyncError} when another sync has the tables, they are of another account, or they cannot be written
 * @throws {@link MarketplaceError} as the client does. What was read until then is kept.
 * @throws {@link TypeError} when an option is unknown or not of its kind
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
      onProgress({ phase, resource, calls: budget.calls, remaining, doneAt });
    },
    acceptsAccount: accept.includes("account"),
    acceptsRemovals: accept.includes("removals"),
    count: (found) => {
      events += found;
    },
    doubt: (doubt) => void doubts.push(doubt),
    doubtsRemovals: () => doubts.some(({ kind }) => kind === "removals"),
    passOver: (resource) => void passedOver.set(resource, (passedOver.get(resource) ?? 0) + 1),
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
