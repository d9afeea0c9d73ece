import { isObject } from "@imcloud/options";
import { IncompleteListError } from "../errors/errors.ts";

/** A page, as far as it is looked at here. */
interface PageLike {
  data: readonly unknown[];
  pagination?: { total?: unknown } | null;
}

/** What was read of a list before a page. */
export interface Reading {
  operation: string;
  /** Where the page is asked for. */
  offset: number;
  /** Different rows that came. */
  received: number;
  /** Rows in all, as an earlier page said. */
  total: number | undefined;
}

/** Whether something is a row. An object in the place of its id has no text to know it by. */
const isRow = (value: unknown): boolean => isObject(value) && !(value.id && typeof value.id === "object");

/**
 * The rows of a page.
 * @throws {@link IncompleteListError} when the body is not a page
 */
export function rowsOf<T>(body: unknown, reading: Reading): T[] {
  // Some serializers write an empty list as null.
  const data: unknown = isObject(body) && "data" in body ? (body.data ?? []) : undefined;
  if (Array.isArray(data) && data.every(isRow)) return data as T[];
  throw new IncompleteListError("The response is not a page: it has no rows, or rows that are no objects.", reading);
}

/**
 * The `total` of a page, where it is credible: a number, also as text, that is not less than the rows that the page proves. A first page
 * from a server that ignores `offset` shows as many as it gives.
 */
function credibleTotal({ data, pagination }: PageLike, { offset, received }: Reading): number | undefined {
  const given: unknown = pagination?.total;
  if (typeof given !== "number" && !(typeof given === "string" && /^\d+$/.test(given))) return undefined;
  const total = Number(given);
  const isWhole = data.length === 0 || (received === 0 && data.length === total);
  const shown = isWhole ? data.length : offset + data.length;
  return Number.isSafeInteger(total) && total >= shown ? total : undefined;
}

/** Where a list goes on after a page. */
export interface Following {
  /** The offset of the next page; `undefined` after the last. */
  next: number | undefined;
  /** Rows in all, as the API last said; `undefined` where it said nothing to be believed. */
  total: number | undefined;
}

/**
 * Where a list goes on: by the rows that came, not by those that were asked for. Its end is proved by a credible total that is reached
 * or, without one, by an empty page.
 * @throws {@link IncompleteListError} when the page is empty though there are more rows, and when rows have left the list
 */
export function follow(page: PageLike, reading: Reading): Following {
  const { offset, total: before } = reading;
  const now = credibleTotal(page, reading);
  const total = now ?? before;
  if (now !== undefined && before !== undefined && now < before) {
    throw new IncompleteListError(
      `It had ${before} rows, and now has ${now}: rows left it, so that others moved up unseen. Collect with toArray() before you change what you read.`,
      { ...reading, total },
    );
  }
  const { length } = page.data;
  if (length === 0 && total !== undefined && offset < total) {
    throw new IncompleteListError("There are more rows, but the page was empty.", {
      ...reading,
      total,
    });
  }
  const isEnd = length === 0 || (now !== undefined && offset + length >= now);
  return { next: isEnd ? undefined : offset + length, total };
}
