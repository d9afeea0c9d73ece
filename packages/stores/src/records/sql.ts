import type { Connection, Run } from "@imcloud/sql";
import { firstVersion, messageOf, type Records, StoreError } from "./records.ts";

/** A database, as far as records need it. */
export interface Database extends Connection {
  /** What it calls itself in an error. */
  name: string;
  /** Whether it is in this process: a transaction takes no way over a network, and holds up nobody. */
  isLocal: boolean;
  /** An expression for its clock, in milliseconds since 1970. */
  now: string;
  /** A query for the names of the columns of the table $1: no rows where there is none. */
  columnNames: string;
}

/** The steps from an empty database to the tables of this version. A step that was released is never changed. */
const migrations = (prefix: string): string[] => [
  `CREATE TABLE IF NOT EXISTS ${prefix}records (
     collection TEXT NOT NULL,
     id TEXT NOT NULL,
     version BIGINT NOT NULL,
     value TEXT NOT NULL,
     PRIMARY KEY (collection, id)
   )`,
];

/** The columns of the tables of this version. */
const COLUMNS = { migrations: ["version"], records: ["collection", "id", "value", "version"] };

const anothers = ({ name }: Database, table: string): StoreError =>
  new StoreError(`${name} has a table ${table} already that is not the store's: give the store another prefix.`);

/**
 * Checks that what has the names of the tables is the store's own.
 * @param done the version that the tables are of, where they were made
 * @throws {@link StoreError} when it is somebody else's, or is missing
 */
async function checkTables(run: Run, database: Database, prefix: string, done: number): Promise<void> {
  const { name, columnNames } = database;
  for (const [table, own] of Object.entries(COLUMNS)) {
    const { rows } = await run(columnNames, [prefix + table]);
    const columns = rows.map((row) => String(row.name)).sort();
    if (columns.length === 0 && done > 0) {
      throw new StoreError(
        `${name} has no table ${prefix}${table} any more, though it was made: what was in it is lost. Drop ${prefix}migrations, and call migrate() again.`,
      );
    }
    if (columns.length > 0 && columns.join() !== own.join()) throw anothers(database, prefix + table);
  }
}

/**
 * The prefix of names of tables.
 * @throws {@link TypeError} when it is no beginning of a plain name
 */
function checkPrefix(prefix: string): string {
  if (/^[a-z_][a-z0-9_]{0,30}$/.test(prefix)) return prefix;
  throw new TypeError(
    `prefix must be lower-case letters, digits and _, for example imcloud_; got ${JSON.stringify(prefix)}.`,
  );
}

/** PostgreSQL's code of a table that is not there. A role or a database that is missing has another one, and the same words. */
const UNDEFINED_TABLE = "42P01";

/** The advice to a failed statement, or the engine's own message. */
function adviceOf(error: unknown): string {
  const message = messageOf(error);
  const isMissing = (error as { code?: string }).code === UNDEFINED_TABLE || /no such table/.test(message);
  return isMissing ? "Call migrate() once before." : message;
}

/** The look at a record, and its change, by what runs a statement. */
function statements(run: Run, { now: clock }: Database, table: string): Pick<Records, "read" | "write" | "all"> {
  return {
    async read(collection, id) {
      const statement = `SELECT ${clock} AS now,
        (SELECT value FROM ${table} WHERE collection = $1 AND id = $2) AS value,
        (SELECT version FROM ${table} WHERE collection = $1 AND id = $2) AS version`;
      const { rows } = await run(statement, [collection, id]);
      const { now, value, version } = rows[0] ?? {};
      return { now: Number(now), value: String(value ?? ""), version: Number(version ?? 0) };
    },
    async write(collection, id, value, version) {
      if (value === undefined) {
        const statement = `DELETE FROM ${table} WHERE collection = $1 AND id = $2 AND version = $3`;
        return (await run(statement, [collection, id, version])).count === 1;
      }
      const statement =
        version === 0
          ? `INSERT INTO ${table} (collection, id, version, value) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
          : `UPDATE ${table} SET version = version + 1, value = $4 WHERE collection = $1 AND id = $2 AND version = $3`;
      return (await run(statement, [collection, id, version || firstVersion(), value])).count === 1;
    },
    async all(collection, begin = "") {
      const statement = `SELECT value, ${clock} AS now FROM ${table}
        WHERE collection = $1 AND substr(id, 1, $2) = $3 ORDER BY id`;
      // SQL counts characters, and not the halves that some have in JavaScript.
      const { rows } = await run(statement, [collection, [...begin].length, begin]);
      return { values: rows.map(({ value }) => String(value)), now: Number(rows[0]?.now ?? 0) };
    },
  };
}

/** Keeps records in two tables of a database. */
export function sqlRecords(database: Database, givenPrefix: string): Records {
  const prefix = checkPrefix(givenPrefix);
  const table = `${prefix}records`;

  async function safely<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(`${database.name} did not do what the store asked for. ${adviceOf(cause)}`, { cause });
    }
  }

  return {
    ...statements((...statement) => safely(() => database.run(...statement)), database, table),
    async migrate() {
      const migrated = database.transaction(async (statement) => {
        await checkTables(statement, database, prefix, 0);
        await statement(`CREATE TABLE IF NOT EXISTS ${prefix}migrations (version INTEGER PRIMARY KEY)`);
        const { rows } = await statement(`SELECT MAX(version) AS version FROM ${prefix}migrations`);
        const done = Number(rows[0]?.version ?? 0);
        if (!Number.isInteger(done)) throw anothers(database, `${prefix}migrations`);
        await checkTables(statement, database, prefix, done);
        const steps = migrations(prefix);
        if (done > steps.length) {
          throw new StoreError(
            `The tables ${prefix}… are of version ${done}, and this package knows ${steps.length}: update it.`,
          );
        }
        for (const [index, step] of steps.entries()) {
          if (index < done) continue;
          await statement(step);
          await statement(`INSERT INTO ${prefix}migrations (version) VALUES ($1)`, [index + 1]);
        }
      });
      await migrated.catch((cause) => {
        if (cause instanceof StoreError) throw cause;
        throw new StoreError(`${database.name} did not make the tables. ${messageOf(cause)}`, { cause });
      });
    },
    // A transaction of one process of this machine: it is over before another would have had the second word.
    ...(database.isLocal && {
      change: (collection, id, by) =>
        safely(() =>
          database.transaction(async (run) => {
            const { read, write } = statements(run, database, table);
            const look = await read(collection, id);
            await write(collection, id, by(look), look.version);
          }, false),
        ),
    }),
    close: () => database.close(),
  };
}
