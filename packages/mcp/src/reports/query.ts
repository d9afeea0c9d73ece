import { money } from "@imcloud/client";
import { ToolError } from "../results/failure.ts";
import { personalWord } from "../results/personal.ts";
import type { ReportTable } from "./report-files.ts";

/** A query of a table. */
export interface TableQuery {
  columns?: string[] | undefined;
  where?: { column: string; equals: string }[] | undefined;
  groupBy?: string | undefined;
  sum?: string[] | undefined;
}

/** Rows of the chosen columns, or groups with sums. */
export interface TableResult {
  columns: string[];
  rows: string[][];
  /** The words by which personal columns were left out. */
  personal: string[];
}

const DECIMAL = /^\s*[+-]?\d+(?:\.\d+)?\s*$/;

/** The index of a column. */
function indexOf({ columns }: ReportTable, column: string): number {
  const index = columns.indexOf(column);
  if (index < 0) throw new ToolError("There is no such column: data.columns has those that there are.", { columns });
  return index;
}

/**
 * The exact sum of cells; empty ones count as 0.
 * @throws {@link ToolError} when a cell is not a decimal number
 */
function sumOf(cells: string[]): string {
  const amounts = cells.filter((cell) => cell.trim() !== "");
  if (!amounts.every((cell) => DECIMAL.test(cell))) {
    throw new ToolError("This column cannot be added up: it has cells that are no decimal numbers.");
  }
  return amounts.length ? money.sum(amounts.map((amount) => ({ amount, currency: "" }))).amount : "";
}

/** Sums by group. Currency columns are part of the group, so that different currencies are never added. */
function group(
  table: ReportTable,
  rows: string[][],
  { groupBy, sum = [] }: TableQuery,
): { columns: string[]; rows: string[][] } {
  const currencies = table.columns.filter((column) => /currency/i.test(column));
  const by = [...new Set([...(groupBy ? [groupBy] : []), ...currencies])];
  const keys = by.map((column) => indexOf(table, column));
  const values = sum.map((column) => indexOf(table, column));
  const groups = new Map<string, string[][]>();
  for (const row of rows) {
    const key = JSON.stringify(keys.map((index) => row[index] ?? ""));
    const members = groups.get(key) ?? [];
    groups.set(key, members);
    members.push(row);
  }
  return {
    columns: [...by, "rows", ...sum.map((column) => `sum of ${column}`)],
    rows: [...groups].map(([key, members]) => [
      ...(JSON.parse(key) as string[]),
      String(members.length),
      ...values.map((index) => sumOf(members.map((row) => row[index] ?? ""))),
    ]),
  };
}

/**
 * Selects rows and columns of a table, or adds up.
 * @throws {@link ToolError} when a column is missing or personal
 */
export function queryTable(table: ReportTable, query: TableQuery, includePersonalData: boolean): TableResult {
  const words = includePersonalData ? [] : table.columns.map((column) => personalWord(column) ?? "");
  const hidden = new Set(table.columns.filter((_, index) => words[index]));
  const personal = [...new Set(words.filter(Boolean))];
  const named = [
    ...(query.columns ?? []),
    ...(query.where ?? []).map(({ column }) => column),
    query.groupBy ?? [],
    ...(query.sum ?? []),
  ].flat();
  if (named.some((column) => hidden.has(column))) {
    throw new ToolError("This column is about people, and the server was started without --include-personal-data.");
  }
  const conditions = (query.where ?? []).map(({ column, equals }) => [indexOf(table, column), equals] as const);
  const rows = table.rows.filter((row) => conditions.every(([index, equals]) => row[index] === equals));
  if (query.groupBy || query.sum?.length) return { ...group(table, rows, query), personal };
  const columns = query.columns ?? table.columns.filter((column) => !hidden.has(column));
  const chosen = columns.map((column) => indexOf(table, column));
  return { columns, rows: rows.map((row) => chosen.map((index) => row[index] ?? "")), personal };
}
