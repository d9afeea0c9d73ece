import type { Connection, Run } from "./connection.ts";

/** A connection of `pg`, as far as it is used. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  release(error?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
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
      let ended: Error | undefined;
      // A connection that ends between two statements is an event, which ends the process where nobody listens.
      const onError = (error: Error) => {
        ended ??= error;
      };
      client.on("error", onError);
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
        // What is asked of it then fails by a sentence that says no more than that.
        throw ended && /not queryable/.test((error as Error).message) ? ended : error;
      } finally {
        client.release(isBroken || ended !== undefined);
        client.off("error", onError);
      }
    },
    async close() {},
  };
}
