import type { SqlValue } from "../tables/values.ts";
import { createQueue, type Database, type Dialect, type Query } from "./database.ts";

/** A connection of `pg`, as far as it is used. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  release(error?: boolean): void;
}

/** A pool of `pg`, as far as it is used. */
export interface PostgresPool extends Pick<PostgresClient, "query"> {
  connect(): Promise<PostgresClient>;
}

const dialect: Dialect = {
  name: "PostgreSQL",
  types: {
    ...{ text: "TEXT", integer: "BIGINT", decimal: "NUMERIC", real: "DOUBLE PRECISION", boolean: "BOOLEAN" },
    ...{ date: "DATE", timestamp: "TIMESTAMPTZ", json: "JSONB" },
  },
  parameter: (kind, place) => (kind === "boolean" ? `CAST($${place} AS INTEGER)::BOOLEAN` : `$${place}`),
  hasIndexes: true,
  columnNames:
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
};

const runOn =
  (client: Pick<PostgresClient, "query">): Query =>
  async (statement, parameters: readonly SqlValue[] = []) =>
    (await client.query(statement, [...parameters])).rows;

/**
 * Tables in a database of PostgreSQL. The pool stays the caller's.
 * @param prefix of the tables. Transactions of those with the same one go one after the other, whatever process they are of.
 */
export function postgresDatabase(pool: PostgresPool, prefix: string): Database {
  const inTurn = createQueue();
  return {
    dialect,
    query: (statement, parameters) => inTurn(() => runOn(pool)(statement, parameters)),
    transaction: (work) =>
      inTurn(async () => {
        const client = await pool.connect();
        let isBroken = false;
        try {
          await client.query("BEGIN");
          await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`imcloud sync ${prefix}`]);
          const result = await work(runOn(client));
          await client.query("COMMIT");
          return result;
        } catch (error) {
          await client.query("ROLLBACK").catch(() => {
            isBroken = true;
          });
          throw error;
        } finally {
          client.release(isBroken);
        }
      }),
    async close() {},
  };
}
