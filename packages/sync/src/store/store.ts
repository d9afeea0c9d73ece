import type { SqlValue } from "@imcloud/sql";
import type { Database, Query, ResultRow } from "../database/database.ts";
import { SyncError } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import { jsonOf, timeOf } from "../tables/values.ts";
import { type Document, type Documents, documentsOf, fromJson } from "./documents.ts";
import { type EventLog, eventLogOf } from "./event-log.ts";
import { type Records, recordsOf } from "./records.ts";
import { createTables, createViews, documentTables, hasTables, type Schema, schemaOf, type Views } from "./schema.ts";
import { isRecordOf, type State, stateOf } from "./state.ts";

/** What can be done in one transaction. */
export interface Work {
  documents: Documents;
  records: Records;
  events: EventLog;
  state: State;
}

/** Tables that a sync keeps: made by `sqliteTables`, `postgresTables` or `parquetTables`. */
export interface SyncStore {
  /**
   * Makes the tables and views, or brings them to the version of this package. A sync does it by itself.
   * @throws {@link SyncError} when the tables are of a later version
   */
  migrate(): Promise<void>;
  /**
   * Asks the tables in SQL.
   * @param parameters in place of `$1`, `$2`, …
   */
  query<Row extends object = ResultRow>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** Ends what the store opened. A pool that was given stays open. */
  close(): Promise<void>;
  /** What this package does with it. Not for users. */
  readonly internals: Internals;
}

/** A store as this package uses it. */
export interface Internals {
  prefix: string;
  dialect: Database["dialect"];
  read: Work;
  transaction<T>(work: (work: Work) => Promise<T>): Promise<T>;
  publish(): Promise<void>;
}

/** Version of what this package keeps besides the document's tables. */
const LAYOUT = 1;
const SCHEMA = "schema";

const isSchema = isRecordOf<Schema>({ layout: "number" });

/** The views of the tables that kept no marks of theirs. */
const FIRST_VIEWS: Schema["views"] = { due: "", seats: "", margins: "", open_orders: "" };

/** Documents that are read at a time when columns were added. */
const REFILLED_AT_ONCE = 500;

function workOf(query: Query, { dialect }: Database, prefix: string): Work {
  const state = stateOf(query, prefix);
  return {
    documents: documentsOf(query, dialect, prefix),
    records: recordsOf(query, prefix),
    events: eventLogOf(query, dialect, prefix, state),
    state,
  };
}

/** A moment as an engine gives it: a date, or a text, which DuckDB writes without its zone. */
const momentOf = (value: unknown): Date => (value instanceof Date ? value : new Date(timeOf(value)));

/** Fills columns that were added from the JSON beside them. */
async function refill(query: Query, { documents }: Work, prefix: string): Promise<void> {
  for (const { name } of tableSpecs) {
    for (let offset = 0; ; offset += REFILLED_AT_ONCE) {
      const rows = await query(
        `SELECT id, document, read_at, gone_at FROM ${prefix}${name} ORDER BY id LIMIT ${REFILLED_AT_ONCE} OFFSET ${offset}`,
      );
      for (const { id, document, read_at, gone_at } of rows) {
        const whole = fromJson(document) as Document;
        await documents.write(name, String(id), whole, momentOf(read_at), whole);
        if (gone_at !== null) await documents.markGone(name, String(id), momentOf(gone_at));
      }
      if (rows.length < REFILLED_AT_ONCE) break;
    }
  }
}

/**
 * The prefix of names of tables.
 * @throws {@link TypeError} when it is no beginning of a plain name
 */
export function checkPrefix(prefix: string): void {
  if (prefix === "" || /^[a-z_][a-z0-9_]{0,14}$/.test(prefix)) return;
  throw new TypeError(
    `prefix must be up to 15 lower-case letters, digits and _, for example imcloud_; got ${jsonOf(prefix)}.`,
  );
}

/** A database whose own errors are {@link SyncError}; those of the work that is done in it stay as they are. */
function withSyncErrors(database: Database): Database {
  const ofEngine = (cause: unknown): SyncError => {
    if (cause instanceof SyncError) return cause;
    const { name } = database.dialect;
    return new SyncError(`${name} did not do what the sync asked for: ${(cause as Error).message}`, { cause });
  };
  const safely =
    (query: Query): Query =>
    (...statement) =>
      query(...statement).catch((cause) => {
        throw ofEngine(cause);
      });
  return {
    ...database,
    query: safely(database.query),
    async transaction(work) {
      let failure: { error: unknown } | undefined;
      try {
        return await database.transaction(async (query) => {
          try {
            return await work(safely(query));
          } catch (error) {
            failure = { error };
            throw error;
          }
        });
      } catch (error) {
        throw failure?.error === error ? error : ofEngine(error);
      }
    },
  };
}

/** A database that does nothing more once it was closed: a run that is under way would open it again. */
function untilClosed(database: Database): Database {
  let isClosed = false;
  const open = <T>(work: () => Promise<T>): Promise<T> =>
    isClosed ? Promise.reject(new SyncError("The tables are closed.")) : work();
  return {
    ...database,
    query: (...statement) => open(() => database.query(...statement)),
    transaction: (work) => open(() => database.transaction(work)),
    ...(database.publish && { publish: (tables) => open(async () => database.publish?.(tables)) }),
    close() {
      isClosed = true;
      return database.close();
    },
  };
}

/** Makes a store of a database. */
export function createStore(engine: Database, prefix: string, views: (prefix: string) => Views): SyncStore {
  const given = untilClosed(engine);
  const database = withSyncErrors(given);
  let migrated: Promise<void> | undefined;

  const migrate = () =>
    database.transaction(async (query) => {
      const work = workOf(query, database, prefix);
      const isThere = await hasTables(database, query, prefix);
      const kept = isThere ? await work.state.read(SCHEMA, isSchema) : undefined;
      if (kept && kept.layout > LAYOUT) {
        throw new SyncError(
          `The tables ${prefix}… are of version ${kept.layout}, and this package knows ${LAYOUT}: update it.`,
        );
      }
      const schema = schemaOf(LAYOUT, prefix, views(prefix));
      if (schema.mark === kept?.mark) return;
      const isGrown = await createTables(database, query, prefix);
      const made = isThere ? (kept?.views ?? FIRST_VIEWS) : {};
      await createViews(database, query, { prefix, views: views(prefix), made });
      if (isGrown) await refill(query, work, prefix);
      await work.state.write(SCHEMA, schema);
    });

  const store: SyncStore = {
    migrate() {
      migrated ??= migrate().catch((error) => {
        migrated = undefined;
        throw error;
      });
      return migrated;
    },
    async query<Row extends object>(statement: string, parameters?: readonly SqlValue[]) {
      // A query in SQL throws the engine's own error.
      return (await given.query(statement, parameters)) as Row[];
    },
    close: () => database.close(),
    internals: {
      prefix,
      dialect: database.dialect,
      read: workOf(database.query, database, prefix),
      transaction: (work) => database.transaction((query) => work(workOf(query, database, prefix))),
      publish: async () => database.publish?.([...documentTables(prefix).map(({ name }) => name), `${prefix}events`]),
    },
  };
  return store;
}
