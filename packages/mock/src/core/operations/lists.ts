import type { Pagination } from "@imcloud/spec";
import type { Collection } from "../store/collection.ts";
import { timeOf } from "../store/dates.ts";
import type { StoredRecord } from "../store/records.ts";
import { type QueryValues, queryParam } from "./handler.ts";

const DEFAULT_LIMIT = 10;
/** The largest known page of the API. */
const MAX_LIMIT = 500;

type Paged = { query: QueryValues<"offset" | "limit"> };

/** The offset and limit of a call, which validation has turned into numbers. */
export function pagingOf(call: Paged): { offset: number; limit: number } {
  const limit = Number(queryParam(call, "limit") ?? DEFAULT_LIMIT);
  return { offset: Number(queryParam(call, "offset") ?? 0), limit: Math.min(limit, MAX_LIMIT) };
}

interface Page<Row> {
  data: Row[];
  pagination: Pagination;
}

/** Whether a record matches; `undefined` for a filter that is not given. */
export type Filter<T> = ((record: T) => boolean) | undefined;

/**
 * A page of a list, newest first.
 * @param keys indexed keys with the values to find; the first given one narrows the list without a scan
 */
export function pageOf<T extends StoredRecord, Row>(
  call: Paged,
  collection: Collection<T>,
  filters: Filter<T>[],
  toRow: (record: T) => Row,
  keys: [key: string, value: string | undefined][] = [],
): Page<Row> {
  const { offset, limit } = pagingOf(call);
  const asked = filters.filter((filter) => filter !== undefined);
  const [key] = keys.filter(([, value]) => value !== undefined);
  if (!asked.length && !key) {
    const rows = collection.slice(offset, limit);
    return { data: rows.map(toRow), pagination: { offset, limit, total: collection.size } };
  }
  const data: Row[] = [];
  let total = 0;
  for (const record of key ? collection.withKey(key[0], String(key[1])) : collection.newestFirst()) {
    if (!asked.every((filter) => filter(record))) continue;
    if (total >= offset && data.length < limit) data.push(toRow(record));
    total += 1;
  }
  return { data, pagination: { offset, limit, total } };
}

/** Matches records with a given text. */
export function equals<T, Name extends string>(
  call: { query: QueryValues<Name> },
  name: Name,
  textOf: (record: T) => unknown,
): Filter<T> {
  const wanted = queryParam(call, name);
  return wanted === undefined ? undefined : (record) => String(textOf(record) ?? "") === wanted;
}

/** Matches records from a time on. */
export function isSince<T>(from: string | undefined, timeOfRecord: (record: T) => number): Filter<T> {
  if (from === undefined) return undefined;
  const wanted = timeOf(from);
  return (record) => timeOfRecord(record) >= wanted;
}

/** Matches records until a time. */
export function isUntil<T>(to: string | undefined, timeOfRecord: (record: T) => number): Filter<T> {
  if (to === undefined) return undefined;
  const wanted = timeOf(to);
  return (record) => timeOfRecord(record) <= wanted;
}

/** A text without case and accents. */
const plain = (text: unknown) =>
  String(text ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

/** Matches records whose text contains the given words, ignoring case and accents. */
export function containsWords<T, Name extends string>(
  call: { query: QueryValues<Name> },
  name: Name,
  textOf: (record: T) => unknown,
): Filter<T> {
  const wanted = queryParam(call, name);
  if (wanted === undefined) return undefined;
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return (record) => {
    const text = plain(textOf(record));
    return words.every((word) => text.includes(word));
  };
}
