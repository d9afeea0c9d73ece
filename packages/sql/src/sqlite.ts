import { type BigIntStats, chmodSync, closeSync, openSync, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, createQueue, exactNumber, type Run, type SqlResult, type SqlValue } from "./connection.ts";
import { schemeOf } from "./scheme.ts";

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

/** SQLite's codes of a file that cannot be opened, and of one that is none of its own. */
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** What happened and what to do, by SQLite's code. Its own words name neither the file nor the reason. */
const REASONS: Record<number, (file: string) => string> = {
  8: (file) => `The file ${file}, or its folder, is read-only for this process: give it the right to write to both.`,
  11: (file) => `The file ${file} is damaged: put back a copy of it that was made while no process had it open.`,
  13: (file) => `The disk of ${file} is full: make room on it. What failed was not written.`,
  [SQLITE_CANTOPEN]: (file) =>
    `The file ${file}, or those beside it, cannot be opened: this process must be able to write to its folder.`,
  [SQLITE_NOTADB]: (file) => `The file ${file} is none of SQLite: name another.`,
};

/** Statements that are kept prepared: more than the packages have, and few enough for a process that asks for months. */
const MOST_PREPARED = 200;

/** What can stand behind a statement and is none. */
const NO_STATEMENT = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$))*$/;

/** The name of a database without a file. */
const IN_MEMORY = ":memory:";

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

/** Errors have an extended code, whose last byte is the code. */
const codeOf = (error: unknown): number => Number((error as { errcode?: number }).errcode) & 0xff;

const whyNotOpened = (error: Error & { code?: string }): string => {
  if (error.code === "EPERM") return "it belongs to another user, so run all processes that share it as one user";
  if (codeOf(error) !== SQLITE_CANTOPEN) return error.message;
  return "its folder is missing, or this process may not write to it";
};

/** Makes a missing file for its owner alone. Why it cannot be made, SQLite says. */
function makeMissing(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch {
    // It is there, or its folder is missing.
  }
}

/** Whether a file is a database, or empty. A connection looks, as any other way to read it would end the locks of this process on it. */
function isDatabase({ DatabaseSync }: Sqlite, file: string): boolean {
  const sqlite = new DatabaseSync(file, { timeout: BLOCKING_TIMEOUT });
  try {
    sqlite.prepare("PRAGMA schema_version").get();
    return true;
  } catch (error) {
    return codeOf(error) !== SQLITE_NOTADB;
  } finally {
    sqlite.close();
  }
}

/** Leaves a database to its owner alone. What is none keeps its rights: a device, or another program's file, is named by mistake. */
function protect(sqlite: Sqlite, file: string): void {
  makeMissing(file);
  const stats: Stats | undefined = statSync(file, { throwIfNoEntry: false });
  if (!stats || stats.isDirectory()) return;
  if (!stats.isFile()) throw new Error("it is a device or a pipe");
  // A file that its owner made read-only stays so.
  if (stats.mode & 0o177 && isDatabase(sqlite, file)) chmodSync(file, stats.mode & 0o600);
}

function open(file: string, options: SqliteOptions): DatabaseSync {
  const scheme = schemeOf(file);
  if (scheme) throw options.toError(`SQLite takes the name of a file; got a URL of ${scheme}. ${options.instead}`);
  const sqlite = loadSqlite(options);
  try {
    if (file !== IN_MEMORY) protect(sqlite, file);
    return new sqlite.DatabaseSync(file, { timeout: BLOCKING_TIMEOUT });
  } catch (cause) {
    throw options.toError(
      `The file ${file} cannot be opened: ${whyNotOpened(cause as Error & { code?: string })}.`,
      cause,
    );
  }
}

const isBusy = (error: unknown): boolean => codeOf(error) === SQLITE_BUSY;

/**
 * Checks that a name is still of the file that was opened. SQLite itself goes on with one that was deleted or replaced, and so would this
 * process, alone: others that start see another file.
 */
function keepsFile(file: string, { toError }: SqliteOptions): () => void {
  if (file === IN_MEMORY) return () => {};
  // The process can change its folder.
  const path = resolve(file);
  const identify = (): BigIntStats | undefined => statSync(path, { bigint: true, throwIfNoEntry: false });
  const opened = identify();
  return () => {
    const now = identify();
    if (now && now.ino === opened?.ino && now.dev === opened.dev) return;
    const what = now ? "was replaced by another file" : "was deleted, moved or unmounted";
    throw toError(
      `The file ${file} ${what} while this process had it open. End all processes that use it, and start them again.`,
    );
  };
}

/** Does some work again while another process has the file. */
async function whenFree<T>(work: () => T): Promise<T> {
  const start = performance.now();
  for (;;) {
    const waited = performance.now() - start;
    try {
      return work();
    } catch (cause) {
      if (!isBusy(cause)) throw cause;
      if (waited > BUSY_TIMEOUT) {
        const message = `Other processes had its file locked for ${BUSY_TIMEOUT} ms: look for one that leaves a transaction open.`;
        throw new Error(message, { cause });
      }
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
  const checkFile = keepsFile(file, options);
  const prepared = new Map<string, StatementSync>();
  const inTurn = createQueue();
  let isSet = false;

  function prepare(statement: string): StatementSync {
    let found = prepared.get(statement);
    if (!found) {
      found = sqlite.prepare(statement);
      if (!NO_STATEMENT.test(statement.slice(found.sourceSQL.length))) {
        throw options.toError("SQLite runs one statement at a time, and got several: run each by itself.");
      }
      // It would refuse a whole result for one number that JavaScript cannot hold.
      found.setReadBigInts(true);
      const [oldest] = prepared.keys();
      if (oldest !== undefined && prepared.size >= MOST_PREPARED) prepared.delete(oldest);
      prepared.set(statement, found);
    }
    return found;
  }

  function execute(statement: string, parameters: readonly SqlValue[] = []): SqlResult {
    const named = Object.fromEntries(parameters.map((value, index) => [`$${index + 1}`, value]));
    const rows = prepare(statement).all(named) as SqlResult["rows"];
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) if (typeof value === "bigint") row[name] = exactNumber(value);
    }
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

  /** A database without a file has nothing to name. */
  function explained(cause: unknown): unknown {
    const reason = file === IN_MEMORY ? undefined : REASONS[codeOf(cause)];
    return reason ? options.toError(reason(file), cause) : cause;
  }

  /** Does some work on the file in its turn, and says why if it could not be done. */
  const inFile = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(async () => {
      checkFile();
      try {
        await set();
        return await work();
      } catch (cause) {
        throw explained(cause);
      }
    });

  const run: Run = async (statement, parameters) => {
    try {
      return execute(statement, parameters);
    } catch (cause) {
      throw explained(cause);
    }
  };

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
    run: (statement, parameters) => inFile(() => whenFree(() => execute(statement, parameters))),
    transaction: (work, isLasting = true) =>
      inFile(async () => {
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
