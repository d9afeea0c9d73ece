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
  columnNames: "SELECT name FROM pragma_table_info($1)",
  // A name is the same one in capitals.
  kindOfName: "SELECT type AS kind FROM sqlite_schema WHERE lower(name) = $1",
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
