import { IncompleteListError, type ListPage, type PagePromise } from "@imcloud/client";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import type { Context } from "./context.ts";
import { getDetails } from "./get-details.ts";
import { isListed, keyOf, makeDue, takeRow, withoutSecrets } from "./look.ts";
import { type Pass, readPass, readScans, type Scan, writePass, writeScans } from "./pass.ts";
import { takeDetails, takeGone } from "./take.ts";

/** Rows of a list: the most that was seen to work (FLD-14). */
const PAGE = 500;

/** The lists in the order in which they are read: what orders and subscriptions name is there before them. */
const LISTS: readonly Resource[] = ["customers", "subscriptions", "orders", "products", "reports"];

/** Lists that are read until what is known. Rows of the others change wherever they stand, or leave. */
const NEWEST_FIRST: ReadonlySet<Resource> = new Set(["orders"]);

const listOf = ({ client, signal }: Context, resource: Resource): PagePromise<object> =>
  client[resource].list({}, { signal }) as PagePromise<object>;

async function changePass(work: Work, change: (pass: Pass) => Pass): Promise<void> {
  const pass = await readPass(work.state);
  if (pass) await writePass(work.state, change(pass));
}

const putScan = (work: Work, resource: Resource, scan: Scan) =>
  changePass(work, (pass) => ({ ...pass, scans: { ...pass.scans, [resource]: scan } }));

/** The scan to go on with, or a new one. */
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

/** Takes a page into the tables, with where the list goes on. */
function takePage(context: Context, resource: Resource, scan: Scan, { data, cursor }: ListPage<object>) {
  return context.store.transaction(async (work) => {
    const { finished } = await readScans(work.state);
    const last = finished[resource];
    let meetsKnown = false;
    for (const [index, row] of data.entries()) {
      const seen = { resource, row, scan: scan.number, place: scan.place + index, isFirst: last === undefined };
      const added = await takeRow(work, seen, context);
      // What a scan found that did not come to its end has unknown rows behind it.
      if (added !== undefined && last !== undefined && added <= last) meetsKnown = true;
    }
    const next: Scan = { ...scan, cursor, place: scan.place + data.length };
    await putScan(work, resource, next);
    return { next, meetsKnown };
  });
}

/**
 * Marks what a whole list does not have any more. After a pause in the middle of the list, what left it meanwhile may have pushed others
 * past the reader: then each is asked for.
 */
async function takeMissing(context: Context, resource: Resource, scan: Scan): Promise<void> {
  const { store, now, count } = context;
  const missing = await store.read.records.unseenSince(resource, scan.number);
  for (const id of missing) {
    const readAt = now();
    const isAsked = scan.isResumed && (resource === "customers" || resource === "subscriptions");
    if (scan.isResumed && !isAsked) continue;
    const details = isAsked ? await getDetails(context, resource, id) : undefined;
    const events = await store.transaction((work) =>
      details ? takeDetails(work, resource, id, details, readAt) : takeGone(work, resource, id, readAt),
    );
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
  // A scan without a cursor and with rows had read its last page when the process ended.
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
  if (isWhole && !isUntilKnown) await takeMissing(context, resource, scan);
  await endScan(context, resource, scan);
}

/** Forgets how far a list is read, so that it is read from its beginning. */
const restart = ({ store }: Context, resource: Resource) =>
  store.transaction((work) =>
    changePass(work, (pass) => ({ ...pass, scans: { ...pass.scans, [resource]: undefined } })),
  );

/** Looks at the open orders of a state: those that left it are read. */
async function lookAtStatus(context: Context, status: string): Promise<void> {
  const { client, store, signal } = context;
  const rows = await client.orders.list({ status } as never, { signal }).toArray({ max: Number.POSITIVE_INFINITY });
  await store.transaction(async (work) => {
    const { last, finished } = await readScans(work.state);
    const scan = last + 1;
    await writeScans(work.state, { last: scan, finished });
    for (const [place, row] of rows.entries()) {
      await takeRow(work, { resource: "orders", row, scan, place, isFirst: false }, context);
    }
    const seen = new Set(rows.map((row) => keyOf(withoutSecrets(row))));
    for (const id of await work.records.openUnseen("orders", status, scan)) {
      if (!seen.has(id)) await makeDue(work, "orders", id);
    }
    await changePass(work, (pass) => ({ ...pass, statusesDone: [...pass.statusesDone, status] }));
  });
}

/** Looks at what is open and did not come with the newest rows, in the way that takes fewer calls. */
async function lookAtOpen(context: Context): Promise<void> {
  const { store } = context;
  const pass = await readPass(store.read.state);
  const head = pass?.scans.orders?.number ?? 0;
  for (const { status, count, unseen } of await store.read.records.open("orders", head)) {
    if (unseen === 0 || pass?.statusesDone.includes(status)) continue;
    if (isListed(status) && unseen > Math.ceil(count / PAGE)) {
      await lookAtStatus(context, status);
    } else {
      await store.transaction(async (work) => {
        for (const id of await work.records.openUnseen("orders", status, head)) await makeDue(work, "orders", id);
        await changePass(work, (current) => ({ ...current, statusesDone: [...current.statusesDone, status] }));
      });
    }
    await context.onStep({ phase: "lists", resource: "orders" });
  }
}

/** Reads every list: what is new, what is other than it was, and what is gone. */
export async function readLists(context: Context): Promise<void> {
  for (const resource of LISTS) {
    try {
      await readList(context, resource);
    } catch (error) {
      // Rows left the list while it was read, or the place that was kept is none any more: once more from the beginning.
      if (!(error instanceof IncompleteListError)) throw error;
      await restart(context, resource);
      await readList(context, resource);
    }
    if (resource === "orders") await lookAtOpen(context);
  }
}
