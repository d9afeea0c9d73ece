import { quote } from "@imcloud/options";
import type { SqlValue } from "@imcloud/sql";
import type { Database, Query, ResultRow } from "../database/database.ts";
import { SyncError } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import { type Document, type Documents, documentsOf, fromJson } from "./documents.ts";
import { type EventLog, eventLogOf } from "./event-log.ts";
import { type Records, recordsOf } from "./records.ts";
import {
  createTables,
  createViews,
  documentTables,
  dropViews,
  hasTables,
  type Schema,
  schemaOf,
  type Views,
} from "./schema.ts";
import { isRecordOf, type State, stateOf } from "./state.ts";

/** What can be done in one transaction. */
export interface Work {
  documents: Documents;
  records: Records;
  events: EventLog;
  state: State;
  /** The time that all who have the tables share, in milliseconds since 1970. */
  clock(): Promise<number>;
}

/** Tables that a sync keeps: made by `sqliteTables`, `postgresTables` or `parquetTables`. */
export interface SyncStore {
  /**
   * Creates the tables and views, or migrates them to this version of the package. A sync does it by itself.
   * @throws {@link SyncError} when the tables were made by a later version
   */
  migrate(): Promise<void>;
  /**
   * Runs an SQL query on the tables. Whole numbers that JavaScript cannot hold exactly are texts.
   * @param parameters the values of `$1`, `$2`, …
   */
  query<Row extends object = ResultRow>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  /** Closes what the store opened. A pool that was passed in stays open. */
  close(): Promise<void>;
  /** For this package only. */
  readonly internals: Internals;
}

/** The internal interface of a store. */
export interface Internals {
  prefix: string;
  dialect: Database["dialect"];
  read: Work;
  transaction<T>(work: (work: Work) => Promise<T>): Promise<T>;
  publish(): Promise<void>;
}

/** Version of the tables that are not generated from the API's schemas. */
const LAYOUT = 1;
const SCHEMA = "schema";

const isSchema = isRecordOf<Schema>({ layout: "number" });

/** The views of the first version, which stored no hashes. */
const FIRST_VIEWS: Schema["views"] = { due: "", seats: "", margins: "", open_orders: "" };

/** How many documents are read at a time to fill new columns. */
const REFILLED_AT_ONCE = 500;

function workOf(query: Query, { dialect }: Database, prefix: string, isTransaction: boolean): Work {
  const state = stateOf(query, dialect, prefix, isTransaction);
  const clock = async () => (dialect.clock ? Number((await query(dialect.clock))[0]?.now) : Date.now());
  return {
    documents: documentsOf(query, dialect, prefix),
    records: recordsOf(query, dialect, prefix),
    events: eventLogOf(query, dialect, prefix, state),
    state,
    clock,
  };
}

/** Fills all columns and child tables anew from the stored JSON. */
async function refill(query: Query, { documents }: Work, prefix: string): Promise<void> {
  for (const { name } of tableSpecs) {
    await documents.clearChildren(name);
    for (let offset = 0; ; offset += REFILLED_AT_ONCE) {
      const rows = await query(
        `SELECT id, document FROM ${prefix}${name} ORDER BY id LIMIT ${REFILLED_AT_ONCE} OFFSET ${offset}`,
      );
      for (const { id, document } of rows) await documents.fill(name, String(id), fromJson(document) as Document);
      if (rows.length < REFILLED_AT_ONCE) break;
    }
  }
}

/**
 * Checks the prefix of the table names.
 * @throws {@link TypeError} when a plain SQL name cannot begin with it
 */
export function checkPrefix(prefix: unknown): void {
  if (typeof prefix === "string" && /^([a-z_][a-z0-9_]{0,14})?$/.test(prefix)) return;
  throw new TypeError(
    `prefix must be up to 15 lower-case letters, digits and _, for example imcloud_; got ${quote(prefix)}.`,
  );
}

/** Wraps a database so that its own errors become {@link SyncError}. Errors thrown inside a transaction stay as they are. */
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

/** Wraps a database so that it refuses work after it was closed. Otherwise a run in progress would open it again. */
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

/** Creates a store on a database. */
export function createStore(engine: Database, prefix: string, views: (prefix: string) => Views): SyncStore {
  const given = untilClosed(engine);
  const database = withSyncErrors(given);
  let migrated: Promise<void> | undefined;

  const migrate = () =>
    database.transaction(async (query) => {
      const work = workOf(query, database, prefix, true);
      const isThere = await hasTables(database, query, prefix);
      const kept = isThere ? await work.state.read(SCHEMA, isSchema) : undefined;
      if (kept && kept.layout > LAYOUT) {
        throw new SyncError(
          `The tables ${prefix}… are of version ${kept.layout}, and this package knows ${LAYOUT}: update it.`,
        );
      }
      const schema = schemaOf(LAYOUT, prefix, views(prefix));
      if (schema.mark === kept?.mark) return;
      const made = isThere ? (kept?.views ?? FIRST_VIEWS) : {};
      const rights: string[] = [];
      const isGrown = await createTables(database, query, prefix, async () => {
        rights.push(...(await dropViews(database, query, { prefix, views: views(prefix), made })));
      });
      await createViews(database, query, { prefix, views: views(prefix), made });
      for (const right of rights) await query(right);
      // An older version may have written rows meanwhile, without the columns that it does not know.
      const isOthers = kept !== undefined && kept.tables !== schema.tables;
      if (isGrown || isOthers) await refill(query, work, prefix);
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
      // A user's query throws the engine's own error.
      return (await given.query(statement, parameters)) as Row[];
    },
    close: () => database.close(),
    internals: {
      prefix,
      dialect: database.dialect,
      read: workOf(database.query, database, prefix, false),
      transaction: (work) => database.transaction((query) => work(workOf(query, database, prefix, true))),
      publish: async () => database.publish?.([...documentTables(prefix).map(({ name }) => name), `${prefix}events`]),
    },
  };
  return store;
}
