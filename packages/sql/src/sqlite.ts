import { chmodSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createQueue, type Run, type SqlResult, type SqlValue } from "./connection.ts";

type Sqlite = typeof import("node:sqlite");

/** Milliseconds for which a statement waits for other processes to end their own. */
const BUSY_TIMEOUT = 30_000;
/** Milliseconds for which SQLite itself waits, which stops the process. */
const BLOCKING_TIMEOUT = 20;
/** Milliseconds between two tries at the most, and the time after which they follow each other at once. */
const LONGEST_PAUSE = 25;
const IMPATIENT_AFTER = 2_000;
/** SQLite's code of a file that another connection has. */
const SQLITE_BUSY = 5;

/** How a file is opened. */
export interface SqliteOptions {
  /** What needs SQLite, as an error says. */
  name: string;
  /** What works where there is no SQLite, as an error says: a sentence. */
  instead: string;
  /**
   * What a crash of the machine loses, not one of the process: with `FULL` nothing, with `NORMAL` the last transactions.
   * `NORMAL` does not wait for the disk.
   */
  synchronous: "FULL" | "NORMAL";
  /** Makes an error of the caller's kind. */
  toError(message: string, cause?: unknown): Error;
}

function loadSqlite({ name, instead, toError }: SqliteOptions): Sqlite {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as Sqlite | undefined;
  if (sqlite) return sqlite;
  throw toError(`${name} needs Node 22.13 or later; this is ${process.version}. ${instead}`);
}

function open(file: string, options: SqliteOptions): DatabaseSync {
  const { DatabaseSync } = loadSqlite(options);
  try {
    const sqlite = new DatabaseSync(file, { timeout: BLOCKING_TIMEOUT });
    if (file !== ":memory:") chmodSync(file, 0o600);
    return sqlite;
  } catch (cause) {
    throw options.toError(`The file ${file} cannot be opened: ${(cause as Error).message}.`, cause);
  }
}

/** Errors have an extended code, whose last byte is the code. */
const isBusy = (error: unknown): boolean => (Number((error as { errcode?: number }).errcode) & 0xff) === SQLITE_BUSY;

/** Does some work again while another process has the file. */
async function whenFree<T>(work: () => T): Promise<T> {
  const start = performance.now();
  for (;;) {
    const waited = performance.now() - start;
    try {
      return work();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      if (waited > BUSY_TIMEOUT) throw new Error(`Other processes had it locked for ${BUSY_TIMEOUT} ms.`, { cause });
    }
    // SQLite keeps no queue. Who has waited for longer tries more often, so that many who come anew do not keep it out.
    await sleep(Math.random() * LONGEST_PAUSE * Math.max(0, 1 - waited / IMPATIENT_AFTER));
  }
}

/**
 * A way to a file of SQLite, for many processes on one machine. Statements and transactions of a process go one after the other.
 * @param file it is made when it is missing, with rights for its owner alone; `:memory:` is none
 */
export function sqliteConnection(file: string, options: SqliteOptions): Connection {
  const sqlite = open(file, options);
  const prepared = new Map<string, StatementSync>();
  const inTurn = createQueue();
  let isSet = false;

  function prepare(statement: string): StatementSync {
    let found = prepared.get(statement);
    if (!found) {
      found = sqlite.prepare(statement);
      prepared.set(statement, found);
    }
    return found;
  }

  function execute(statement: string, parameters: readonly SqlValue[] = []): SqlResult {
    const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]));
    const rows = prepare(statement).all(named) as SqlResult["rows"];
    return { rows, count: Number(prepare("SELECT changes() AS count").get()?.count) };
  }

  /** How long a transaction takes depends on it: what is not to last does not wait for the disk. */
  const sync = (how: SqliteOptions["synchronous"]) => sqlite.exec(`PRAGMA synchronous = ${how}`);

  /** Settings need the file, which another process can have. */
  async function set(): Promise<void> {
    if (isSet) return;
    // Readers do not wait for a writer then. It is a property of the file, and stays.
    await whenFree(() => sqlite.exec("PRAGMA journal_mode = WAL"));
    await whenFree(() => sync(options.synchronous));
    isSet = true;
  }

  const run: Run = async (statement, parameters) => execute(statement, parameters);

  async function finish<T>(work: (run: Run) => Promise<T>): Promise<T> {
    try {
      const result = await work(run);
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
  }

  return {
    run: (statement, parameters) =>
      inTurn(async () => {
        await set();
        return whenFree(() => execute(statement, parameters));
      }),
    transaction: (work, isLasting = true) =>
      inTurn(async () => {
        await set();
        if (!isLasting) sync("NORMAL");
        try {
          await whenFree(() => sqlite.exec("BEGIN IMMEDIATE"));
          return await finish(work);
        } finally {
          if (!isLasting) sync(options.synchronous);
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
