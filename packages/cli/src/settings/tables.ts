import { existsSync } from "node:fs";
import { variable } from "@imcloud/options/environment";
import type { SyncStore } from "@imcloud/sync";
import type { Context, Shell } from "../context.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { fileName } from "../typed-files.ts";

/** The default file of tables, in the working directory. */
export const DEFAULT_TABLES = "imcloud.db";

const isPostgres = (name: string): boolean => /^postgres(ql)?:/i.test(name);

/** Whether a URL holds a password, even an invalid URL. */
function hasPassword(url: string): boolean {
  const end = url.lastIndexOf("@");
  const user = end < 0 ? "" : url.slice(url.indexOf("//") + 2, end);
  return user.includes(":") || /[?&](?:ssl)?password=/i.test(url);
}

/** The place of a command's tables: as typed, else from the environment, else the default file. */
function placeOf({ options, shell }: Context, flag: string, name: string | undefined): string {
  if (name !== undefined) {
    if (!isPostgres(name)) return fileName(flag, name, "a file, a folder with a / at its end, or a URL of PostgreSQL");
    if (!hasPassword(name)) return name;
    throw new CommandError(
      "A password in an argument is seen by everyone on the machine. Set IMCLOUD_SYNC_URL to the URL, and name no tables.",
    );
  }
  if (options.mock) return ":memory:";
  const url = variable(shell.env, "IMCLOUD_SYNC_URL");
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

/** Opens tables in PostgreSQL. Errors show no part of the URL, which can hold a password. */
async function openPostgres(url: string, shell: Shell): Promise<SyncStore> {
  const [{ Pool }, { postgresTables }] = await Promise.all([loadPg(), import("@imcloud/sync")]);
  if (!URL.canParse(url)) {
    throw new CommandError("The URL of PostgreSQL cannot be read. It is like postgres://user@host:5432/name.");
  }
  const pool = new Pool({ connectionString: url, max: 4 });
  // Without a listener, a broken idle connection would end the process.
  pool.on("error", () => {});
  const tables = postgresTables(pool);
  shell.atEnd.push(() => void tables.close().then(() => pool.end()));
  await pool.query("SELECT 1").catch((error: NodeJS.ErrnoException) => {
    // The message is empty when a name has several addresses.
    const reason = error.message || error.code;
    throw new CommandError(`PostgreSQL cannot be reached: ${reason}.`, exitCodes.connection);
  });
  return tables;
}

/**
 * Opens tables by their place: a URL of PostgreSQL, a file of SQLite, or a folder of Parquet files, which ends with a slash.
 * With `--mock`, unnamed tables end with the command.
 * @param flag by which it was typed
 */
export async function openTables(context: Context, name: string | undefined, flag = "--to"): Promise<SyncStore> {
  return openPlace(context, placeOf(context, flag, name));
}

/** Opens tables that a sync has filled. Refuses a missing file or folder, which opening would create. */
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
