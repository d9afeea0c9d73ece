import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { paths } from "./paths.ts";

/** What SQLite reports when another process has the lock. */
const SQLITE_BUSY = 5;

/**
 * Does work while no other process builds: two builds would remove each other's files. Waits for another one to end. The lock is
 * SQLite's, which the operating system releases when a process ends in any way.
 */
export async function withBuildLock<T>(
  work: () => Promise<T>,
  file = join(paths.root, "node_modules/.cache/imcloud/build-lock.sqlite"),
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    for (let isFirst = true; !tryLock(database); isFirst = false) {
      if (isFirst) console.log("Waiting for another build of this folder");
      await setTimeout(200);
    }
    return await work();
  } finally {
    database.close();
  }
}

/** Whether the lock could be taken at once. */
function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
