import { sqliteConnection } from "@imcloud/sql";
import { type Records, StoreError } from "./records.ts";
import { sqlRecords } from "./sql.ts";

/**
 * Keeps records in a file of SQLite, for many processes on one machine.
 * @param file it is made when it is missing, with rights for its owner alone
 */
export const sqliteRecords = (file: string, prefix: string): Records =>
  sqlRecords(
    {
      ...sqliteConnection(file, {
        name: "sqliteStore",
        instead: "PostgreSQL and Redis work here too.",
        synchronous: "FULL",
        toError: (message, cause) => new StoreError(message, { cause }),
      }),
      name: "SQLite",
      isLocal: true,
      now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
      columnNames: "SELECT name FROM pragma_table_info($1)",
    },
    prefix,
  );
