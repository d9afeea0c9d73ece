import type { Records } from "./records.ts";
import { type Database, type SqlResult, sqlRecords } from "./sql.ts";

/** A connection of `pg`, as far as it is used. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  release(error?: boolean): void;
}

/** A pool of `pg`, as far as it is used. */
export interface PostgresPool extends Pick<PostgresClient, "query"> {
  connect(): Promise<PostgresClient>;
}

/** A number that the migrations of this package lock by, in all databases. */
const MIGRATION_LOCK = 7_046_802;

/** Keeps records in tables of PostgreSQL. The pool stays the caller's. */
export function postgresRecords(pool: PostgresPool, prefix: string): Records {
  const runOn =
    (client: Pick<PostgresClient, "query">): Database["run"] =>
    async (statement, parameters = []): Promise<SqlResult> => {
      const { rows, rowCount } = await client.query(statement, parameters);
      return { rows, count: rowCount ?? 0 };
    };
  return sqlRecords(
    {
      name: "PostgreSQL",
      now: "floor(extract(epoch FROM clock_timestamp()) * 1000)",
      run: runOn(pool),
      async exclusively(work) {
        const client = await pool.connect();
        let isBroken = false;
        try {
          await client.query("BEGIN");
          await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
          await work(runOn(client));
          await client.query("COMMIT");
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
    },
    prefix,
  );
}
