import { closeSync, existsSync, lstatSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Persistence } from "../core/store/persistence.ts";
import type { Kind } from "../core/store/records.ts";
import { type Change, kinds, type Store } from "../core/store/store.ts";

/** What the store in a file was made of: a size and a seed, or data of somebody's own by a hash of it. */
export type Origin = { format?: number } & ({ size: string; seed: number } | { own: string });

/** What somebody has to start with to use a file of an origin. */
const wordsOf = (origin: object): string => {
  const { own, size, seed } = origin as Readonly<Record<string, unknown>>;
  return own === undefined ? `--size ${size} --seed ${seed}` : "other fixtures, or of another recording";
};

/** What SQLite keeps in no file. */
const MEMORY = ":memory:";

/** How records are kept. A file of another format is not read. */
const FORMAT = 2;

/**
 * Keeps what has changed in a store since its seed in a file of SQLite. Each request's changes are one transaction, written to the
 * operating system before its response is sent, so that the end of the process at any moment loses nothing that a caller knows of.
 */
export class Journal implements Persistence {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #put;
  readonly #setting;
  #last = 0;
  #savedTime = 0;

  /** @throws {@link Error} with a sentence for people when the file is none of a mock, or of another one */
  constructor(file: string, origin: Origin) {
    this.#file = file;
    this.#database = open(file);
    checkTables(file, this.#database);
    this.#setting = this.#database.prepare("INSERT OR REPLACE INTO settings VALUES (?, ?)");
    this.#put = this.#database.prepare(
      "INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record",
    );
    const expected = JSON.stringify({ format: FORMAT, ...origin });
    const found = this.#read("origin");
    if (found !== undefined && found !== expected) {
      const kept = originIn(found);
      this.#database.close();
      if (kept.format !== FORMAT) {
        throw new Error(
          `${file} was written by another version of the mock, which keeps data otherwise; name another file with --data.`,
        );
      }
      throw new Error(
        `${file} holds the data of ${wordsOf(kept)}; start with those, or name another file with --data.`,
      );
    }
    this.#setting.run("origin", expected);
  }

  #read(name: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row && String(row.value);
  }

  /** Puts into a store what was kept of it. Gives the time that it had; `undefined` when nothing was kept. */
  load(store: Store): number | undefined {
    try {
      return this.#load(store);
    } catch (cause) {
      throw this.foreign((cause as Error).message, cause);
    }
  }

  /** The error for a file that holds what no mock has written. It is closed. */
  foreign(what: string, cause?: unknown): Error {
    this.#database.close();
    return foreignFile(this.#file, what, cause);
  }

  #load(store: Store): number | undefined {
    const time = this.#read("time");
    if (time === undefined) return undefined;
    if (!Number.isSafeInteger(Number(time)) || Number.isNaN(new Date(Number(time)).getTime()))
      throw new Error("no time");
    const last = JSON.parse(this.#read("last") ?? "{}");
    if (typeof last !== "object" || last === null) throw new Error("no numbers of records");
    store.restart(Number(time), last);
    const rows = this.#database.prepare("SELECT kind, record, place FROM records ORDER BY place").iterate();
    for (const { kind, record, place } of rows) {
      if (!(kinds as readonly unknown[]).includes(kind))
        throw new Error(`a record of the kind ${JSON.stringify(kind)}`);
      const row = JSON.parse(String(record));
      if (typeof row?.id !== "string") throw new Error("a record without an id");
      store.of(kind as Kind).put(row as never);
      this.#last = Number(place);
    }
    return Number(time);
  }

  /** Writes records that have changed. The time alone is written once a second of it at the most. */
  write(store: Store, changes: readonly Change[]): void {
    if (!changes.length && Math.abs(store.time - this.#savedTime) < 1_000) return;
    this.#transaction(store, () => this.#writeAll(store, changes));
  }

  /** Writes a store anew: what it was before is gone. */
  rewrite(store: Store): void {
    this.#transaction(store, () => {
      this.#database.exec("DELETE FROM records");
      this.#last = 0;
      this.#writeAll(store, store.changes());
    });
    this.#makeSmall();
  }

  /** Gives back the room of what is gone. */
  #makeSmall(): void {
    try {
      this.#database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // It needs room itself; the next time there may be some.
    }
  }

  /** @throws {@link Error} with a sentence for people; then nothing was written */
  #transaction(store: Store, work: () => void): void {
    try {
      this.#attempt(work);
    } catch {
      // The log beside the file may have used up the room: what it holds goes into the file, and the log begins anew.
      this.#makeRoom();
      try {
        this.#attempt(work);
      } catch (error) {
        throw new Error(`The data file cannot be written: ${(error as Error).message}.`, { cause: error });
      }
    }
    this.#savedTime = store.time;
  }

  #attempt(work: () => void): void {
    try {
      this.#database.exec("BEGIN");
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #makeRoom(): void {
    try {
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // There is no room for that either.
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does where the disk is full.
    }
  }

  #writeAll(store: Store, rows: Iterable<Change>): void {
    for (const [kind, row] of rows) this.#put.run(kind, row.id, ++this.#last, JSON.stringify(row));
    this.#setting.run("time", String(store.time));
    this.#setting.run("last", JSON.stringify(store.last));
  }

  close(): void {
    this.#database.close();
  }
}

const foreignFile = (file: string, what: string, cause?: unknown): Error =>
  new Error(`${file} holds what no mock has written (${what}); name another file with --data.`, { cause });

/** Makes the tables of a file that is new, and sees that those of another are ours. */
function checkTables(file: string, database: DatabaseSync): void {
  try {
    database.exec(`
      CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, place INTEGER, record TEXT NOT NULL, PRIMARY KEY (kind, id));
    `);
    database.prepare("SELECT name, value FROM settings LIMIT 0").all();
    database.prepare("SELECT kind, id, place, record FROM records LIMIT 0").all();
  } catch (cause) {
    database.close();
    throw foreignFile(file, (cause as Error).message, cause);
  }
}

/** What a file says that it was made of; of what no mock wrote, nothing. */
function originIn(text: string): Origin | { format?: undefined } {
  try {
    return (JSON.parse(text) as Origin | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * Makes a file that is not there yet, for its owner alone: SQLite would give it the world's rights, and its logs have the rights of the
 * file. Not through a link that somebody laid where nothing is.
 */
function createPrivately(file: string): void {
  if (file === MEMORY) return;
  for (const log of ["-wal", "-shm", "-journal"].map((end) => file + end)) {
    if (lstatSync(log, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error(`${log} is a link`);
  }
  if (!existsSync(file)) closeSync(openSync(file, "wx", 0o600));
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    createPrivately(file);
    // SQLite takes a name that begins with `file:` for a URI, which may be of no file, or of another one.
    database = new DatabaseSync(file === MEMORY ? file : resolve(file));
    // With a write-ahead log, what is committed outlives the process; only a fall of the whole machine could take the last of it.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA locking_mode = EXCLUSIVE");
    database.exec("BEGIN IMMEDIATE; COMMIT");
    return database;
  } catch (error) {
    database?.close();
    const { message } = error as Error;
    const reason = /locked/.test(message)
      ? "another mock has it open"
      : /not a database|malformed/.test(message)
        ? "it is not the data file of a mock"
        : message;
    throw new Error(`${file} cannot be used for --data: ${reason}.`, { cause: error });
  }
}
