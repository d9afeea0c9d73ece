import { existsSync } from "node:fs";
import type { SyncStore } from "@imcloud/sync";
import type { Context, Shell } from "../context.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { fileName } from "../typed-files.ts";

/** The file of tables where none is named, in the folder that the command is run in. */
export const DEFAULT_TABLES = "imcloud.db";

const isPostgres = (name: string): boolean => /^postgres(ql)?:/i.test(name);

/** Whether a URL holds a password, also one that is written so that it is no URL any more. */
function hasPassword(url: string): boolean {
  const end = url.lastIndexOf("@");
  const user = end < 0 ? "" : url.slice(url.indexOf("//") + 2, end);
  return user.includes(":") || /[?&](?:ssl)?password=/i.test(url);
}

/** Where the tables are that a command means: what was typed, or what the environment says, or the usual file. */
function placeOf({ options, shell }: Context, flag: string, name: string | undefined): string {
  if (name !== undefined) {
    if (!isPostgres(name)) return fileName(flag, name, "a file, a folder with a / at its end, or a URL of PostgreSQL");
    if (!hasPassword(name)) return name;
    throw new CommandError(
      "A password in an argument is seen by everyone on the machine. Set IMCLOUD_SYNC_URL to the URL, and name no tables.",
    );
  }
  if (options.mock) return ":memory:";
  const url = shell.env.IMCLOUD_SYNC_URL;
  if (!url) return DEFAULT_TABLES;
  if (isPostgres(url)) return url;
  throw new CommandError(
    "IMCLOUD_SYNC_URL must be a URL of PostgreSQL, for example postgres://user:password@host/name.",
  );
}

async function loadPg(): Promise<typeof import("pg").default> {
  try {
    return (await import("pg")).default;
  } catch {
    throw new CommandError("Tables in PostgreSQL need the package pg. Install it beside this one: npm install -g pg.");
  }
}

/** Opens tables in PostgreSQL. What an error says has no part of the URL in it, which can hold a password. */
async function openPostgres(url: string, shell: Shell): Promise<SyncStore> {
  const [{ Pool }, { postgresTables }] = await Promise.all([loadPg(), import("@imcloud/sync")]);
  if (!URL.canParse(url)) {
    throw new CommandError("The URL of PostgreSQL cannot be read. It is like postgres://user@host:5432/name.");
  }
  const pool = new Pool({ connectionString: url, max: 4 });
  // An idle connection that breaks is an event, and ends the process where nobody listens.
  pool.on("error", () => {});
  const tables = postgresTables(pool);
  shell.atEnd.push(() => void tables.close().then(() => pool.end()));
  await pool.query("SELECT 1").catch((error: NodeJS.ErrnoException) => {
    // Where a name has several addresses, the message is empty.
    const reason = error.message || error.code;
    throw new CommandError(`PostgreSQL cannot be reached: ${reason}.`, exitCodes.connection);
  });
  return tables;
}

/**
 * Opens tables by the name that was typed: a URL of PostgreSQL, a file of SQLite, or a folder of Parquet files, which ends with a slash.
 * With `--mock`, they end with the command unless they are named.
 * @param flag by which it was typed
 */
export async function openTables(context: Context, name: string | undefined, flag = "--to"): Promise<SyncStore> {
  return openPlace(context, placeOf(context, flag, name));
}

/** Opens tables that a sync has filled. To open a file or a folder makes it, so a misspelled name would be tables without a change. */
export async function openFilledTables(context: Context, name: string | undefined): Promise<SyncStore> {
  const place = placeOf(context, "--from", name);
  if (!isPostgres(place) && !existsSync(place)) {
    throw new CommandError(`There are no tables at ${place}. imcloud sync makes them.`);
  }
  return openPlace(context, place);
}

async function openPlace(context: Context, place: string): Promise<SyncStore> {
  const { shell } = context;
  if (isPostgres(place)) return openPostgres(place, shell);
  const { parquetTables, sqliteTables } = await import("@imcloud/sync");
  const tables = await failingInWords(
    async () => (/[/\\]$/.test(place) ? parquetTables(place) : sqliteTables(place)),
    exitCodes.usage,
  );
  shell.atEnd.push(() => void tables.close());
  return tables;
}

/** What the library says to accept, by the flag that does so. */
export const inFlags = (message: string): string => message.replace(/accept "(\w+)" once/, "give --accept $1 once");

/**
 * Does some work with tables whose errors are for whoever typed the command.
 * @param exitCode what the command ends with when the tables cannot be worked with
 */
export async function failingInWords<T>(work: () => Promise<T>, exitCode: number = exitCodes.unexpected): Promise<T> {
  const { SyncError } = await import("@imcloud/sync");
  return work().catch((error) => {
    if (!(error instanceof SyncError)) throw error;
    throw new CommandError(inFlags(error.message), exitCode);
  });
}
