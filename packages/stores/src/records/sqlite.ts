import { chmodSync } from "node:fs";
import { pause, type Records, StoreError } from "./records.ts";
import { type Database, type SqlResult, sqlRecords } from "./sql.ts";

/** Milliseconds for which a statement waits for another process to end its own. */
const BUSY_TIMEOUT = 10_000;
/** Milliseconds for which SQLite itself waits, which stops the process. */
const BLOCKING_TIMEOUT = 20;

type Sqlite = typeof import("node:sqlite");

function loadSqlite(): Sqlite {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as Sqlite | undefined;
  if (sqlite) return sqlite;
  throw new StoreError(
    `sqliteStore needs Node 22.13 or later; this is ${process.version}. PostgreSQL and Redis work here too.`,
  );
}

const isBusy = (error: unknown): boolean => /database is locked|SQLITE_BUSY/i.test((error as Error).message);

/** Does some work again while another process has the file. */
async function whenFree<T>(work: () => T): Promise<T> {
  for (const end = performance.now() + BUSY_TIMEOUT; ; ) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
    }
    await pause(5 + Math.random() * 20);
  }
}

/**
 * Keeps records in a file of SQLite, for many processes on one machine.
 * @param file it is made when it is missing, with rights for its owner alone
 */
export function sqliteRecords(file: string, prefix: string): Records {
  const { DatabaseSync } = loadSqlite();
  const open = () => {
    try {
      return new DatabaseSync(file, { timeout: BLOCKING_TIMEOUT });
    } catch (cause) {
      throw new StoreError(`The file ${file} cannot be opened: ${(cause as Error).message}.`, { cause });
    }
  };
  const sqlite = open();
  if (file !== ":memory:") chmodSync(file, 0o600);

  function execute(statement: string, parameters: (string | number)[] = []): SqlResult {
    const prepared = sqlite.prepare(statement);
    const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]));
    if (/^\s*SELECT/i.test(statement)) return { rows: prepared.all(named) as SqlResult["rows"], count: 0 };
    return { rows: [], count: Number(prepared.run(named).changes) };
  }

  const database: Database = {
    name: "SQLite",
    now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    run: (statement, parameters) => whenFree(() => execute(statement, parameters)),
    async exclusively(work) {
      // Readers do not wait for a writer then. It is a property of the file, and stays.
      await whenFree(() => sqlite.exec("PRAGMA journal_mode = WAL"));
      await whenFree(() => sqlite.exec("BEGIN IMMEDIATE"));
      try {
        await work(async (statement, parameters) => execute(statement, parameters));
        sqlite.exec("COMMIT");
      } catch (error) {
        try {
          sqlite.exec("ROLLBACK");
        } catch {
          // SQLite did it by itself, as it does where the disk is full. Why it did is what counts.
        }
        throw error;
      }
    },
    async close() {
      if (sqlite.isOpen) sqlite.close();
    },
  };
  return sqlRecords(database, prefix);
}
