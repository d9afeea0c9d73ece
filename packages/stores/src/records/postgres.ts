import { type PostgresPool, postgresConnection } from "@imcloud/sql";
import type { Records } from "./records.ts";
import { sqlRecords } from "./sql.ts";

/** Keeps records in tables of PostgreSQL. The pool stays the caller's. */
export const postgresRecords = (pool: PostgresPool, prefix: string): Records =>
  sqlRecords(
    {
      ...postgresConnection(pool, `imcloud stores ${prefix}`),
      name: "PostgreSQL",
      isLocal: false,
      now: "floor(extract(epoch FROM clock_timestamp()) * 1000)",
      columnNames:
        "SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
    },
    prefix,
  );
