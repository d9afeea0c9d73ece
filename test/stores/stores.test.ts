import { mkdtemp, rm, stat } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QuotaExceededError, RateLimitError, type RateLimiter } from "@imcloud/client";
import { postgresConnection } from "@imcloud/sql";
import { postgresStore, redisStore, StoreError, sqliteStore } from "@imcloud/stores";
import { Redis } from "ioredis";
import pg from "pg";
import { createClient as createNodeRedis } from "redis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { skipEach } from "../support/skip.ts";
import { type Engine, engines, noRedis, ownPrefix, startPostgres, startRedis, until } from "./engines.ts";
import { openStore } from "./open-store.ts";

const call = { operation: "orders_get", method: "GET", path: "/orders/1" };
/** The length of a minute in tests that wait for its end, in milliseconds. */
const SHORT = 400;

const limit = (more: object = {}) => ({ key: "production", perMinute: 4, ...more });

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Requests permits, waits until the expected number is granted, and returns the number a moment later. */
async function grantedAtOnce(limiter: RateLimiter, count: number, expected: number): Promise<number> {
  const controller = new AbortController();
  let granted = 0;
  const all = Array.from({ length: count }, async () => {
    const permit = await limiter.acquire({ call, priority: false, signal: controller.signal });
    granted += 1;
    permit.complete({ status: 200, retryAfter: undefined });
  });
  await Promise.race([Promise.all(all), until(() => granted >= expected)]);
  await sleep(50);
  controller.abort();
  await Promise.allSettled(all);
  return granted;
}

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error("It did not fail."),
    (error: Error) => error,
  );

test("migrate says that the engine cannot be reached", async () => {
  const pool = new pg.Pool({ connectionString: `postgres://a:b@127.0.0.1:${await freePort()}/a` });
  const failure = await failureOf(postgresStore(pool).migrate());
  expect(failure).toBeInstanceOf(StoreError);
  expect(failure.message).toMatch(/^PostgreSQL did not make the tables\. connect ECONNREFUSED/);
  await pool.end();
});

describe.each(engines)("Store in $name", ({ start, missing }) => {
  skipEach(missing);
  let engine: Engine;
  beforeAll(async () => {
    if (!missing) engine = await start();
  });
  afterAll(() => engine?.stop());

  const open = async (prefix: string) => {
    const { store, close } = await openStore(engine.address, { prefix });
    closing.push(close);
    return store;
  };

  test("can be migrated concurrently and repeatedly", async () => {
    const prefix = ownPrefix();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(prefix)));
    await Promise.all(stores.map((store) => store.migrate()));
    const [store] = stores;
    await store?.migrate();
    expect(await grantedAtOnce(store?.for(limit()).rateLimit as RateLimiter, 2, 2)).toBe(2);
  });

  test("shares a limit between clients with the same key only", async () => {
    const prefix = ownPrefix();
    const [one, other] = [await open(prefix), await open(prefix)];
    await one.migrate();
    expect(await grantedAtOnce(one.for(limit()).rateLimit, 3, 3)).toBe(3);
    expect(await grantedAtOnce(other.for(limit()).rateLimit, 3, 1)).toBe(1);
    expect(await grantedAtOnce(other.for(limit({ key: "another" })).rateLimit, 3, 3)).toBe(3);
  });

  test("grants no more than the limit to clients that ask at once", async () => {
    const prefix = ownPrefix();
    const stores = await Promise.all(Array.from({ length: 3 }, () => open(prefix)));
    await stores[0]?.migrate();
    const asked = stores.map(async (store) => {
      const controller = new AbortController();
      const { rateLimit } = store.for(limit({ perMinute: 10 }));
      let granted = 0;
      const all = Array.from({ length: 8 }, async () => {
        await rateLimit.acquire({ call, priority: false, signal: controller.signal });
        granted += 1;
      });
      return { all, granted: () => granted, controller };
    });
    const clients = await Promise.all(asked);
    const granted = () => clients.reduce((sum, each) => sum + each.granted(), 0);
    await until(() => granted() >= 10);
    await sleep(50);
    expect(granted()).toBe(10);
    for (const { controller } of clients) controller.abort();
    await Promise.allSettled(clients.flatMap(({ all }) => all));
  });

  test("refuses a call that would have to wait until the next day", async () => {
    const store = await open(ownPrefix());
    await store.migrate();
    const { rateLimit } = store.for(limit({ perDay: 2 }));
    expect(await grantedAtOnce(rateLimit, 2, 2)).toBe(2);
    const failure = await failureOf(rateLimit.acquire({ call, priority: false }));
    expect(failure).toBeInstanceOf(QuotaExceededError);
    expect((failure as QuotaExceededError).retryAfter).toBeGreaterThan(80_000);
  });

  test("refuses a call beyond the queue's limit, and removes aborted ones", async () => {
    const store = await open(ownPrefix());
    await store.migrate();
    const { rateLimit } = store.for(limit({ perMinute: 1, queue: 1 }));
    await rateLimit.acquire({ call, priority: false });
    const controller = new AbortController();
    const waiting = failureOf(rateLimit.acquire({ call, priority: false, signal: controller.signal }));
    expect(await failureOf(rateLimit.acquire({ call, priority: false }))).toBeInstanceOf(RateLimitError);
    expect(rateLimit.waiting).toBe(1);
    controller.abort(new Error("enough"));
    expect(await waiting).toMatchObject({ message: "enough" });
    expect(rateLimit.waiting).toBe(0);
  });

  test("rejects waiting and later calls when it is closed", async () => {
    const store = await open(ownPrefix());
    await store.migrate();
    const { rateLimit } = store.for(limit({ perMinute: 1 }));
    await rateLimit.acquire({ call, priority: false });
    const waiting = failureOf(rateLimit.acquire({ call, priority: false }));
    await store.close();
    expect(await waiting).toMatchObject({
      message: "The store was closed while the call waited. The call was not sent.",
    });
    const later = await failureOf(rateLimit.acquire({ call, priority: false }));
    expect(later).toEqual(new StoreError("The store is closed. The call was not sent."));
    expect(() => store.for(limit())).toThrow(new StoreError("The store is closed."));
  });
});

describe("sqliteStore", () => {
  test("makes its file readable for its owner only", async () => {
    const folder = await mkdtemp(join(tmpdir(), "imcloud-sqlite-"));
    closing.push(() => rm(folder, { recursive: true }));
    const store = sqliteStore(join(folder, "store.db"));
    closing.push(() => store.close());
    await store.migrate();
    expect((await stat(join(folder, "store.db"))).mode & 0o777).toBe(0o600);
  });

  test("says which file cannot be opened", () => {
    expect(() => sqliteStore("/nowhere/store.db")).toThrow(/^The file \/nowhere\/store\.db cannot be opened: /);
  });

  test("says what to do without a migration", async () => {
    const store = sqliteStore(":memory:");
    closing.push(() => store.close());
    const failure = await failureOf(store.for(limit()).rateLimit.acquire({ call, priority: false }));
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toBe("SQLite did not do what the store asked for. Call migrate() once before.");
  });

  test.each([
    [{ prefix: "Not;a prefix" }, /^prefix must be lower-case letters/],
    [{ prefx: "a" }, /^options\.prefx is not an option\. There are: prefix, /],
    [{ whenUnavailable: { shareAmong: 0 } }, /^options\.whenUnavailable must be "fail" or /],
    [{ whenUnavailable: { shareAmong: 8, afterMs: 5 } }, /^options\.whenUnavailable must be "fail" or /],
    [{ lease: 2 ** 31 }, /^options\.lease must be a whole number from 1 to 2147483647; got 2147483648\.$/],
    [[], /^options must be an object of prefix, .*; got Array\.$/],
    [new Map([["prefix", "other_"]]), /^options must be an object of prefix, .*; got Map\.$/],
  ])("refuses the options %j", (options, message) => {
    expect(() => sqliteStore(":memory:", options as never)).toThrow(message);
  });

  test.each([
    [() => sqliteStore(""), "The file of sqliteStore must be a string that is not empty; got string."],
    [() => postgresStore(undefined as never), "The pool of postgresStore must be a Pool of pg; got undefined."],
    [() => redisStore({} as never), "The client of redisStore must be an object with call or sendCommand; got Object."],
  ])("refuses an invalid engine: %s", (open, message) => {
    expect(open).toThrow(new TypeError(message));
  });

  test.each([
    [{}, /^for\.key must be a string that is not empty; got undefined\.$/],
    [{ key: "a", perMinute: 0 }, /^for\.perMinute must be a whole number from 1 to 2147483647; got 0\.$/],
    [{ key: "a", perminute: 5 }, /^for\.perminute is not an option/],
  ])("for() refuses %j", (by, message) => {
    const store = sqliteStore(":memory:");
    closing.push(() => store.close());
    expect(() => store.for(by as never)).toThrow(message);
  });
});

describe("redisStore", () => {
  test("accepts a client of the redis package too", async ({ skip }) => {
    skip(noRedis !== undefined, noRedis);
    const engine = await startRedis();
    closing.push(() => engine.stop());
    const client = createNodeRedis({ url: (engine.address as { redis: string }).redis });
    client.on("error", () => {});
    await client.connect();
    closing.push(() => client.close());
    const store = redisStore(client, { prefix: ownPrefix() });
    await store.migrate();
    expect(await grantedAtOnce(store.for(limit()).rateLimit, 6, 4)).toBe(4);
    await store.close();
  });
});

describe("Store in Redis, when Redis refuses", () => {
  skipEach(noRedis);
  let engine: Engine;
  let client: Redis;
  beforeAll(async () => {
    if (noRedis) return;
    engine = await startRedis();
    client = new Redis((engine.address as { redis: string }).redis);
  });
  afterAll(async () => {
    client?.disconnect();
    await engine?.stop();
  });

  test.each([
    ["OOM", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"], /It has no memory left/],
    ["READONLY", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"], /It is a replica/],
    ["NOPERM", ["ACL", "SETUSER", "default", "-eval"], ["ACL", "SETUSER", "default", "+eval"], /lacks a permission/],
    ["WRONGTYPE", ["SET", "PREFIX1:limits", "x"], ["DEL", "PREFIX1:limits"], /give the store a prefix of its own/],
  ])("says what happened and what to do: %s", async (_code, refuse, allow, message) => {
    const prefix = ownPrefix();
    const send = ([name = "", ...words]: string[]) =>
      client.call(name, ...words.map((word) => word.replace("PREFIX", prefix)));
    const store = redisStore(client, { prefix });
    closing.push(() => store.close());
    await send(refuse);
    try {
      const failure = await failureOf(store.for(limit()).rateLimit.acquire({ call, priority: false }));
      expect(failure).toBeInstanceOf(StoreError);
      expect(failure.message).toMatch(message);
      expect(failure.message).not.toMatch(/script|[0-9a-f]{40}/);
    } finally {
      await send(allow);
    }
  });

  test("refuses to continue with an outbox that was emptied meanwhile", async () => {
    const prefix = ownPrefix();
    const store = redisStore(client, { prefix });
    closing.push(() => store.close());
    const key = { account: "a", operation: "orders_create", scope: "1", text: "T-1" };
    expect(await store.outbox.list()).toEqual([]);
    const claim = await store.outbox.claim(key);
    await claim.save({ body: {}, content: "{}", sentAt: "2026-01-01T00:00:00.000Z" });
    await claim.release();
    expect(await store.outbox.list()).toHaveLength(1);
    await client.del(`${prefix}1:outbox`);
    const lost = /^The outbox lost what it kept: its engine was emptied, or restarted without its data\. /;
    expect((await failureOf(store.outbox.list())).message).toMatch(lost);
    expect((await failureOf(store.outbox.claim(key))).message).toMatch(lost);
    // A new process starts with the empty outbox. This one still knows that it is another.
    await (await redisStore(client, { prefix }).outbox.claim(key)).release();
    expect((await failureOf(store.outbox.claim(key))).message).toMatch(lost);
  });
});

/** A TCP tunnel to an engine, which can be cut and restored. */
async function startTunnel(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(port, "127.0.0.1");
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to);
    to.pipe(from);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  const own = await freePort();
  await listen(own);
  return {
    port: own,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: () => listen(own),
  };
}

describe("Store, when its engine goes away", () => {
  let engine: Engine;
  let port: number;
  beforeAll(async () => {
    engine = await startPostgres();
    port = Number(new URL((engine.address as { postgres: string }).postgres).port);
  });
  afterAll(() => engine.stop());

  async function through(options: object) {
    const tunnel = await startTunnel(port);
    const url = (engine.address as { postgres: string }).postgres.replace(String(port), String(tunnel.port));
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    pool.on("error", () => {});
    const store = postgresStore(pool, { prefix: ownPrefix(), ...options });
    closing.push(
      () => tunnel.cut().catch(() => {}),
      () => pool.end(),
      () => store.close(),
    );
    await store.migrate();
    return { tunnel, store };
  }

  test("names a missing database, and gives no advice about tables", async () => {
    const url = new URL("/elsewhere", (engine.address as { postgres: string }).postgres);
    const pool = new pg.Pool({ connectionString: url.href });
    closing.push(() => pool.end());
    const failure = await failureOf(postgresStore(pool).outbox.list());
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure.message).toBe('PostgreSQL did not do what the store asked for. database "elsewhere" does not exist');
  });

  test("says that a foreign table has the name of one of its own", async () => {
    const pool = new pg.Pool({ connectionString: (engine.address as { postgres: string }).postgres, max: 2 });
    closing.push(() => pool.end());
    const prefix = ownPrefix();
    await pool.query(`CREATE TABLE ${prefix}migrations (name TEXT)`);
    expect((await failureOf(postgresStore(pool, { prefix }).migrate())).message).toBe(
      `PostgreSQL has a table ${prefix}migrations already that is not the store's: give the store another prefix.`,
    );
  });

  test("survives a connection that is ended between two statements of a transaction", async () => {
    const pool = new pg.Pool({ connectionString: (engine.address as { postgres: string }).postgres, max: 2 });
    pool.on("error", () => {});
    closing.push(() => pool.end());
    const connection = postgresConnection(pool, ownPrefix());
    const ended = connection.transaction(async (run) => {
      const { rows } = await run("SELECT pg_backend_pid() AS pid");
      await pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
      // Ends it while it is idle in the transaction.
      await until(() => pool.totalCount === 2 && pool.idleCount === 1);
      await until(async () => {
        const found = await pool.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [rows[0]?.pid]);
        return found.rowCount === 0;
      });
      await sleep(50);
      await run("SELECT 1");
    });
    expect((await failureOf(ended)).message).toMatch(/^(terminating connection|Connection terminated)/);
    expect((await connection.run("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  test("works for many at once where a stricter isolation is the default", async () => {
    const connectionString = (engine.address as { postgres: string }).postgres;
    const options = "-c default_transaction_isolation=serializable";
    const pool = new pg.Pool({ connectionString, options, max: 8 });
    pool.on("error", () => {});
    closing.push(() => pool.end());
    const prefix = ownPrefix();
    const stores = Array.from({ length: 8 }, () => postgresStore(pool, { prefix }));
    closing.push(() => Promise.all(stores.map((store) => store.close())));
    await Promise.all(stores.map((store) => store.migrate()));
    const key = { account: "a", operation: "orders_create", scope: "1", text: "T-1" };
    await Promise.all(
      stores.map(async (store) => {
        const { rateLimit } = store.for(limit({ perMinute: 100 }));
        for (let time = 0; time < 5; time++) (await rateLimit.acquire({ call, priority: false })).release();
        await (await store.outbox.claim(key)).release();
      }),
    );
  });

  test("fails each call with one clear error, logs it once, and continues when it is back", async () => {
    const told: unknown[] = [];
    const { tunnel, store } = await through({ onUnavailable: (error: unknown) => told.push(error) });
    const { rateLimit } = store.for(limit({ perMinute: 100 }));
    expect(await grantedAtOnce(rateLimit, 1, 1)).toBe(1);
    await tunnel.cut();
    for (let time = 0; time < 3; time++) {
      const failure = await failureOf(rateLimit.acquire({ call, priority: false }));
      expect(failure).toBeInstanceOf(StoreError);
      expect(failure.message).toMatch(/^PostgreSQL did not do what the store asked for\. /);
    }
    expect(told).toHaveLength(1);
    await tunnel.mend();
    await until(async () => {
      const permit = await rateLimit.acquire({ call, priority: false }).catch(() => undefined);
      permit?.release();
      return permit !== undefined;
    });
  });

  test("lets each process call with its share, a minute after the engine went away", async () => {
    const { tunnel, store } = await through({ whenUnavailable: { shareAmong: 4 } });
    const { rateLimit } = store.for(limit({ perMinute: 8, minute: SHORT }));
    expect(await grantedAtOnce(rateLimit, 8, 8)).toBe(8);
    await tunnel.cut();
    const start = performance.now();
    const first = await rateLimit.acquire({ call, priority: false });
    expect(performance.now() - start).toBeGreaterThanOrEqual(SHORT);
    first.complete({ status: 200, retryAfter: undefined });
    // Two places, as each of four has a quarter of eight. The client's own limiter uses a real minute.
    expect(await grantedAtOnce(rateLimit, 5, 1)).toBe(1);
    const waiting = failureOf(rateLimit.acquire({ call, priority: false }));
    await until(() => Number(rateLimit.waiting) > 0);
    await store.close();
    expect(await waiting).toEqual(new StoreError("The store is closed. The call was not sent."));
    await tunnel.mend();
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("of the log");
      },
    ],
    ["fails later", () => Promise.reject(new Error("of the log"))],
  ])("fails the calls also where onUnavailable %s", async (_, onUnavailable) => {
    const { tunnel, store } = await through({ onUnavailable });
    const { rateLimit } = store.for(limit());
    await tunnel.cut();
    for (let time = 0; time < 2; time++) {
      expect(await failureOf(rateLimit.acquire({ call, priority: false }))).toBeInstanceOf(StoreError);
    }
    await tunnel.mend();
  });
});

describe("postgresStore and redisStore", () => {
  test("do not close the pool or client that they were given", async () => {
    const client = new Redis({ lazyConnect: true });
    await redisStore(client).close();
    expect(client.status).toBe("wait");
    client.disconnect();
  });
});
