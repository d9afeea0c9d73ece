import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "../support/free-port.ts";
import { startPostgresServer } from "../support/postgres-server.ts";
import { SHARED_POSTGRES } from "../support/share-postgres.ts";
import type { Address } from "./open-store.ts";

/** A running engine. */
export interface Engine {
  address: Address;
  /** Stops it, and removes its data. */
  stop(): Promise<void>;
}

/** An SQLite file in a folder of its own. */
async function startSqlite(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-sqlite-"));
  return {
    address: { sqlite: join(folder, "store.db") },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An empty database in the PostgreSQL that all files of a run share; outside of one, as at night, in one of its own. */
export async function startPostgres(): Promise<Engine & { address: { postgres: string } }> {
  const shared = process.env[SHARED_POSTGRES];
  if (!shared) {
    const server = await startPostgresServer();
    return { address: { postgres: await server.createDatabase() }, stop: server.stop };
  }
  const response = await fetch(shared);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  // It goes with the server.
  return { address: { postgres: text }, stop: async () => {} };
}

function hasRedisServer(): boolean {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The reason to skip tests with Redis, if there is one. */
export const noRedis: string | undefined =
  process.env.REDIS_URL || hasRedisServer()
    ? undefined
    : "no Redis: neither REDIS_URL is set nor is redis-server installed";

/** The Redis at `REDIS_URL`, or else a local server on a free port. */
export async function startRedis(): Promise<Engine & { address: { redis: string } }> {
  const given = process.env.REDIS_URL;
  if (given) return { address: { redis: given }, stop: async () => {} };
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    {
      stdio: "ignore",
    },
  );
  const client = new Redis({ port, lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => {});
  await client.ping();
  client.disconnect();
  return {
    address: { redis: `redis://127.0.0.1:${port}` },
    async stop() {
      if (server.exitCode !== null) return;
      const ended = once(server, "exit");
      server.kill();
      await ended;
    },
  };
}

/** Every engine, and the reason if it is missing here. */
export const engines: { name: string; start(): Promise<Engine>; missing?: string | undefined }[] = [
  { name: "SQLite", start: startSqlite },
  { name: "PostgreSQL", start: startPostgres },
  { name: "Redis", start: startRedis, missing: noRedis },
];

/** A prefix of its own for each test, as tests share an engine. */
export const ownPrefix = (): string => `t${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}_`;

/** Polls until a condition holds. The test's timeout ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
