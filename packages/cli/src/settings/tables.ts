import type { SyncStore } from "@imcloud/sync";
import type { Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** The file of tables where none is named, in the folder that the command is run in. */
export const DEFAULT_TABLES = "imcloud.db";

/**
 * Opens tables by the name that was typed: a file of SQLite, or a folder of Parquet files, which ends with a slash. With `--mock`, they
 * end with the command unless they are named.
 */
export async function openTables({ options, shell }: Context, name: string | undefined): Promise<SyncStore> {
  const { parquetTables, sqliteTables } = await import("@imcloud/sync");
  const file = name ?? (options.mock ? ":memory:" : DEFAULT_TABLES);
  const tables = await failingInWords(async () => (/[/\\]$/.test(file) ? parquetTables(file) : sqliteTables(file)));
  shell.atEnd.push(() => void tables.close());
  return tables;
}

/** Does some work with tables whose errors are for whoever typed the command. */
export async function failingInWords<T>(work: () => Promise<T>): Promise<T> {
  const { SyncError } = await import("@imcloud/sync");
  return work().catch((error) => {
    throw error instanceof SyncError ? new CommandError(error.message, exitCodes.unexpected) : error;
  });
}
