import type { PagePromise } from "../../core/lists/pages.ts";
import { SeenRows } from "../../core/lists/seen-rows.ts";
import type { Identified } from "./search-targets.ts";

/** Rows to note before a thing is sent. */
const BASELINE_SIZE = 100;
/** Rows to note at most where the list's order does not tell which are new: five calls. */
const LARGEST_BASELINE = 2_500;
/** Rows to look through at a time: the most that was seen to work. */
export const PAGE_SIZE = 500;
/** Rows that it takes to see the order of a list. */
const ROWS_IN_ORDER = 5;

/** What a list held before a thing was sent. */
export interface Baseline {
  rows: SeenRows;
  count: number;
  /** What is new comes before these rows. Otherwise these are all that there were. */
  isNewestFirst: boolean;
  /** `NaN` where the API does not say. */
  total: number;
}

/** The `total` of a page; `NaN` where it has none. */
export const totalOf = (pagination: { total?: unknown } | null | undefined): number =>
  Number(pagination?.total ?? Number.NaN);

/** Whether rows are seen to be newest first: by when they were created or, where that does not tell, by their ids. */
export function isNewestFirst(rows: readonly (Identified & { creationDate?: unknown })[]): boolean {
  if (rows.length < ROWS_IN_ORDER) return false;
  const keys = [rows.map((row) => Date.parse(String(row.creationDate))), rows.map((row) => Number(row.id))];
  const telling = keys.find((each) => !each.some(Number.isNaN) && new Set(each).size > 1) ?? [];
  return telling.length > 0 && telling.every((key, index) => index === 0 || key <= Number(telling[index - 1]));
}

/**
 * What is there before a thing is sent: one page where the list is seen to be newest first, otherwise all of it. `undefined` where that
 * cannot be had: all that is there would be taken for new.
 */
export async function takeBaseline<Row extends Identified>(
  list: (query: { limit: number }) => PagePromise<Row>,
): Promise<Baseline | undefined> {
  const { data, pagination } = await list({ limit: BASELINE_SIZE });
  const total = totalOf(pagination);
  const isOrdered = data.length !== total && isNewestFirst(data);
  const all =
    isOrdered || data.length === total ? data : await list({ limit: PAGE_SIZE }).toArray({ max: LARGEST_BASELINE });
  // Nothing that is in doubt.
  if (all.length === 0 && total !== 0) return undefined;
  const rows = new SeenRows();
  for (const row of all) rows.add(row);
  return { rows, count: all.length, isNewestFirst: isOrdered, total };
}

/** A baseline as JSON has it: `NaN` is `null` there. */
export interface BaselineJson extends Omit<Baseline, "rows" | "total"> {
  rows: ReturnType<SeenRows["toJSON"]>;
  total: number | null;
}

/** The baseline that was written as JSON. */
export const baselineFromJson = ({ rows, total, ...rest }: BaselineJson): Baseline => ({
  ...rest,
  rows: SeenRows.fromJSON(rows),
  total: total ?? Number.NaN,
});
