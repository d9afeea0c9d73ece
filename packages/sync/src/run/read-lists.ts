import {
  ApiError,
  AuthenticationError,
  IncompleteListError,
  type ListPage,
  type PagePromise,
  QuotaExceededError,
  RateLimitError,
} from "@imcloud/client";
import { SyncError } from "../database/database.ts";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import type { Context } from "./context.ts";
import { isTooMany, removalsDoubt } from "./doubts.ts";
import {
  type Pass,
  readExcess,
  readPass,
  readScans,
  type Scan,
  writeExcess,
  writePass,
  writeScans,
} from "./list-progress.ts";
import { isOverFor, saveGone } from "./save-details.ts";
import { isListed, keyOf, makeDue, saveRow, WHOLE, withoutSecrets } from "./save-row.ts";

/** Rows per page: the most that is known to work (FLD-14). */
const PAGE = 500;

/** The lists in the order of reading: the customers that subscriptions and orders refer to come first. */
const LISTS: readonly Resource[] = ["customers", "subscriptions", "orders", "products", "reports"];

/** Lists that are read only up to the first known row. In the others, rows anywhere can change or be removed. */
const NEWEST_FIRST: ReadonlySet<Resource> = new Set(["orders"]);

const listOf = ({ client, signal }: Context, resource: Resource, query: object = {}): PagePromise<object> =>
  client[resource].list(query, { signal }) as PagePromise<object>;

async function changePass(work: Work, change: (pass: Pass) => Pass): Promise<void> {
  const pass = await readPass(work.state);
  if (pass) await writePass(work.state, change(pass));
}

const putScan = (work: Work, resource: Resource, scan: Scan) =>
  changePass(work, (pass) => ({ ...pass, scans: { ...pass.scans, [resource]: scan } }));

/** The scan to continue, or a new one. */
async function beginScan({ store }: Context, resource: Resource): Promise<Scan> {
  return store.transaction(async (work) => {
    const pass = await readPass(work.state);
    const begun = pass?.scans[resource];
    if (begun) return { ...begun, isResumed: begun.cursor !== undefined };
    const scans = await readScans(work.state);
    const scan: Scan = { number: scans.last + 1, place: 0, isResumed: false, isDone: false };
    await writeScans(work.state, { ...scans, last: scan.number });
    await putScan(work, resource, scan);
    return scan;
  });
}

/**
 * Refuses a list whose first page has no known row although rows are known: it belongs to another account, and every kept row would seem to
 * be gone. Orders are not checked: they come newest first, so a page can be all new; the lists before them were checked.
 * @throws {@link SyncError} when that is so
 */
async function checkOwn(context: Context, work: Work, resource: Resource, scan: Scan, data: readonly object[]) {
  if (context.acceptsAccount || scan.place > 0 || data.length === 0) return;
  if (resource !== "customers" && resource !== "subscriptions") return;
  const known = await work.records.countBefore(resource, scan.number);
  if (known < 2) return;
  for (const row of data) {
    const key = keyOf(resource, withoutSecrets(row));
    if (key !== undefined && (await work.records.get(resource, key))) return;
  }
  throw new SyncError(
    `None of the first ${data.length} ${resource} of the list is among the ${known} in the tables, so the list seems to belong to another account. If it is the same account, accept "account" once.`,
  );
}

/** Saves a page in the tables, with the cursor of the next. */
function takePage(context: Context, resource: Resource, scan: Scan, { data, cursor }: ListPage<object>) {
  return context.store.transaction(async (work) => {
    await checkOwn(context, work, resource, scan, data);
    const { finished } = await readScans(work.state);
    const last = finished[resource];
    let meetsKnown = false;
    for (const [index, row] of data.entries()) {
      const seen = { resource, row, scan: scan.number, place: scan.place + index, isFirst: last === undefined };
      const added = await saveRow(work, seen, context);
      // Rows that an incomplete scan found can have unknown rows after them.
      if (added !== undefined && last !== undefined && added <= last) meetsKnown = true;
    }
    const next: Scan = { ...scan, cursor, place: scan.place + data.length };
    await putScan(work, resource, next);
    return { next, meetsKnown };
  });
}

/**
 * Handles what a complete list no longer contains. A missing row alone does not mean that a resource has ended: its details are requested.
 * If too many rows are missing at once, the list is doubted instead.
 * @param isSure the list was read to its end without interruption, so that a row that did not come is not in it
 */
async function takeMissing(context: Context, resource: Resource, scan: Scan, isSure: boolean): Promise<void> {
  const { store, now, count, acceptsRemovals } = context;
  const missing = await store.read.records.unseenSince(resource, scan.number);
  const known = await store.read.records.countBefore(resource, scan.number);
  // The platform can delete all reports at once.
  if (!acceptsRemovals && resource !== "reports" && isTooMany(missing.length, known)) {
    context.doubt(removalsDoubt(resource, missing.length, known, "are no longer in their list"));
    return;
  }
  if (WHOLE.has(resource) && !isSure) return;
  for (const id of missing) {
    const events = await store.transaction(async (work) => {
      // The end of it was reported before.
      if (WHOLE.has(resource) || (await isOverFor(work, resource, id))) return saveGone(work, resource, id, now());
      await makeDue(work, resource, id);
      return 0;
    });
    count(events);
  }
}

async function endScan({ store }: Context, resource: Resource, scan: Scan): Promise<void> {
  await store.transaction(async (work) => {
    const { last, finished } = await readScans(work.state);
    await writeScans(work.state, { last, finished: { ...finished, [resource]: scan.number } });
    await putScan(work, resource, { ...scan, isDone: true });
  });
}

async function readList(context: Context, resource: Resource): Promise<void> {
  let scan = await beginScan(context, resource);
  if (scan.isDone) return;
  const isUntilKnown = NEWEST_FIRST.has(resource) && !context.full;
  let isWhole = true;
  // A scan with rows and without a cursor had read its last page when the process ended.
  if (scan.place === 0 || scan.cursor) {
    for await (const page of listOf(context, resource).pages({ after: scan.cursor })) {
      const { next, meetsKnown } = await takePage(context, resource, scan, page);
      scan = next;
      await context.onStep({ phase: "lists", resource });
      if (isUntilKnown && meetsKnown) {
        isWhole = false;
        break;
      }
    }
  }
  if (isWhole && !isUntilKnown) await takeMissing(context, resource, scan, !scan.isResumed);
  await endScan(context, resource, scan);
}

/** By how many rows the total of a list exceeds the rows that came. */
const excessOf = ({ total = 0, received }: IncompleteListError): number => total - received;

/** The rows at the offset where reading failed; `undefined` when there is no such page. */
async function rowsAt(context: Context, resource: Resource, offset: number) {
  // The list of reports ignores the offset (REP-16), so there is no such page.
  if (resource === "reports") return undefined;
  try {
    const { data, pagination } = await listOf(context, resource, { offset, limit: PAGE });
    return { data, isLast: data.length === 0 || offset + data.length >= Number(pagination?.total) };
  } catch (error) {
    if (error instanceof IncompleteListError) return undefined;
    throw error;
  }
}

/**
 * Handles a list that ends before its own total. If there are no rows after the last one, all of it was read;
 * anything else is a fault that may be gone at the next sync.
 */
async function takeIncomplete(context: Context, resource: Resource, error: IncompleteListError): Promise<void> {
  const { store, doubt } = context;
  const page = await rowsAt(context, resource, error.offset);
  const scan = (await readPass(store.read.state))?.scans[resource];
  if (page && scan) await takePage(context, resource, scan, { data: page.data, cursor: undefined, total: undefined });
  if (!page?.isLast || !scan) {
    doubt({ resource, kind: "brokenList", count: Math.max(0, excessOf(error)), message: error.message });
    return;
  }
  const count = excessOf(error) - page.data.length;
  const isShort = page.data.length === 0 && count > 0;
  const short = `The list of ${resource} reports ${error.total} rows and ends after ${error.received}. The rows that it returned are kept.`;
  doubt({ resource, kind: "shortList", count: Math.max(0, count), message: isShort ? short : error.message });
  await takeMissing(context, resource, scan, false);
  await endScan(context, resource, scan);
  await store.transaction(({ state }) => writeExcess(state, resource, excessOf(error)));
}

/** Reads a list. If it was incomplete, reads it once more from the beginning, as rows may have been removed in the meantime. */
async function readThoroughly(context: Context, resource: Resource): Promise<void> {
  const attempt = async (): Promise<IncompleteListError | undefined> => {
    try {
      await readList(context, resource);
      return undefined;
    } catch (error) {
      if (error instanceof IncompleteListError) return error;
      throw error;
    }
  };
  let failure = await attempt();
  // A list whose total was too high by the same number the last time is not read twice every time.
  if (failure && excessOf(failure) !== (await readExcess(context.store.read.state, resource))) {
    await restart(context, resource);
    failure = await attempt();
  }
  if (failure) await takeIncomplete(context, resource, failure);
}

/** Resets the progress of a list, so that it is read from the beginning. */
const restart = ({ store }: Context, resource: Resource) =>
  store.transaction((work) =>
    changePass(work, (pass) => ({ ...pass, scans: { ...pass.scans, [resource]: undefined } })),
  );

/** Checks the open orders of a status. Those that no longer have it are queued for reading. */
async function checkStatus(context: Context, status: string): Promise<void> {
  const { store } = context;
  const rows = await listOf(context, "orders", { status }).toArray({ max: Number.POSITIVE_INFINITY });
  await store.transaction(async (work) => {
    const { last, finished } = await readScans(work.state);
    const scan = last + 1;
    await writeScans(work.state, { last: scan, finished });
    for (const [place, row] of rows.entries()) {
      await saveRow(work, { resource: "orders", row, scan, place, isFirst: false }, context);
    }
    const seen = new Set(rows.map((row) => keyOf("orders", withoutSecrets(row))));
    for (const id of await work.records.openUnseen("orders", status, scan)) {
      if (!seen.has(id)) await makeDue(work, "orders", id);
    }
    await changePass(work, (pass) => ({ ...pass, statusesDone: [...pass.statusesDone, status] }));
  });
}

/** Checks, one by one, each open order of a status that was not among the newest rows. */
const checkEach = ({ store }: Context, status: string, head: number): Promise<void> =>
  store.transaction(async (work) => {
    for (const id of await work.records.openUnseen("orders", status, head)) await makeDue(work, "orders", id);
    await changePass(work, (current) => ({ ...current, statusesDone: [...current.statusesDone, status] }));
  });

/** Checks the open orders that were not among the newest rows, in the way that needs fewer calls. */
async function checkOpenOrders(context: Context): Promise<void> {
  const { store } = context;
  const pass = await readPass(store.read.state);
  const head = pass?.scans.orders?.number ?? 0;
  for (const { status, count, unseen } of await store.read.records.open("orders", head)) {
    if (unseen === 0 || pass?.statusesDone.includes(status)) continue;
    const isFewerCalls = isListed(status) && unseen > Math.ceil(count / PAGE);
    if (!isFewerCalls) {
      await checkEach(context, status, head);
    } else {
      await checkStatus(context, status).catch((error) => {
        if (!(error instanceof IncompleteListError)) throw error;
        return checkEach(context, status, head);
      });
    }
    await context.onStep({ phase: "lists", resource: "orders" });
  }
}

/**
 * Whether an error concerns one list: the user may not read it, or it alone fails. Errors of the account or of the day's budget
 * concern all lists.
 */
const concernsOneList = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  ![AuthenticationError, QuotaExceededError, RateLimitError].some((kind) => error instanceof kind);

/**
 * Reads every list to find what is new, changed or gone. A list that fails does not stop the others.
 * @throws {@link ApiError} when two lists in a row fail, as then the API itself is failing
 */
export async function readLists(context: Context): Promise<void> {
  let failedInRow = 0;
  for (const resource of LISTS) {
    try {
      await readThoroughly(context, resource);
      if (resource === "orders") await checkOpenOrders(context);
      failedInRow = 0;
    } catch (error) {
      failedInRow += 1;
      if (!concernsOneList(error) || failedInRow > 1) throw error;
      const message = `The list of ${resource} could not be read: ${error.message.replace(/\.?$/, ".")}`;
      context.doubt({ resource, kind: "brokenList", count: 0, message });
    }
  }
}
