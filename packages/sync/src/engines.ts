import { checkOptions, must, type Rules, text } from "@imcloud/options";
import { isPool, type PostgresPool, schemeOf } from "@imcloud/sql";
import { SyncError } from "./database/database.ts";
import { duckDbDatabase } from "./database/duckdb.ts";
import { postgresDatabase } from "./database/postgres.ts";
import { sqliteDatabase } from "./database/sqlite.ts";
import { viewsOf } from "./questions/views.ts";
import { checkPrefix, createStore, type SyncStore } from "./store/store.ts";

/** Options of tables. */
export interface TablesOptions {
  /**
   * The prefix of their names: lower-case letters, digits and `_`.
   * @defaultValue `imcloud_`
   */
  prefix?: string | undefined;
}

const RULES: Rules<TablesOptions> = { prefix: checkPrefix };

const prefixOf = (options: TablesOptions, of: string): string => {
  checkOptions(RULES, options, of);
  return options.prefix ?? "imcloud_";
};

/**
 * Tables in a file of SQLite, which is created if missing, readable by its owner only. Needs no package, and Node 22.13 or
 * later.
 * @throws {@link SyncError} when the file cannot be opened, or this Node has no SQLite
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export function sqliteTables(file: string, options: TablesOptions = {}): SyncStore {
  text(file, "The file of sqliteTables");
  const prefix = prefixOf(options, "sqliteTables");
  return createStore(sqliteDatabase(file), prefix, viewsOf);
}

/**
 * Tables in a database of PostgreSQL.
 * @param pool a `Pool` of `pg`. It stays yours: end it after the store.
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export function postgresTables(pool: PostgresPool, options: TablesOptions = {}): SyncStore {
  must("a Pool of pg", isPool)(pool, "The pool of postgresTables");
  const prefix = prefixOf(options, "postgresTables");
  return createStore(postgresDatabase(pool, prefix), prefix, viewsOf);
}

/**
 * Tables as Parquet files in a folder, which is created if missing: `imcloud_orders.parquet` and so on, rewritten at the end of
 * each sync. Between two runs the data is in `imcloud.duckdb` beside them. Needs the package `@duckdb/node-api`.
 * @throws {@link SyncError} when it is a URL
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export function parquetTables(folder: string, options: TablesOptions = {}): SyncStore {
  text(folder, "The folder of parquetTables");
  const scheme = schemeOf(folder);
  if (scheme) throw new SyncError(`parquetTables takes a folder of this machine; got a URL of ${scheme}.`);
  const prefix = prefixOf(options, "parquetTables");
  return createStore(duckDbDatabase(folder), prefix, viewsOf);
}
