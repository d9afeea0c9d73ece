import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AuthenticationError, createClient } from "@imcloud/client";
import { type Store, type StoreOptions, sqliteStore } from "@imcloud/stores";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { skipEach } from "../support/skip.ts";
import { engines, ownPrefix } from "./engines.ts";
import { openStore } from "./open-store.ts";

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

/** An API in which each sign-in gives a new token, and only the last one is valid. */
function api({ expiresInSeconds = 1500 } = {}) {
  const seen = { signIns: 0, good: "", isRefusing: false, isHanging: false };
  const fetch = async (request: Request): Promise<Response> => {
    if (!request.url.endsWith("/token")) {
      const isGood = request.headers.get("authorization") === `Bearer ${seen.good}`;
      return isGood ? json({ id: "1" }) : json({ message: "The token has expired." }, 401);
    }
    seen.signIns += 1;
    if (seen.isHanging) return new Promise(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (seen.isRefusing) return json({ message: "Wrong user or password." }, 401);
    seen.good = `a-token-${seen.signIns}`;
    return json({ token: seen.good, expiresInSeconds });
  };
  return { seen, fetch };
}

let folder: string;
let stores: Store[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-tokens-"));
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(folder, { recursive: true });
});

/** A worker with its own client and its own open store. */
async function worker(fetch: (request: Request) => Promise<Response>, options: StoreOptions = {}, by: object = {}) {
  const store = sqliteStore(join(folder, "store.db"), options);
  stores.push(store);
  await store.migrate();
  return createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    retry: false,
    fetch,
    ...store.for({ key: "production", ...by }),
  });
}

describe("store.for().tokenStore", () => {
  test("signs in once for eight workers that start together", async () => {
    const { seen, fetch } = api();
    const workers = await Promise.all(Array.from({ length: 8 }, () => worker(fetch)));
    await Promise.all(workers.map((each) => each.orders.get("1")));
    expect(seen.signIns).toBe(1);
  });

  test("shares a token with a lifetime under a minute for half its lifetime", async () => {
    const { seen, fetch } = api({ expiresInSeconds: 30 });
    const workers = await Promise.all(Array.from({ length: 8 }, () => worker(fetch)));
    await Promise.all(workers.map((each) => each.orders.get("1")));
    await (await worker(fetch)).orders.get("1");
    expect(seen.signIns).toBe(1);
  });

  test("signs in again after half of a short lifetime", async () => {
    const { seen, fetch } = api({ expiresInSeconds: 1 });
    await (await worker(fetch)).orders.get("1");
    await new Promise((resolve) => setTimeout(resolve, 550));
    await (await worker(fetch)).orders.get("1");
    expect(seen.signIns).toBe(2);
  });

  test("signs in once when the API refuses the shared token", async () => {
    const { seen, fetch } = api();
    const workers = await Promise.all(Array.from({ length: 4 }, () => worker(fetch)));
    await Promise.all(workers.map((each) => each.orders.get("1")));
    seen.good = "revoked";
    await Promise.all(workers.map((each) => each.orders.get("1")));
    expect(seen.signIns).toBe(2);
  });

  test("tries a refused password once for all workers", async () => {
    const { seen, fetch } = api();
    seen.isRefusing = true;
    const workers = await Promise.all(Array.from({ length: 4 }, () => worker(fetch)));
    const failures = await Promise.all(workers.map((each) => each.orders.get("1").catch((error: unknown) => error)));
    expect(failures.every((failure) => failure instanceof AuthenticationError)).toBe(true);
    expect(seen.signIns).toBe(1);
  });

  test("tries a refused password again after a minute", async () => {
    const { seen, fetch } = api();
    seen.isRefusing = true;
    const minute = 100;
    await expect((await worker(fetch, {}, { minute })).orders.get("1")).rejects.toBeInstanceOf(AuthenticationError);
    seen.isRefusing = false;
    await new Promise((resolve) => setTimeout(resolve, minute + 50));
    // A new client, as the other one remembers the refusal for a real minute.
    await (await worker(fetch, {}, { minute })).orders.get("1");
    expect(seen.signIns).toBe(2);
  });

  /** A worker that hangs while it signs in for all. */
  async function hangingWorker({ seen, fetch }: ReturnType<typeof api>) {
    seen.isHanging = true;
    const controller = new AbortController();
    const dead = await worker(fetch, { lease: 300 });
    const lost = dead.orders.get("1", { signal: controller.signal }).catch(() => {});
    while (seen.signIns === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    seen.isHanging = false;
    return async () => {
      controller.abort();
      await lost;
    };
  }

  test("signs in again when the process that was signing in is gone", async () => {
    const server = api();
    const end = await hangingWorker(server);
    await (await worker(server.fetch, { lease: 300 })).orders.get("1");
    expect(server.seen.signIns).toBe(2);
    await end();
  });

  /** Writes the time of a member as a clock does that is a year ahead, and is set back later. */
  function putAYearAhead(path: string): void {
    const database = new DatabaseSync(join(folder, "store.db"));
    const later = `json_set(value, '${path}', json_extract(value, '${path}') + ${365 * 86_400_000})`;
    const { changes } = database.prepare(`UPDATE imcloud_records SET value = ${later}`).run();
    database.close();
    expect(changes).toBeGreaterThan(0);
  }

  test("signs in after the process that was signing in is gone, although the clock was set back by a year", async () => {
    const server = api();
    const end = await hangingWorker(server);
    putAYearAhead("$.signingIn.until");
    await (await worker(server.fetch, { lease: 300 })).orders.get("1");
    expect(server.seen.signIns).toBe(2);
    await end();
  });

  test("tries a refused password again although the clock was set back by a year", async () => {
    const { seen, fetch } = api();
    seen.isRefusing = true;
    await expect((await worker(fetch)).orders.get("1")).rejects.toBeInstanceOf(AuthenticationError);
    putAYearAhead("$.refused.until");
    seen.isRefusing = false;
    await (await worker(fetch)).orders.get("1");
    expect(seen.signIns).toBe(2);
  });

  test("encrypts tokens and outbox entries with the key", async () => {
    const { fetch } = api();
    const encryptionKey = Buffer.alloc(32, 7).toString("base64");
    await (await worker(fetch, { encryptionKey })).orders.get("1");
    for (const store of stores.splice(0)) await store.close();
    const kept = await readFile(join(folder, "store.db"), "latin1");
    expect(kept).toContain("aes-gcm:");
    expect(kept).not.toContain("a-token-1");
  });

  test("ignores a token that it cannot decrypt", async () => {
    const { seen, fetch } = api();
    await (await worker(fetch, { encryptionKey: Buffer.alloc(32, 7).toString("base64") })).orders.get("1");
    await (await worker(fetch, { encryptionKey: Buffer.alloc(32, 8).toString("base64") })).orders.get("1");
    expect(seen.signIns).toBe(2);
  });

  test("refuses an invalid key without showing it", () => {
    expect(() => sqliteStore(":memory:", { encryptionKey: "too-short" })).toThrow(
      "options.encryptionKey must be 32 bytes in base64; got string.",
    );
  });
});

describe.each(engines)("tokenStore in $name", ({ start, missing }) => {
  skipEach(missing);
  test("signs in once for four workers", async () => {
    const engine = await start();
    const { seen, fetch } = api();
    const prefix = ownPrefix();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openStore(engine.address, { prefix })));
    try {
      await opened[0]?.store.migrate();
      const workers = opened.map(({ store }) =>
        createClient({
          baseUrl: "https://api.example",
          marketplace: "se",
          auth: { username: "demo.api", password: "demo-password" },
          fetch,
          ...store.for({ key: "production" }),
        }),
      );
      await Promise.all(workers.map((each) => each.orders.get("1")));
      expect(seen.signIns).toBe(1);
    } finally {
      for (const { close } of opened) await close();
      await engine.stop();
    }
  });
});
