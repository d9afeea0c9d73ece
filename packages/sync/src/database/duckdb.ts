import { mkdir, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement, DuckDBResultReader } from "@duckdb/node-api";
import { createQueue, exactNumber, type SqlValue } from "@imcloud/sql";
import { type Database, type Dialect, type ResultRow, SyncError } from "./database.ts";

const types = {
  ...{ text: "VARCHAR", integer: "BIGINT", decimal: "DECIMAL(38, 10)", real: "DOUBLE", boolean: "BOOLEAN" },
  // Moments are in UTC: the other kind needs an extension that would have to be downloaded.
  ...{ date: "DATE", timestamp: "TIMESTAMP", json: "VARCHAR" },
} as const;

const dialect: Dialect = {
  name: "DuckDB",
  types,
  // It takes no text where it wants a date or a number. A moment has a zone in it, which is UTC.
  parameter: (kind, place) =>
    // A decimal of more digits than a column has is `NULL` there, and stands in the JSON.
    kind === "timestamp" ? `CAST(replace($${place}, 'Z', '') AS TIMESTAMP)` : `TRY_CAST($${place} AS ${types[kind]})`,
  hasIndexes: false,
  updatesFirst: true,
  catalog: (names) => `
    SELECT lower(object.name) AS name, object.kind, own.column_name, own.data_type AS column_type
    FROM (SELECT table_name AS name, 'table' AS kind FROM duckdb_tables()
          UNION ALL SELECT view_name, 'view' FROM duckdb_views()) AS object
    LEFT JOIN duckdb_columns() AS own ON own.table_name = object.name
    WHERE lower(object.name) IN (${names.join(", ")})`,
};

async function loadDuckDb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    throw new SyncError("parquetTables needs the package @duckdb/node-api: npm install @duckdb/node-api.", { cause });
  }
}

/** A number of DuckDB's as one of JavaScript's, where it fits; a decimal or a date as a text. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return exactNumber(value);
  return typeof value === "object" && value !== null ? String(value) : value;
}

/** More than a sync has, and few enough for a process that syncs for months. */
const MOST_PREPARED = 200;

/** The file that the tables are kept in between two runs. */
const FILE = "imcloud.duckdb";

async function open(folder: string): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  const { DuckDBInstance } = await loadDuckDb();
  // DuckDB makes files that everybody can read, and people's data is in them.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    // Nothing is fetched: what it is asked for, it can do without extensions.
    const extensions = { autoinstall_known_extensions: "false", autoload_known_extensions: "false" };
    // A statement of a sync is about one row: threads that share it only wait for each other, for half as long again.
    const settings = { ...extensions, threads: "1" };
    // The lock of a file is a process's: two instances in one would each overwrite what the other has written.
    const instance = await DuckDBInstance.fromCache(join(folder, FILE), settings);
    return { instance, connection: await instance.connect() };
  } catch (cause) {
    throw new SyncError(`The folder ${folder} cannot be used: ${(cause as Error).message}.`, { cause });
  }
}

const queues = new Map<string, ReturnType<typeof createQueue>>();

/** What has all of a process who use a folder take turns: DuckDB fails a transaction that meets another's rows. */
function queueOf(folder: string): ReturnType<typeof createQueue> {
  const path = resolve(folder);
  const queue = queues.get(path) ?? createQueue();
  queues.set(path, queue);
  return queue;
}

/**
 * Tables in a database of DuckDB, which writes them as files of Parquet.
 * @param folder it is made when it is missing
 */
export function duckDbDatabase(folder: string): Database {
  const inTurn = queueOf(folder);
  let opened: ReturnType<typeof open> | undefined;
  const prepared = new Map<string, DuckDBPreparedStatement>();

  /** A statement of the sync's own that was parsed before, where it comes again. */
  async function prepare(connection: DuckDBConnection, statement: string): Promise<DuckDBPreparedStatement> {
    const known = prepared.get(statement);
    if (known) return known;
    const made = await connection.prepare(statement);
    const [oldest] = prepared;
    if (oldest && prepared.size >= MOST_PREPARED) {
      prepared.delete(oldest[0]);
      oldest[1].destroySync();
    }
    prepared.set(statement, made);
    return made;
  }

  type Read = (
    connection: DuckDBConnection,
    statement: string,
    parameters: readonly SqlValue[],
  ) => Promise<DuckDBResultReader>;

  const read: Read = (connection, statement, parameters) =>
    connection.runAndReadAll(statement, parameters.length ? [...parameters] : undefined);

  const readPrepared: Read = async (connection, statement, parameters) => {
    if (parameters.length === 0) return read(connection, statement, parameters);
    const found = await prepare(connection, statement);
    found.bind([...parameters]);
    return found.runAndReadAll();
  };

  async function run(readBy: Read, statement: string, parameters: readonly SqlValue[] = []): Promise<ResultRow[]> {
    opened ??= open(folder).catch((error) => {
      // Another process has the file only while it syncs.
      opened = undefined;
      throw error;
    });
    const { connection } = await opened;
    const rows = (await readBy(connection, statement, parameters)).getRowObjects();
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  }

  return {
    dialect,
    // A user's statement is not kept: a kept one has the values of the call before where too few are given.
    query: (statement, parameters) => inTurn(() => run(read, statement, parameters)),
    transaction: (work) =>
      inTurn(async () => {
        await run(read, "BEGIN TRANSACTION");
        try {
          const result = await work((statement, parameters) => run(readPrepared, statement, parameters));
          await run(read, "COMMIT");
          return result;
        } catch (error) {
          await run(read, "ROLLBACK").catch(() => {});
          throw error;
        }
      }),
    async publish(tables) {
      await inTurn(async () => {
        for (const table of tables) {
          const file = join(folder, `${table}.parquet`);
          // A reader that has the file open reads the old one to its end.
          await run(read, `COPY ${table} TO '${`${file}.new`.replaceAll("'", "''")}' (FORMAT parquet)`);
          await rename(`${file}.new`, file);
        }
      });
    },
    async close() {
      await inTurn(async () => {
        const all = await opened?.catch(() => undefined);
        opened = undefined;
        prepared.clear();
        all?.connection.closeSync();
        all?.instance.closeSync();
      });
    },
  };
}
