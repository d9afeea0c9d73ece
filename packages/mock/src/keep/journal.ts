import { DatabaseSync } from "node:sqlite";
import type { Kind, Records } from "../world/records.ts";
import type { World } from "../world/world.ts";

/** What the world in a file was made of. */
interface Origin {
  size: string;
  seed: number;
}

const FORMAT = 1;

/**
 * Keeps what has changed in a world since its seed in a file of SQLite. Each request's changes are one transaction, written to the
 * operating system before the request is answered, so that the end of the process at any moment loses nothing that was answered.
 */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #put;
  readonly #setting;
  #noted = new Map<string, [Kind, Records[Kind]]>();
  #last = 0;
  #savedTime = 0;

  /** @throws Error with a sentence for people when the file is none of a world, or of another one */
  constructor(file: string, origin: Origin) {
    this.#database = open(file);
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, place INTEGER, record TEXT NOT NULL, PRIMARY KEY (kind, id));
    `);
    this.#setting = this.#database.prepare("INSERT OR REPLACE INTO settings VALUES (?, ?)");
    this.#put = this.#database.prepare(
      "INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record",
    );
    const expected = JSON.stringify({ format: FORMAT, ...origin });
    const found = this.#read("origin");
    if (found !== undefined && found !== expected) {
      const { size, seed } = JSON.parse(found) as Origin;
      this.#database.close();
      throw new Error(
        `${file} holds a world of --size ${size} --seed ${seed}; start with those, or name another file with --data.`,
      );
    }
    this.#setting.run("origin", expected);
  }

  #read(name: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM settings WHERE name = ?").get(name);
    return row && String(row.value);
  }

  /** Puts into a world what was kept of it. Gives the time that it had; `undefined` when nothing was kept. */
  load(world: World): number | undefined {
    const time = this.#read("time");
    if (time === undefined) return undefined;
    world.restart(Number(time), JSON.parse(this.#read("last") ?? "{}"));
    const rows = this.#database.prepare("SELECT kind, record, place FROM records ORDER BY place").iterate();
    for (const { kind, record, place } of rows) {
      world.of(kind as Kind).put(JSON.parse(String(record)) as never);
      this.#last = Number(place);
    }
    return Number(time);
  }

  /** Remembers that a record is to be written. */
  note(kind: Kind, row: Records[Kind]): void {
    this.#noted.set(`${kind} ${row.id}`, [kind, row]);
  }

  /** Writes what was noted. The time alone is written once a second of it at the most. */
  write(world: World): void {
    if (!this.#noted.size && Math.abs(world.time - this.#savedTime) < 1_000) return;
    const noted = this.#noted;
    this.#noted = new Map();
    this.#database.exec("BEGIN");
    this.#writeAll(world, noted.values());
    this.#database.exec("COMMIT");
  }

  /** Writes a world anew: what it was before is gone. */
  rewrite(world: World): void {
    this.#noted = new Map();
    this.#database.exec("BEGIN; DELETE FROM records");
    this.#last = 0;
    this.#writeAll(world, world.changes());
    this.#database.exec("COMMIT");
  }

  #writeAll(world: World, rows: Iterable<readonly [Kind, Records[Kind]]>): void {
    for (const [kind, row] of rows) this.#put.run(kind, row.id, ++this.#last, JSON.stringify(row));
    this.#setting.run("time", String(world.time));
    this.#setting.run("last", JSON.stringify(world.last));
    this.#savedTime = world.time;
  }

  close(): void {
    this.#database.close();
  }
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
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
        ? "it is no file of a world"
        : message;
    throw new Error(`${file} cannot be used for --data: ${reason}.`, { cause: error });
  }
}
