import { isDeepStrictEqual } from "node:util";
import type { Document } from "../store/documents.ts";
import { GONE, type SyncRecord } from "../store/records.ts";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import { jsonOf, shallow, shortText } from "../tables/values.ts";

/** Resources whose list rows are complete: there are no details to read. */
export const WHOLE: ReadonlySet<Resource> = new Set(["products", "reports"]);

/** Final statuses of an order. A failed one is not final, as it can be submitted again (ORD-06). */
const OVER: ReadonlySet<unknown> = new Set(["completed", "cancelled"]);

/**
 * The order of the queue. What may have changed later on the day it was read comes after all that is certainly new: in
 * the first sync, which takes days, one read then covers many such days. What failed comes last, so that it does not delay
 * read.
 */
export const PRIORITY = { changed: 0, new: 1, maybe: 5, failed: 9 } as const;

/** The order of resources in the first sync, the most wanted first. */
const FIRST_PRIORITY: Readonly<Partial<Record<Resource, number>>> = { subscriptions: 2, customers: 3, orders: 4 };

/** Properties that are never stored: a report's link is a secret, and differs each time (REP-02). */
const SECRETS = ["downloadUrl"];

/** A response without secrets, exactly as it is read back from the tables, so that any later difference is a change. */
export const withoutSecrets = (document: object): Document =>
  JSON.parse(jsonOf(shallow(Object.fromEntries(Object.entries(document).filter(([name]) => !SECRETS.includes(name))))));

/** Characters of the longest accepted id. The API's have about ten; PostgreSQL's indexes hold about 2,700 bytes. */
const LONGEST_ID = 200;

const isId = (id: unknown): id is string | number =>
  (typeof id === "string" && id.trim() !== "" && id.length <= LONGEST_ID) || typeof id === "number";

/**
 * The key of a list row; `undefined` when it has no usable id. A report in a list may have no id (REP-16), and is
 * identified by its name and time.
 */
export function keyOf(resource: Resource, row: Document): string | undefined {
  if (isId(row.id)) return String(row.id);
  if (!WHOLE.has(resource)) return undefined;
  const key = [row.name, row.creationDate].filter((part) => typeof part === "string" && part !== "").join(" ");
  return isId(key) ? key : undefined;
}

/** The status of an open order; `undefined` for anything that needs no further check. */
export const openStatusOf = (resource: Resource, { status }: Document): string | undefined =>
  resource !== "orders" || status === undefined || status === null || OVER.has(status)
    ? undefined
    : shortText(typeof status === "object" ? jsonOf(status) : String(status));

/** Statuses of open orders that the list can filter by. */
const LISTED: ReadonlySet<string> = new Set(["submitted", "processing", "error"]);

/** Whether the list can filter by a status. The API adds statuses, and the filter does not accept all of them. */
export const isListed = (status: string): boolean => LISTED.has(status);

/** Serializes a row with sorted properties, so that equal rows give equal text. */
const sorted = (row: Document): string =>
  jsonOf(Object.fromEntries(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))));

/** A list row and where it was found. */
export interface SeenRow {
  resource: Resource;
  row: object;
  /** The number of the scan that found it. */
  scan: number;
  /** Its position in the list. */
  place: number;
  /** The whole list is read for the first time, so its rows are not reported as new. */
  isFirst: boolean;
}

/** What decides whether a row shows a change. */
export interface Judgement {
  now: () => Date;
  /** The day of a time in the installation's time zone. */
  dayOf: (time: Date) => string;
  /** Called for a row that is skipped because it has no id. */
  skipRow: (resource: Resource) => void;
}

/** More than the rows of any list, so that the ranks of one scan do not overlap with those of the next. */
const PLACES = 1_000_000;

/**
 * Whether a row is unchanged: its text is the same, or all its values are in the details that were read since. The API writes some values in
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

/** Milliseconds by which the installation's day can be ahead of the assumed time zone. */
const AHEAD = 86_400_000;

/**
 * Whether a resource may have changed after its details were read, on the same day: `lastModifiedDate` has no time. A date that is
 * far in the future is ignored, or the resource would be read every night until then.
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
 * @returns the scan that found it first; `undefined` for a new row
 */
export async function saveRow(work: Work, seen: SeenRow, judgement: Judgement): Promise<number | undefined> {
  const { resource, scan } = seen;
  const row = withoutSecrets(seen.row);
  const id = keyOf(resource, row);
  if (id === undefined) {
    judgement.skipRow(resource);
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

/** Queues the details of a resource for reading, as its row is no longer where it was. */
export async function makeDue({ records }: Work, resource: Resource, id: string): Promise<void> {
  const record = await records.get(resource, id);
  if (record && !record.isDue) await records.put({ ...record, isDue: true, priority: PRIORITY.changed });
}
