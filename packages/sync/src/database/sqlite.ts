import { sqliteConnection } from "@imcloud/sql";
import { type Database, type Dialect, queryBy, SyncError } from "./database.ts";

const dialect: Dialect = {
  name: "SQLite",
  // An affinity, not a type: a decimal stays exact as long as it has 15 digits.
  types: {
    ...{ text: "TEXT", integer: "INTEGER", decimal: "NUMERIC", real: "REAL", boolean: "INTEGER" },
    ...{ date: "TEXT", timestamp: "TEXT", json: "TEXT" },
  },
  parameter: (_kind, place) => `$${place}`,
  hasIndexes: true,
  updatesFirst: false,
  // A name is the same one in capitals.
  catalog: (names) => `
    SELECT lower(object.name) AS name, object.type AS kind, own.name AS column_name, own.type AS column_type
    FROM sqlite_schema AS object LEFT JOIN pragma_table_info(object.name) AS own
    WHERE lower(object.name) IN (${names.join(", ")})`,
};

/** Tables in a file of SQLite. */
export function sqliteDatabase(file: string): Database {
  const { run, transaction, close } = sqliteConnection(file, {
    name: "SQLite",
    instead: "PostgreSQL works here too.",
    // A crash of the machine loses the last calls at most, which are made again.
    synchronous: "NORMAL",
    toError: (message, cause) => new SyncError(message, { cause }),
  });
  return { dialect, query: queryBy(run), transaction: (work) => transaction((each) => work(queryBy(each))), close };
}
