export { type Connection, createQueue, exactNumber, type Run, type SqlResult, type SqlValue } from "./connection.ts";
export { isPool, type PostgresClient, type PostgresPool, postgresConnection } from "./postgres.ts";
export { schemeOf } from "./scheme.ts";
export { type SqliteOptions, sqliteConnection } from "./sqlite.ts";
