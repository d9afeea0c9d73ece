import { randomBytes } from "node:crypto";
import { closeSync, existsSync, lstatSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isAboutOptions, type OptionSentence, optionError } from "../core/option-names.ts";
import type { KeptTokens, Persistence } from "../core/store/persistence.ts";
import type { Kind } from "../core/store/records.ts";
import { type Change, changesIn, kinds, type Store, type StoreState } from "../core/store/store.ts";
import { TimeSlices } from "../core/time-slices.ts";

/** What the store in a file was made of: a size and a seed, or data of somebody's own by a hash of it. */
export type Origin = { format?: number } & ({ size: string; seed: number } | { own: string });

/** Why a file of one origin cannot be used for another. */
function otherOrigin(file: string, origin: object): OptionSentence {
  const { own, size, seed } = origin as Readonly<Record<string, unknown>>;
  if (own !== undefined) {
    return (of) =>
      `${file} holds the data of other fixtures, or of another recording; start with those, or name another file with ${of("data")}.`;
  }
  return (of) =>
    `${file} holds the data of size ${size} and seed ${seed}; give ${of("size")} and ${of("seed")} these values, or name another file with ${of("data")}.`;
}

/** What SQLite keeps in no file. */
const MEMORY = ":memory:";

/** How records are kept. A file of another format is not read. */
const FORMAT = 2;
const RECORDS = "(kind TEXT, id TEXT, place INTEGER, record TEXT NOT NULL, PRIMARY KEY (kind, id))";
/** Tables that are on their way in or out begin so. What is left of them is dropped at the start. */
const ASIDE = "aside_";

/**
 * Keeps what has changed in a store since its seed in a file of SQLite. Each request's changes are one transaction, written to the
 * operating system before its response is sent, so that the end of the process at any moment loses nothing that a caller knows of.
 */
export class Journal implements Persistence {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #put;
  readonly #setting;
  readonly tokens: KeptTokens;
  readonly linkKey: Uint8Array;
  #last = 0;
  #savedTime = 0;
  #tables = 0;
  #isClosed = false;

  /** @throws {@link Error} with a message for people when the file is none of a mock, or of another one */
  constructor(file: string, origin: Origin) {
    this.#file = file;
    this.#database = open(file);
    makeTables(file, this.#database);
    try {
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
          const why = "was written by another version of the mock, which keeps data otherwise";
          throw optionError(Error, (of) => `${file} ${why}; name another file with ${of("data")}.`);
        }
        throw optionError(Error, otherOrigin(file, kept));
      }
      this.#setting.run("origin", expected);
      dropLeft(this.#database);
      this.tokens = keptTokens(this.#database);
      this.linkKey = this.#keptKey();
    } catch (cause) {
      if (isAboutOptions(cause)) throw cause;
      throw this.foreign((cause as Error).message, cause);
    }
  }

  #read(name: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row && String(row.value);
  }

  #keptKey(): Uint8Array {
    const kept = this.#read("linkKey");
    if (kept !== undefined && /^(?:[0-9a-f]{2}){32}$/.test(kept)) return Buffer.from(kept, "hex");
    const key = randomBytes(32);
    this.#setting.run("linkKey", key.toString("hex"));
    return key;
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

  get savedTime(): number {
    return this.#savedTime;
  }

  /** Writes records that have changed, and the time. */
  write(store: Store, changes: readonly Change[]): void {
    this.#write(() => this.#writeAll(store, changes));
    this.#savedTime = store.time;
  }

  /** Writes a whole store into a table beside the one that is in use, in slices. */
  async prepare(state: StoreState, isOver: () => boolean): Promise<() => Promise<void>> {
    const table = `${ASIDE}${++this.#tables}`;
    try {
      const last = await this.#fill(table, state, isOver);
      return () => this.#replaceBy(table, last, state);
    } catch (error) {
      await this.#shrink(table);
      throw error;
    }
  }

  /** Gives the place of the last record. */
  async #fill(table: string, state: StoreState, isOver: () => boolean): Promise<number> {
    const slices = new TimeSlices();
    const rows = changesIn(state);
    let last = 0;
    this.#write(() => this.#database.exec(`CREATE TABLE ${table} ${RECORDS}`));
    const put = this.#database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`);
    for (let slice = sliceOf(rows, slices); slice.length; slice = sliceOf(rows, slices)) {
      this.#write(() => {
        for (const [at, { kind, id, record }] of slice.entries()) put.run(kind, id, last + at + 1, record);
      });
      last += slice.length;
      await slices.pause();
      if (isOver()) break;
    }
    if (isOver()) await this.#shrink(table);
    return last;
  }

  /** Replaces the table that is in use by another. The disk space of the old one is freed in slices. */
  #replaceBy(table: string, last: number, { time, last: numbers }: StoreState): Promise<void> {
    const old = `${ASIDE}${++this.#tables}`;
    this.#write(() => {
      this.#database.exec(`ALTER TABLE records RENAME TO ${old}; ALTER TABLE ${table} RENAME TO records`);
      this.#setting.run("time", String(time));
      this.#setting.run("last", JSON.stringify(numbers));
    });
    this.#last = last;
    this.#savedTime = time;
    return this.#shrink(old);
  }

  /** Frees the disk space of a table, and drops it. Where that fails, the next start does it. */
  async #shrink(table: string): Promise<void> {
    const slices = new TimeSlices();
    try {
      const drop = this.#database.prepare(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} LIMIT 200)`);
      const free = this.#database.prepare("PRAGMA freelist_count");
      while (!this.#isClosed && Number(drop.run().changes) > 0) if (slices.isDue) await slices.pause();
      if (!this.#isClosed) this.#database.exec(`DROP TABLE ${table}`);
      while (!this.#isClosed && Number(free.get()?.freelist_count) > 0) {
        this.#database.exec("PRAGMA incremental_vacuum(200)");
        if (slices.isDue) await slices.pause();
      }
      if (!this.#isClosed) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // It needs disk space itself.
    }
  }

  /** @throws {@link Error} with a message for people; then nothing was written */
  #write(work: () => void): void {
    try {
      this.#attempt(work);
    } catch {
      // The write-ahead log may have filled the disk: what it holds is moved into the file, and the log starts again.
      this.#makeRoom();
      try {
        this.#attempt(work);
      } catch (error) {
        throw new Error(`The data file cannot be written: ${(error as Error).message}.`, { cause: error });
      }
    }
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
      // There is no disk space for that either.
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
    this.#isClosed = true;
    this.#database.close();
  }
}

/** Records of a slice of time, as they are written: at least one, where there are any. */
function sliceOf(rows: Iterator<Change>, slices: TimeSlices): { kind: Kind; id: string; record: string }[] {
  const slice = [];
  do {
    const { done, value } = rows.next();
    if (done) break;
    const [kind, row] = value;
    slice.push({ kind, id: row.id, record: JSON.stringify(row) });
  } while (!slices.isDue);
  return slice;
}

const foreignFile = (file: string, what: string, cause?: unknown): Error =>
  optionError(
    Error,
    (of) => `${file} holds what no mock has written (${what}); name another file with ${of("data")}.`,
    cause,
  );

/** Makes the tables of a file that is new, and sees that those of another are ours. */
function makeTables(file: string, database: DatabaseSync): void {
  try {
    database.exec(`
      CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS records ${RECORDS};
      CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, expiry INTEGER NOT NULL);
    `);
    database.prepare("SELECT name, value FROM settings LIMIT 0").all();
    database.prepare("SELECT kind, id, place, record FROM records LIMIT 0").all();
    database.prepare("SELECT token, expiry FROM tokens LIMIT 0").all();
  } catch (cause) {
    database.close();
    throw foreignFile(file, (cause as Error).message, cause);
  }
}

function keptTokens(database: DatabaseSync): KeptTokens {
  const put = database.prepare("INSERT OR REPLACE INTO tokens VALUES (?, ?)");
  const remove = database.prepare("DELETE FROM tokens WHERE token = ?");
  const attempt = (work: () => void) => {
    try {
      work();
    } catch {
      // The disk may be full, on which one can still sign in and read.
    }
  };
  return {
    load: () =>
      database
        .prepare("SELECT token, expiry FROM tokens ORDER BY rowid")
        .all()
        .map(({ token, expiry }) => [String(token), Number(expiry)]),
    keep: (token, expiry) => attempt(() => put.run(token, expiry)),
    drop: (token) => attempt(() => remove.run(token)),
  };
}

/** Drops what a crash in the middle of a reset has left, and sees that disk space can be freed. */
function dropLeft(database: DatabaseSync): void {
  const left = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '${ASIDE}*'`).all();
  for (const { name } of left) database.exec(`DROP TABLE "${name}"`);
  // A file of an earlier version has to be rewritten once for it.
  const isOld = Number(database.prepare("PRAGMA auto_vacuum").get()?.auto_vacuum) === 0;
  if (left.length || isOld) database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
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
 * Creates a file that only its owner can read: SQLite would let others read it, and its logs get the permissions of the file. Not through
 * a dangling symbolic link that somebody planted.
 */
function createPrivately(file: string): void {
  if (file === MEMORY) return;
  for (const log of ["-wal", "-shm", "-journal"].map((end) => file + end)) {
    if (lstatSync(log, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error(`${log} is a link`);
  }
  if (!existsSync(file)) closeSync(openSync(file, "wx", 0o600));
}

/** Checks that a database is the data file of a mock, before anything in it is changed. */
function checkOwner(database: DatabaseSync): void {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const isOurs = ["settings", "records"].every((table) => names.some(({ name }) => name === table));
  if (names.length && !isOurs) throw new Error("it is not the data file of a mock");
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    createPrivately(file);
    // SQLite takes a name that begins with `file:` for a URI, which may be of no file, or of another one.
    database = new DatabaseSync(file === MEMORY ? file : resolve(file));
    checkOwner(database);
    // Set before there is a table, so that disk space can be freed a little at a time.
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    // With a write-ahead log, what is committed survives the end of the process; only a power failure could lose the last commits.
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
    throw optionError(Error, (of) => `${file} cannot be used for ${of("data")}: ${reason}.`, error);
  }
}
