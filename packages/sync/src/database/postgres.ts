import { createQueue, type PostgresPool, postgresConnection } from "@imcloud/sql";
import { type Database, type Dialect, queryBy } from "./database.ts";

const dialect: Dialect = {
  name: "PostgreSQL",
  types: {
    ...{ text: "TEXT", integer: "BIGINT", decimal: "NUMERIC", real: "DOUBLE PRECISION", boolean: "BOOLEAN" },
    ...{ date: "DATE", timestamp: "TIMESTAMPTZ", json: "JSONB" },
  },
  parameter: (kind, place) => (kind === "boolean" ? `CAST($${place} AS INTEGER)::BOOLEAN` : `$${place}`),
  hasIndexes: true,
  updatesFirst: false,
  catalog: (names) => `
    SELECT asked.name,
           CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
             WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence' ELSE 'type' END AS kind,
           attname AS column_name, format_type(atttypid, atttypmod) AS column_type
    FROM unnest(CAST(ARRAY[${names.join(", ")}] AS TEXT[])) AS asked (name)
    JOIN pg_class ON pg_class.oid = to_regclass(asked.name)
    LEFT JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped`,
  grants: `
    SELECT format('GRANT %s ON %s TO %s%s', privilege_type, CAST($1 AS TEXT),
                  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                  CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
    FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = to_regclass($1) AND grantee <> relowner`,
  clock: "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS now",
};

/**
 * Tables in a database of PostgreSQL. The pool stays the caller's.
 * @param prefix of the tables. Transactions of those with the same one go one after the other, whatever process they are of.
 */
export function postgresDatabase(pool: PostgresPool, prefix: string): Database {
  const connection = postgresConnection(pool, `imcloud sync ${prefix}`);
  const query = queryBy(connection.run);
  const inTurn = createQueue();
  return {
    dialect,
    query: (statement, parameters) => inTurn(() => query(statement, parameters)),
    transaction: (work) => inTurn(() => connection.transaction((run) => work(queryBy(run)))),
    close: connection.close,
  };
}
