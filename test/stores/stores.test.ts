import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, QuotaExceededError, type RateLimiter, RateLimitError } from "@imcloud/client";
import { StoreError, sqliteStore } from "@imcloud/stores";
import { Redis } from "ioredis";
import { createClient as createNodeRedis } from "redis";
import { redisStore } from "@imcloud/stores";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Engine, engines, openStore, ownPrefix } from "./engines.ts";

const call = { operation: "orders_get", method: "GET", path: "/orders/1" };
const MINUTE = 400;

const limit = (more: object = {}) => ({ key: "production", perMinute: 4, minute: MINUTE, ...more });

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** How many of some calls are granted at once. */
async function grantedAtOnce(limiter: RateLimiter, count: number): Promise<number> {
  let granted = 0;
  const controller = new AbortController();
  const all = Array.from({ length: count }, () =>
    limiter.acquire({ call, priority: false, signal: controller.signal }).then(
      (permit) => {
        granted += 1;
        permit.complete({ status: 200, retryAfter: undefined });
      },
      () => {},
    ),
  );
  await Promise.race([Promise.all(all), new Promise((resolve) => setTimeout(resolve, MINUTE / 2))]);
  controller.abort();
  await Promise.all(all);
  return granted;
}

describe.each(engines)("a store in $name", ({ start, missing }) => {
  let engine: Engine;
  beforeAll(async () => {
    if (!missing) engine = await start();
  });
  afterAll(() => engine?.stop());

  const open = (prefix: string, options = {}) => {
    const { store, close } = openStore(engine.address, { prefix, ...options });
    closing.push(close);
    return store;
  };

  test.skipIf(missing)("is migrated by many at once, and again, without harm", async () => {
    const prefix = ownPrefix();
    const stores = Array.from({ length: 4 }, () => open(prefix));
    await Promise.all(stores.map((store) => store.migrate()));
    await stores[0]?.migrate();
    expect(await grantedAtOnce((stores[0] as (typeof stores)[0]).for(limit()).rateLimit, 2)).toBe(2);
  });

  test.skipIf(missing)("shares a limit between two that have the same key, and with no other", async () => {
    const prefix = ownPrefix();
    const one = open(prefix);
    const other = open(prefix);
    await one.migrate();
    const first = await grantedAtOnce(one.for(limit({ minute: 60_000 })).rateLimit, 3);
    const second = await grantedAtOnce(other.for(limit({ minute: 60_000 })).rateLimit, 3);
    expect([first, second]).toEqual([3, 1]);
    expect(await grantedAtOnce(other.for(limit({ key: "another" })).rateLimit, 4)).toBe(4);
  });

  test.skipIf(missing)("refuses a call that would wait for the next day, and one too many in the queue", async () => {
    const store = open(ownPrefix());
    await store.migrate();
    const daily = store.for(limit({ perDay: 2, minute: 60_000 })).rateLimit;
    expect(await grantedAtOnce(daily, 2)).toBe(2);
    const failure = await daily.acquire({ call, priority: false }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(QuotaExceededError);
    expect((failure as QuotaExceededError).retryAfter).toBeGreaterThan(80_000);
    const narrow = store.for(limit({ key: "narrow", perMinute: 1, queue: 1, minute: 60_000 })).rateLimit;
    await narrow.acquire({ call, priority: false });
    const controller = new AbortController();
    const waiting = narrow.acquire({ call, priority: false, signal: controller.signal }).catch(() => "aborted");
    await expect(narrow.acquire({ call, priority: false })).rejects.toBeInstanceOf(RateLimitError);
    controller.abort();
    expect(await waiting).toBe("aborted");
    expect(narrow.waiting).toBe(0);
  });
});
