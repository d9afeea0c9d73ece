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

/** The SQL dialect of an engine. */
export interface Dialect {
  /** The engine's name for error messages. */
  name: string;
  /** The types of columns. */
  types: Readonly<Record<ColumnKind, string>>;
  /** The expression of a parameter for a column. */
  parameter(kind: ColumnKind, place: number): string;
  /** Whether it has indexes besides the primary key. DuckDB scans its columns, and an index makes its updates fail. */
  hasIndexes: boolean;
  /** Whether a row is written by an update, and inserted where that found none. DuckDB takes four times as long for an insert on conflict. */
  updatesFirst: boolean;
  /**
   * A query for what has some names: the `name` in lower case, its `kind` (`table`, `view`, `index` and so on), and a row for each
   * `column_name` with its `column_type`, or one where it has none.
   * @param names the names' parameters
   */
  catalog(names: readonly string[]): string;
  /**
   * A query for statements that grant again what others may do with the view $1: a view that is made anew has lost it.
   * @defaultValue none, as the engine knows no rights
   */
  grants?: string;
  /**
   * A statement that gives the engine's time as `now`, in milliseconds since 1970. Machines that share an engine share no other clock.
   * @defaultValue the machine's clock, as only one machine has the engine
   */
  clock?: string;
}

/** A database. One statement or transaction runs at a time. */
export interface Database {
  dialect: Dialect;
  query: Query;
  /** Runs work in a transaction. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Publishes written tables, for engines that write files too. */
  publish?(tables: readonly string[]): Promise<void>;
  /** Closes what it opened itself. */
  close(): Promise<void>;
}

/** Thrown when the tables cannot be read or written: the engine is unavailable, or another sync has them. */
export class SyncError extends Error {
  override name = "SyncError";
}
