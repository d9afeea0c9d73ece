import type { Run, SqlValue } from "@imcloud/sql";
import type { ColumnKind } from "../tables/table-spec.ts";

/** A row of a result. */
export type ResultRow = Record<string, unknown>;

/** Runs one statement. Its parameters are `$1`, `$2`, …. */
export type Query = (statement: string, parameters?: readonly SqlValue[]) => Promise<ResultRow[]>;

/** A query, from what runs a statement. */
export const queryBy =
  (run: Run): Query =>
  async (statement, parameters) =>
    (await run(statement, parameters)).rows;

/** How an engine's SQL differs from the others'. */
export interface Dialect {
  /** What the engine calls itself in an error. */
  name: string;
  /** The types of columns. */
  types: Readonly<Record<ColumnKind, string>>;
  /** A parameter for a column. */
  parameter(kind: ColumnKind, place: number): string;
  /** Whether it takes indexes besides the primary key. DuckDB scans its columns, and an index makes its updates fail. */
  hasIndexes: boolean;
  /** A statement that gives the `name` of each column of a table, `$1`; no rows where there is no such table. */
  columnNames: string;
  /** A statement that gives the `kind` of what has the name `$1`: `table`, `view`, `index` and so on; no rows where nothing has it. */
  kindOfName: string;
}

/** A database that tables are kept in. One statement or transaction runs at a time. */
export interface Database {
  dialect: Dialect;
  query: Query;
  /** Does some work with all of its statements or none. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Makes what was written visible outside, where that is more than the database itself. */
  publish?(tables: readonly string[]): Promise<void>;
  /** Ends what it opened itself. */
  close(): Promise<void>;
}

/** The tables could not be read or written: the engine is away, or another sync has them. */
export class SyncError extends Error {
  override name = "SyncError";
}
