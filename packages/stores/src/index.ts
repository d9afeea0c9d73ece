import { hasMethods, must, text } from "@imcloud/options";
import { isPool, type PostgresPool } from "@imcloud/sql";
import { postgresRecords } from "./records/postgres.ts";
import { type RedisClient, redisRecords } from "./records/redis.ts";
import { sqliteRecords } from "./records/sqlite.ts";
import { createStore, type Store, type StoreOptions } from "./store.ts";

export type { PostgresClient, PostgresPool } from "@imcloud/sql";
export type { WhenUnavailable } from "./limiter/shared-limiter.ts";
export type { OutboxClaim, OutboxClaims } from "./outbox/claims.ts";
export { createOutbox } from "./outbox/create-outbox.ts";
export type { Outbox, OutboxItem, Resumed, ResumeOptions } from "./outbox/outbox.ts";
export { StoreError } from "./records/records.ts";
export type { IoRedisClient, NodeRedisClient, NodeRedisCluster, RedisClient } from "./records/redis.ts";
export type { SharedBy, SharedOptions, Store, StoreOptions } from "./store.ts";

/**
 * A store in a file of SQLite, for many processes on one machine. Needs no package, and Node 22.13 or later.
 * @param file it is made when it is missing, with rights for its owner alone
 * @throws {@link StoreError} when the file cannot be opened, or this Node has no SQLite
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export const sqliteStore = (file: string, options?: StoreOptions): Store =>
  createStore((prefix) => {
    text(file, "The file of sqliteStore");
    return sqliteRecords(file, prefix);
  }, options);

/**
 * A store in tables of PostgreSQL.
 * @param pool a `Pool` of `pg`. It stays yours: end it after the store.
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export const postgresStore = (pool: PostgresPool, options?: StoreOptions): Store =>
  createStore((prefix) => {
    must("a Pool of pg", isPool)(pool, "The pool of postgresStore");
    return postgresRecords(pool, prefix);
  }, options);

const isRedisClient = must(
  "an object with call or sendCommand",
  (client) => hasMethods(client, "call") || hasMethods(client, "sendCommand"),
);

/**
 * A store in Redis or Valkey.
 * @param client a client of `ioredis`, or a connected one of `redis`, also of a cluster. It stays yours: end it after the store.
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export const redisStore = (client: RedisClient, options?: StoreOptions): Store =>
  createStore((prefix) => {
    isRedisClient(client, "The client of redisStore");
    return redisRecords(client, prefix);
  }, options);
