import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A PostgreSQL of its own process. */
export interface PostgresServer {
  /** Makes an empty database, and returns its URL. */
  createDatabase(): Promise<string>;
  /** Stops it, and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL.
 * @throws {@link Error} when it ends at once
 */
export async function startPostgresServer(): Promise<PostgresServer> {
  const child = fork(join(import.meta.dirname, "postgres-process.ts"), { execArgv: ["--no-warnings"] });
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`PostgreSQL ended by ${signal ?? code}.`);
  });
  // It is waited for below, where there is something to wait for.
  ended.catch(() => {});
  const response = async () => String((await Promise.race([once(child, "message"), ended]))[0]);
  await response();
  let last: Promise<unknown> = Promise.resolve();
  return {
    createDatabase() {
      const created = last.then(() => {
        child.send("database");
        return response();
      });
      last = created.catch(() => {});
      return created;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended.catch(() => {});
    },
  };
}
