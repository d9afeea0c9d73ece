import { chmodSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { SqlValue } from "../tables/values.ts";
import { createQueue, type Database, type Dialect, type ResultRow, SyncError } from "./database.ts";

type Sqlite = typeof import("node:sqlite");

/** Milliseconds for which a statement waits for another process to end its own. */
const BUSY_TIMEOUT = 10_000;

const dialect: Dialect = {
  name: "SQLite",
  // An affinity, not a type: a decimal stays exact as long as it has 15 digits.
  types: {
    ...{ text: "TEXT", integer: "INTEGER", decimal: "NUMERIC", real: "REAL", boolean: "INTEGER" },
    ...{ date: "TEXT", timestamp: "TEXT", json: "TEXT" },
  },
  parameter: (_kind, place) => `$${place}`,
  hasIndexes: true,
  columnNames: "SELECT name FROM pragma_table_info($1)",
};

function loadSqlite(): Sqlite {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as Sqlite | undefined;
  if (sqlite) return sqlite;
  throw new SyncError(`SQLite needs Node 22.13 or later; this is ${process.version}. PostgreSQL works here too.`);
}

function open(file: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  try {
    const sqlite = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    if (file !== ":memory:") chmodSync(file, 0o600);
    // Readers do not wait for the sync then, and a crash of the machine loses the last calls at most.
    sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return sqlite;
  } catch (cause) {
    throw new SyncError(`The file ${file} cannot be opened: ${(cause as Error).message}.`, { cause });
  }
}

/** Opens a file of SQLite. */
export function sqliteDatabase(file: string): Database {
  const sqlite = open(file);
  const prepared = new Map<string, StatementSync>();
  const inTurn = createQueue();

  function run(statement: string, parameters: readonly SqlValue[] = []): ResultRow[] {
    let found = prepared.get(statement);
    if (!found) {
      found = sqlite.prepare(statement);
      prepared.set(statement, found);
    }
    const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]));
    return found.all(named) as ResultRow[];
  }

  return {
    dialect,
    query: (statement, parameters) => inTurn(async () => run(statement, parameters)),
    transaction: (work) =>
      inTurn(async () => {
        sqlite.exec("BEGIN IMMEDIATE");
        try {
          const result = await work(async (statement, parameters) => run(statement, parameters));
          sqlite.exec("COMMIT");
          return result;
        } catch (error) {
          try {
            sqlite.exec("ROLLBACK");
          } catch {
            // SQLite did it by itself, as it does where the disk is full. Why it did is what counts.
          }
          throw error;
        }
      }),
    async close() {
      await inTurn(async () => {
        prepared.clear();
        if (sqlite.isOpen) sqlite.close();
      });
    },
  };
}
