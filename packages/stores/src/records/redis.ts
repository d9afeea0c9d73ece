import { firstVersion, type Records, StoreError } from "./records.ts";
import { reasonOf } from "./redis-errors.ts";

/** A client of `ioredis`, as far as it is used. */
export interface IoRedisClient {
  call(command: string, ...parameters: string[]): Promise<unknown>;
}

/** A client of `redis` (node-redis), connected, as far as it is used. */
export interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>;
}

/** A client of a cluster of `redis` (node-redis), connected, as far as it is used: it sends a command to the node that has its key. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, command: string[]): Promise<unknown>;
  getSlotMaster(slot: number): unknown;
}

/** A client of Redis or Valkey, or of a cluster of them. */
export type RedisClient = IoRedisClient | NodeRedisClient | NodeRedisCluster;

/** Place of the key among the words of EVAL. Commands without a script have none. */
const KEY = 3;

/** Sends a command as the client takes it. */
function send(client: RedisClient, words: string[]): Promise<unknown> {
  const [name = "", ...parameters] = words;
  // ioredis has a sendCommand too, with another meaning.
  if ("call" in client) return client.call(name, ...parameters);
  if ("getSlotMaster" in client) return client.sendCommand(words[KEY], false, words);
  return client.sendCommand(words);
}

/** Version of what stands in a collection. */
const LAYOUT = "1";

/** Milliseconds for which a command is waited for. A client keeps commands back while it cannot connect, some for as long as that lasts. */
const RESPONDS_WITHIN = 10_000;

/** @throws when it does not come in time */
async function inTime<T>(response: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`It did not respond within ${RESPONDS_WITHIN} ms: check that it runs, and the way to it.`);
    timer = setTimeout(() => reject(error), RESPONDS_WITHIN);
  });
  try {
    return await Promise.race([response, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One look: the engine's clock and a field, whose first word is its version. */
const READ = `
  local time = redis.call('TIME')
  return { time[1], time[2], redis.call('HGET', KEYS[1], ARGV[1]) or '' }`;

/** The engine's clock and all fields. */
const ALL = `
  local time = redis.call('TIME')
  local all = redis.call('HGETALL', KEYS[1])
  table.insert(all, 1, time[2])
  table.insert(all, 1, time[1])
  return all`;

/** Changes a field that has still the version that was read. An empty new value removes it. */
const WRITE = `
  local current = redis.call('HGET', KEYS[1], ARGV[1])
  local version = current and string.match(current, '^%d+') or '0'
  if version ~= ARGV[2] then return 0 end
  if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
  return 1`;

/**
 * Keeps records in hashes of Redis or Valkey: one for each collection, so that each script touches one key and a cluster takes it.
 * The client stays the caller's.
 */
export function redisRecords(client: RedisClient, prefix: string): Records {
  const key = (collection: string) => `${prefix}${LAYOUT}:${collection}`;

  async function command(...words: string[]): Promise<unknown> {
    try {
      return await inTime(send(client, words));
    } catch (cause) {
      throw new StoreError(`Redis did not do what the store asked for. ${reasonOf(cause, prefix)}`, { cause });
    }
  }

  return {
    async migrate() {
      // Hashes need no making. That it responds at all is worth knowing before the first call.
      await command("PING");
    },
    async read(collection, id) {
      const [seconds, microseconds, field] = (await command("EVAL", READ, "1", key(collection), id)) as string[];
      const now = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
      const [, version = "0", value = ""] = /^(\d+) (.*)$/s.exec(String(field)) ?? [];
      return { now, value, version: Number(version) };
    },
    async write(collection, id, value, version) {
      const field = value === undefined ? "" : `${version === 0 ? firstVersion() : version + 1} ${value}`;
      return Number(await command("EVAL", WRITE, "1", key(collection), id, String(version), field)) === 1;
    },
    async all(collection, begin = "") {
      const [seconds, microseconds, ...fields] = (await command("EVAL", ALL, "1", key(collection))) as string[];
      const pairs = fields.flatMap((id, index) => (index % 2 ? [] : [[id, String(fields[index + 1])] as const]));
      const sorted = pairs.filter(([id]) => id.startsWith(begin)).sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        values: sorted.map(([, field]) => field.slice(field.indexOf(" ") + 1)),
        now: Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000),
      };
    },
    async close() {},
  };
}
