import type { Connection, Run } from "./connection.ts";

/** A connection of `pg`, as far as it is used. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  release(error?: boolean): void;
}

/** A pool of `pg`, as far as it is used. */
export interface PostgresPool extends Pick<PostgresClient, "query"> {
  connect(): Promise<PostgresClient>;
}

const runOn =
  (client: Pick<PostgresClient, "query">): Run =>
  async (statement, parameters = []) => {
    const { rows, rowCount } = await client.query(statement, [...parameters]);
    return { rows, count: rowCount ?? 0 };
  };

/**
 * A way to PostgreSQL. The pool stays the caller's.
 * @param lock transactions that name the same one go one after the other, whatever process they are of
 */
export function postgresConnection(pool: PostgresPool, lock: string): Connection {
  return {
    run: runOn(pool),
    async transaction(work) {
      const client = await pool.connect();
      let isBroken = false;
      try {
        await client.query("BEGIN");
        await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [lock]);
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
    },
    async close() {},
  };
}
