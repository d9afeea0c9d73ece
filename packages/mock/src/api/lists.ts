import type { Pagination } from "@imcloud/spec";
import type { Collection } from "../world/collection.ts";
import type { WorldRecord } from "../world/records.ts";
import { type Call, queried } from "./call.ts";

const STANDARD_LIMIT = 10;
/** The API is known to give this many; whether it gives more is not. */
const LARGEST_LIMIT = 500;

/** What a call asks for of a list. The document's checks have seen to it that these are numbers. */
export function pagingOf(call: Call): { offset: number; limit: number } {
  const limit = Number(queried(call, "limit") ?? STANDARD_LIMIT);
  return { offset: Number(queried(call, "offset") ?? 0), limit: Math.min(limit, LARGEST_LIMIT) };
}

interface Page<Row> {
  data: Row[];
  pagination: Pagination;
}

/** Tells whether a record is among those asked for; `undefined` for a filter that was not given. */
export type Filter<T> = ((record: T) => boolean) | undefined;

/**
 * A page of a list, newest first.
 * @param from a key of the collection and its value, by which a part of it is found at once
 */
export function pageOf<T extends WorldRecord, Row>(
  call: Call,
  collection: Collection<T>,
  filters: Filter<T>[],
  show: (record: T) => Row,
  from?: [key: string, value: string | undefined][],
): Page<Row> {
  const { offset, limit } = pagingOf(call);
  const asked = filters.filter((filter) => filter !== undefined);
  const [key] = (from ?? []).filter(([, value]) => value !== undefined);
  if (!asked.length && !key) {
    const rows = collection.slice(offset, limit);
    return { data: rows.map(show), pagination: { offset, limit, total: collection.size } };
  }
  const data: Row[] = [];
  let total = 0;
  for (const record of key ? collection.having(key[0], String(key[1])) : collection.newestFirst()) {
    if (!asked.every((filter) => filter(record))) continue;
    if (total >= offset && data.length < limit) data.push(show(record));
    total += 1;
  }
  return { data, pagination: { offset, limit, total } };
}

/** Keeps records of which a text is the one asked for. */
export function equals<T>(call: Call, name: string, textOf: (record: T) => unknown): Filter<T> {
  const wanted = queried(call, name);
  return wanted === undefined ? undefined : (record) => String(textOf(record) ?? "") === wanted;
}

const plain = (text: unknown) =>
  String(text ?? "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

/** Keeps records of which a text has the words asked for in it, whatever their case and accents. */
export function resembles<T>(call: Call, name: string, textOf: (record: T) => unknown): Filter<T> {
  const wanted = queried(call, name);
  if (wanted === undefined) return undefined;
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return (record) => {
    const text = plain(textOf(record));
    return words.every((word) => text.includes(word));
  };
}
