import { isDeepStrictEqual } from "node:util";
import type { Document } from "../store/documents.ts";
import { GONE, type SyncRecord } from "../store/records.ts";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import { jsonOf, shallow, shortText } from "../tables/values.ts";

/** Resources whose rows in lists are whole: there are no details to read. */
export const WHOLE: ReadonlySet<Resource> = new Set(["products", "reports"]);

/** States in which an order is over. One that failed can be submitted again (ORD-06). */
const OVER: ReadonlySet<unknown> = new Set(["completed", "cancelled"]);

/**
 * Of what is to be read, what goes first. What may have changed since, later on the day it was read, waits for all that certainly is new: at
 * the first sync, which takes days, one read is enough for many such days. What failed goes last, so that it keeps nothing else from being
 * read.
 */
export const PRIORITY = { changed: 0, new: 1, maybe: 5, failed: 9 } as const;

/** At the first sync, what people ask about first. */
const FIRST_PRIORITY: Readonly<Partial<Record<Resource, number>>> = { subscriptions: 2, customers: 3, orders: 4 };

/** Members that are kept nowhere: a report's link is a secret, and another each time (REP-02). */
const SECRETS = ["downloadUrl"];

/** A response without what is kept nowhere, as it is once it was kept: what differs from it later is a change. */
export const withoutSecrets = (document: object): Document =>
  JSON.parse(jsonOf(shallow(Object.fromEntries(Object.entries(document).filter(([name]) => !SECRETS.includes(name))))));

/** Characters of the longest id. Those of the API have some ten; PostgreSQL keeps some 2,700 bytes in an index. */
const LONGEST_ID = 200;

const isId = (id: unknown): id is string | number =>
  (typeof id === "string" && id.trim() !== "" && id.length <= LONGEST_ID) || typeof id === "number";

/**
 * What a thing is known by; `undefined` for a row that nothing can be asked for by. A report in a list may have no id (REP-16), and is
 * known by its name and time.
 */
export function keyOf(resource: Resource, row: Document): string | undefined {
  if (isId(row.id)) return String(row.id);
  if (!WHOLE.has(resource)) return undefined;
  const key = [row.name, row.creationDate].filter((part) => typeof part === "string" && part !== "").join(" ");
  return isId(key) ? key : undefined;
}

/** The state of a thing that is not at its end; `undefined` for what is looked at no more. */
export const openStatusOf = (resource: Resource, { status }: Document): string | undefined =>
  resource !== "orders" || status === undefined || status === null || OVER.has(status)
    ? undefined
    : shortText(typeof status === "object" ? jsonOf(status) : String(status));

/** States of open orders that the API lists by. */
const LISTED: ReadonlySet<string> = new Set(["submitted", "processing", "error"]);

/** Whether orders in a state can be listed: the API adds states, and takes none in a list that it did not have. */
export const isListed = (status: string): boolean => LISTED.has(status);

/** Members in one order, so that rows that say the same are the same text. */
const sorted = (row: Document): string =>
  jsonOf(Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))));

/** A row of a list, where it was seen. */
export interface SeenRow {
  resource: Resource;
  row: object;
  /** The number of the scan that sees it. */
  scan: number;
  /** Its place in the list. */
  place: number;
  /** It is the first time that the whole list is read: what is in it is not news. */
  isFirst: boolean;
}

/** What decides whether a row tells of a change. */
export interface Judgement {
  now: () => Date;
  /** The day that the installation had at a time. */
  dayOf: (time: Date) => string;
  /** Told of a row that is not taken, as it has no id. */
  passOver: (resource: Resource) => void;
}

/** Places of a scan that come before those of the next. */
const PLACES = 1_000_000;

/**
 * Whether a row is as it was. Its text is the same, or all it says is in the details that were read since; the API writes some things in
 * one way in lists and in another in details.
 */
async function saysNothingNew({ documents }: Work, record: SyncRecord, text: string, row: Document): Promise<boolean> {
  if (text === record.listRow) return true;
  const known = record.readAt && (await documents.read(record.resource, record.id));
  if (!known) return false;
  const had = Object.keys(JSON.parse(record.listRow));
  return (
    had.every((name) => name in row) &&
    Object.entries(row).every(([name, value]) => isDeepStrictEqual(known[name], value))
  );
}

/** Milliseconds by which the installation's day can be ahead of the one that is reckoned with. */
const AHEAD = 86_400_000;

/**
 * Whether something may have changed after the details were read, on the same day: `lastModifiedDate` is a day and not a time. One that is
 * still far away says nothing, or the thing would be read every night until then.
 */
function mayBeNewer({ lastModifiedDate }: Document, { readAt }: SyncRecord, { now, dayOf }: Judgement): boolean {
  if (readAt === undefined || typeof lastModifiedDate !== "string") return false;
  const day = /^\d{4}-\d\d-\d\d/.exec(lastModifiedDate)?.[0];
  return day !== undefined && day >= dayOf(readAt) && day <= dayOf(new Date(now().getTime() + AHEAD));
}

async function addRow(work: Work, id: string, row: Document, seen: SeenRow, { now }: Judgement): Promise<void> {
  const { resource, scan, place, isFirst } = seen;
  const isWhole = WHOLE.has(resource);
  await work.documents.write(resource, id, row, now());
  await work.records.put({
    ...{ resource, id, listRow: sorted(row), rank: place - scan * PLACES, added: scan, seen: scan, version: 0 },
    ...{ isDue: !isWhole, priority: (isFirst && FIRST_PRIORITY[resource]) || PRIORITY.new, announce: !isFirst },
    ...{ openStatus: openStatusOf(resource, row), readAt: isWhole ? now() : undefined },
  });
}

/**
 * Saves a row of a list in the tables.
 * @returns the scan that found it first; `undefined` for a new one
 */
export async function saveRow(work: Work, seen: SeenRow, judgement: Judgement): Promise<number | undefined> {
  const { resource, scan } = seen;
  const row = withoutSecrets(seen.row);
  const id = keyOf(resource, row);
  if (id === undefined) {
    judgement.passOver(resource);
    return undefined;
  }
  const record = await work.records.get(resource, id);
  if (!record) {
    await addRow(work, id, row, seen, judgement);
    return undefined;
  }
  const text = sorted(row);
  const isBack = record.seen === GONE;
  const isChanged = isBack || !(await saysNothingNew(work, record, text, row));
  const isWhole = WHOLE.has(resource);
  if (isWhole && isChanged) {
    await work.documents.write(resource, id, row, judgement.now(), await work.documents.read(resource, id));
  }
  const mustRead = !isWhole && (isChanged || mayBeNewer(row, record, judgement));
  await work.records.put({
    ...record,
    ...{ listRow: text, seen: scan, openStatus: openStatusOf(resource, row) },
    ...(mustRead && { isDue: true }),
    ...(mustRead &&
      record.readAt &&
      (isChanged || !record.isDue) && { priority: isChanged ? PRIORITY.changed : PRIORITY.maybe }),
  });
  return record.added;
}

/** Has the details of a thing read, as it is not where it was. */
export async function makeDue({ records }: Work, resource: Resource, id: string): Promise<void> {
  const record = await records.get(resource, id);
  if (record && !record.isDue) await records.put({ ...record, isDue: true, priority: PRIORITY.changed });
}
