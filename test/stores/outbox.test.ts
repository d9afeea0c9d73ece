import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, MarketplaceError } from "@imcloud/client";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { createOutbox, postgresStore, redisStore, type Store, type StoreOptions, sqliteStore } from "@imcloud/stores";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { Random } from "../support/random.ts";
import { skipEach } from "../support/skip.ts";
import { type Engine, engines, noRedis, ownPrefix, startPostgres, startRedis, until } from "./engines.ts";
import {
  FATES,
  type Fate,
  type Kills,
  killAll,
  type Outcome,
  orderOf,
  startKills,
  sumUp,
  watchProgress,
} from "./outbox-kills.ts";
import { untilKnown } from "./until-known.ts";

const CUSTOMER = "1002101";

/** The PO numbers of all orders that a test placed, as the API has them. */
async function placedNumbers(sandbox: Sandbox, begin = "OUTBOX-"): Promise<string[]> {
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
  const numbers: string[] = [];
  for await (const order of imcloud.orders.details({ customerId: CUSTOMER })) {
    if (order.poNumber?.startsWith(begin)) numbers.push(order.poNumber);
  }
  return numbers.sort();
}

describe("store.outbox, when a process is killed at some step", () => {
  let kills: Kills;
  beforeAll(async () => {
    // No spare processes, as the last ones would be started in vain.
    kills = await startKills(0, 600);
  });
  afterAll(() => kills.stop());

  describe.each(engines)("in $name", ({ start, missing, name }) => {
    // What a server does when a process ends is tried below, without a process for each end: SQLite alone knows processes.
    const reason = missing ?? (isNightly || name === "SQLite" ? undefined : "tried at night");
    skipEach(reason);
    let engine: Engine;
    beforeAll(async () => {
      if (!reason) engine = await start();
    });
    afterAll(() => engine?.stop());

    test("loses nothing and places nothing twice, resumed by one or by four", async () => {
      const first = 7_000 + 2 * engines.findIndex((each) => each.name === name);
      const outcomes: Outcome[] = [];
      await killAll(kills, engine.address, [first, first + 1], 1, (outcome) => outcomes.push(outcome));
      const { asked, placed, ...rest } = sumUp(outcomes);
      expect(rest).toMatchObject({ twice: [], lost: [], notAsked: [] });
      expect([asked, placed]).toEqual([4, 4]);
    }, 120_000);
  });
});

/** Wraps a fetch so that everything stops at some step, as in a killed process. */
function dying(dieAt: number) {
  let steps = 0;
  const step = (): Promise<void> | undefined => {
    steps += 1;
    return steps >= dieAt ? new Promise(() => {}) : undefined;
  };
  return async <T>(work: () => Promise<T>): Promise<T> => {
    await step();
    const result = await work();
    await step();
    return result;
  };
}

/** Makes a store of a simulated process, each step of which goes through a function. */
type OpenMortal = (through: ReturnType<typeof dying>, options: StoreOptions) => Store;

/** An engine with a connection that simulated processes share. */
interface Mortal {
  open: OpenMortal;
  stop(): Promise<void>;
}

async function mortalPostgres(): Promise<Mortal> {
  const engine = await startPostgres();
  const pool = new pg.Pool({ connectionString: engine.address.postgres, max: 4 });
  pool.on("error", () => {});
  return {
    open: (through, options) =>
      postgresStore(
        { query: (text, values) => through(() => pool.query(text, values)), connect: () => pool.connect() },
        options,
      ),
    stop: () => pool.end().then(engine.stop),
  };
}

async function mortalRedis(): Promise<Mortal> {
  const engine = await startRedis();
  const client = new Redis(engine.address.redis);
  return {
    open: (through, options) =>
      redisStore({ call: (...command: [string, ...string[]]) => through(() => client.call(...command)) }, options),
    async stop() {
      client.disconnect();
      await engine.stop();
    },
  };
}

describe.each([
  { name: "PostgreSQL", start: mortalPostgres, missing: undefined, customers: isNightly ? 5 : 1 },
  { name: "Redis", start: mortalRedis, missing: noRedis, customers: isNightly ? 5 : 1 },
])("store.outbox in $name, whatever process ends and when", ({ start, missing, customers }) => {
  skipEach(missing);
  let engine: Mortal;
  beforeAll(async () => {
    if (!missing) engine = await start();
  });
  afterAll(() => engine?.stop());

  /** A store and a client of a simulated process, which may die at a step. */
  function processOf(sandbox: Sandbox, prefix: string, nextFate: () => Fate, dieAt = Number.POSITIVE_INFINITY) {
    const through = dying(dieAt);
    const store = engine.open(through, { prefix, lease: 600 });
    const imcloud = createClient({
      ...sandbox.connection,
      rateLimit: false,
      retry: { limit: 2, minDelay: 1, maxDelay: 5 },
      fetch: (request: Request) =>
        through(async () => {
          const isOrder = request.method === "POST" && request.url.endsWith("/orders");
          const fate = isOrder ? nextFate() : "kept";
          if (fate === "neverArrived") throw new TypeError("fetch failed");
          const response = await sandbox.fetch(request);
          if (fate === "responseLost") throw new TypeError("fetch failed");
          return fate === "gatewayTimeout" ? new Response("<html>", { status: 504 }) : response;
        }),
    });
    return { store, imcloud };
  }

  async function runSeed(seed: number, sandbox: Sandbox, prefix: string, isKnown: () => void): Promise<void> {
    const random = new Random(seed);
    const nextFate = () => random.pick(FATES);
    const orders = [0, 1].map((index) => orderOf(`OUTBOX-${seed}-${index}`));
    const dead = processOf(sandbox, prefix, nextFate, random.integer(1, 60));
    const place = async ({ store, imcloud }: ReturnType<typeof processOf>) => {
      for (const order of orders) {
        const options = { outbox: store.outbox, settleTimeout: 60 };
        await untilKnown(() => imcloud.orders.createOnce(order, options));
        isKnown();
      }
    };
    const placing = place(dead);
    await Promise.race([placing, sleep(250)]);
    const others = Array.from({ length: seed % 4 === 0 ? 4 : 1 }, () => processOf(sandbox, prefix, nextFate));
    await Promise.all(
      others.map(async (other) => {
        await other.store.outbox.resume(other.imcloud, { settleTimeout: 60 });
        await place(other);
        await other.store.close();
      }),
    );
  }

  /** Runs some seeds for one customer, four at a time. */
  async function runSeeds(seeds: number[], isKnown: () => void): Promise<void> {
    const prefix = ownPrefix();
    const sandbox = createSandbox({ speed: 0 });
    try {
      await processOf(sandbox, prefix, () => "kept").store.migrate();
      const next = seeds.values();
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          for (const seed of next) await runSeed(seed, sandbox, prefix, isKnown);
        }),
      );
      expect(await placedNumbers(sandbox)).toEqual(seeds.flatMap((seed) => [`OUTBOX-${seed}-0`, `OUTBOX-${seed}-1`]));
    } finally {
      sandbox.close();
    }
  }

  /** Runs for a customer. Each search for an order reads all orders of its customer. */
  const each = isNightly ? 20 : 12;

  test(`places every requested order exactly once, in ${each} runs a customer, four at a time`, async () => {
    const { stuck, isAlive, end } = watchProgress("order of the outbox");
    const runs = Array.from({ length: customers }, (_, api) =>
      runSeeds(
        Array.from({ length: each }, (_, index) => 20_000 + 20 * api + index),
        isAlive,
      ),
    );
    await Promise.race([Promise.all(runs), stuck]).finally(end);
  }, 0);
});

describe("orders.createOnce, with an outbox", () => {
  let sandbox: Sandbox;
  let store: ReturnType<typeof sqliteStore>;
  beforeEach(async () => {
    sandbox = createSandbox({ speed: 0 });
    store = sqliteStore(":memory:");
    await store.migrate();
  });
  afterEach(async () => {
    sandbox.close();
    await store.close();
  });
  const client = (more: object = {}) =>
    createClient({ ...sandbox.connection, rateLimit: false, retry: false, ...more });

  /** A fetch that loses the network with the response to an order. */
  function losesResponse(): (request: Request) => Promise<Response> {
    let isPosted = false;
    return async (request) => {
      if (isPosted) throw new TypeError("fetch failed");
      const response = await sandbox.fetch(request);
      isPosted = request.method === "POST" && request.url.endsWith("/orders");
      return isPosted ? new Response("<html>", { status: 504 }) : response;
    };
  }

  test("returns the created order when called again, also by another client", async () => {
    const order = orderOf("OUTBOX-1");
    const first = await client().orders.createOnce(order, { outbox: store.outbox });
    const again = await client().orders.createOnce({ ...order }, { outbox: store.outbox });
    expect(again.id).toBe(first.id);
    expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
    expect(await store.outbox.list()).toMatchObject([
      { state: "created", id: first.id, text: "OUTBOX-1", isClaimed: false },
    ]);
  });

  test("refuses another order with a used number", async () => {
    await client().orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox });
    const other = { ...orderOf("OUTBOX-1"), products: [{ id: "500201", quantity: 6 }] };
    const failure = await client()
      .orders.createOnce(other, { outbox: store.outbox })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MarketplaceError);
    expect((failure as Error).message).toMatch(/^Something else was created with "OUTBOX-1" before: it is \d+\.$/);
  });

  test("separates marketplaces: the same number is another order, which only its own client resumes", async () => {
    const losing = client({ fetch: losesResponse() });
    const options = { outbox: store.outbox, settleTimeout: 0 };
    const elsewhere = createSandbox({ speed: 0 });
    try {
      const other = createClient({ ...elsewhere.connection, marketplace: "us", rateLimit: false, retry: false });
      await losing.orders.createOnce(orderOf("OUTBOX-1"), options).catch(() => {});
      const { finished, open } = await store.outbox.resume(other, { settleTimeout: 0 });
      expect(finished).toEqual([]);
      expect(open).toMatchObject([
        { text: "OUTBOX-1", reason: expect.stringContaining("resume it by a client of that") },
      ]);
      expect(await placedNumbers(elsewhere)).toEqual([]);
      await other.orders.createOnce(orderOf("OUTBOX-1"), options);
      expect(await placedNumbers(elsewhere)).toEqual(["OUTBOX-1"]);
      expect((await store.outbox.resume(client(), { settleTimeout: 0 })).finished).toHaveLength(1);
      expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
    } finally {
      elsewhere.close();
    }
  });

  test("separates users: only clients of the same user resume an order", async () => {
    const losing = client({ fetch: losesResponse() });
    const options = { outbox: store.outbox, settleTimeout: 0 };
    await losing.orders.createOnce(orderOf("OUTBOX-1"), options).catch(() => {});
    const { token = "" } = await client().token.create({ marketplace: sandbox.connection.marketplace });
    // The user of a token function is unknown.
    const other = createClient({ ...sandbox.connection, auth: { token: () => token }, rateLimit: false, retry: false });
    const { finished, open } = await store.outbox.resume(other, { settleTimeout: 0 });
    expect(finished).toEqual([]);
    expect(open).toMatchObject([{ reason: expect.stringMatching(/marketplace and user\.$/) }]);
    expect((await store.outbox.resume(client(), { settleTimeout: 0 })).finished).toHaveLength(1);
    expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
  });

  test("waits for another process no longer than its timeout, and releases a claim that comes too late", async () => {
    const { baseUrl, marketplace, auth } = sandbox.connection;
    const account = JSON.stringify([new URL(baseUrl).href.replace(/\/+$/, ""), marketplace, auth.username]);
    const key = { account, operation: "orders_create", scope: CUSTOMER, text: "OUTBOX-1" };
    const other = await store.outbox.claim(key);
    const waiting = client().orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox, timeout: 80.5 });
    await expect(waiting).rejects.toMatchObject({
      name: "TimeoutError",
      message: 'Another process had "OUTBOX-1" under way, and did not end within 80.5 ms.',
    });
    const change = { outbox: store.outbox, poNumber: "OUTBOX-S1", timeout: 80 };
    const seats = await store.outbox.claim({
      account,
      operation: "subscriptions_changeSeats",
      scope: "700401",
      text: "OUTBOX-S1",
    });
    await expect(client().subscriptions.changeSeats("700401", { by: 5 }, change)).rejects.toHaveProperty(
      "name",
      "TimeoutError",
    );
    await Promise.all([other.release(), seats.release()]);
    expect(await placedNumbers(sandbox)).toEqual([]);
    expect(
      (await client().orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox, timeout: 2_000 })).poNumber,
    ).toBe("OUTBOX-1");
  });

  test("accepts an abort signal of another realm", async () => {
    const signal = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal;
    const options = { outbox: store.outbox, signal };
    expect((await client().orders.createOnce(orderOf("OUTBOX-1"), options)).poNumber).toBe("OUTBOX-1");
    const change = { ...options, poNumber: "OUTBOX-S1", wait: false as const };
    expect(await client().subscriptions.changeSeats("700401", { by: 5 }, change)).toHaveProperty("order.id");
  });

  test("refuses a change of another product with a used number", async () => {
    const imcloud = client({
      fetch: async (request: Request) => {
        const response = await sandbox.fetch(request);
        if (!request.url.endsWith("/subscriptions/700401")) return response;
        const { products, ...rest } = (await response.json()) as { products: object[] };
        return Response.json({ ...rest, products: [...products, { ...products[0], id: "500999", mpn: "OTHER" }] });
      },
    });
    const product = (await client().subscriptions.get("700401")).products?.[0]?.id as string;
    const options = { outbox: store.outbox, poNumber: "OUTBOX-S1", wait: false as const };
    await imcloud.subscriptions.changeSeats("700401", { by: 5 }, { ...options, product });
    const change = imcloud.subscriptions.changeSeats("700401", { by: 5 }, { ...options, product: "OTHER" });
    await expect(change).rejects.toThrow('"OUTBOX-S1" is the change of another product of subscription 700401');
  });

  test("places one order for two concurrent calls", async () => {
    const order = orderOf("OUTBOX-1");
    const [one, other] = await Promise.all(
      [client(), client()].map((each) => each.orders.createOnce(order, { outbox: store.outbox })),
    );
    expect(one?.id).toBe(other?.id);
    expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
  });

  test("removes an order that the API refused, so that a corrected one can be sent", async () => {
    const wrong = { ...orderOf("OUTBOX-1"), products: [{ id: "999999", quantity: 5 }] };
    await expect(client().orders.createOnce(wrong, { outbox: store.outbox })).rejects.toBeInstanceOf(MarketplaceError);
    expect(await store.outbox.list()).toEqual([]);
    await client().orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox });
    expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
  });

  test("returns the API's result or error, even if the outbox fails by then", async () => {
    const outbox = createOutbox({
      async claim(key, options) {
        const claim = await store.outbox.claim(key, options);
        const save: typeof claim.save = (entry) => (entry.id ? Promise.reject(new Error("away")) : claim.save(entry));
        return { ...claim, save, remove: () => Promise.reject(new Error("away")) };
      },
    });
    const wrong = { ...orderOf("OUTBOX-1"), products: [{ id: "999999", quantity: 5 }] };
    await expect(client().orders.createOnce(wrong, { outbox })).rejects.toHaveProperty("status", 400);
    const change = { outbox, poNumber: "OUTBOX-S1", wait: false as const };
    expect(await client().subscriptions.changeSeats("700401", { by: 5 }, change)).toHaveProperty("order.id");
  });

  test("sends nothing when the outbox cannot save it first", async () => {
    let posts = 0;
    const counting = client({
      fetch: (request: Request) => {
        if (request.method === "POST" && request.url.endsWith("/orders")) posts += 1;
        return sandbox.fetch(request);
      },
    });
    await store.close();
    await expect(counting.orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox })).rejects.toThrow(/SQLite/);
    expect(posts).toBe(0);
  });

  test("keeps an order with an unknown outcome in the list, with the reason, until it is resumed", async () => {
    let isLost = true;
    const losing = client({
      fetch: async (request: Request) => {
        const response = await sandbox.fetch(request);
        const isOrder = request.method === "POST" && request.url.endsWith("/orders");
        if (isOrder || (isLost && request.method === "GET" && /\/orders\b/.test(request.url) && isPosted)) {
          isPosted ||= isOrder;
          if (isLost) throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
        }
        return response;
      },
    });
    let isPosted = false;
    const order = orderOf("OUTBOX-1");
    await losing.orders.createOnce(order, { outbox: store.outbox, settleTimeout: 0 }).catch(() => {});
    expect(await store.outbox.list()).toMatchObject([{ state: "open", id: undefined, isClaimed: false }]);
    const stuck = await store.outbox.resume(losing, { settleTimeout: 0 });
    expect(stuck.open).toMatchObject([
      { state: "open", reason: expect.stringMatching(/^Whether POST \/orders happened/) },
    ]);
    isLost = false;
    const { finished, open } = await store.outbox.resume(losing, { settleTimeout: 0 });
    expect([finished.length, open.length]).toEqual([1, 0]);
    expect(await placedNumbers(sandbox)).toEqual(["OUTBOX-1"]);
  });

  test("changes seats once: the same number adds nothing again, also after a crash", async () => {
    let isAlive = true;
    const crashing = client({
      fetch: async (request: Request) => {
        if (!isAlive) return new Promise(() => {});
        const response = await sandbox.fetch(request);
        if (request.method === "POST" && request.url.endsWith("/orders")) isAlive = false;
        return isAlive ? response : new Promise(() => {});
      },
    });
    const before = await client().subscriptions.get("700401");
    const from = Number(before.products?.[0]?.quantity);
    const options = { outbox: store.outbox, poNumber: "OUTBOX-S1", settleTimeout: 0, wait: false as const };
    const controller = new AbortController();
    const crashed = crashing.subscriptions.changeSeats("700401", { by: 5 }, { ...options, signal: controller.signal });
    await until(() => !isAlive);
    controller.abort(new Error("the process ended"));
    await crashed.catch(() => {});
    await store.outbox.resume(client(), { settleTimeout: 0 });
    const again = await client().subscriptions.changeSeats("700401", { by: 5 }, options);
    expect(again).toMatchObject({ from, to: from + 5 });
    await sandbox.advance(86_400_000);
    expect((await client().subscriptions.get("700401")).products?.[0]?.quantity).toBe(from + 5);
    expect(await client().subscriptions.changeSeats("700401", { by: 5 }, options)).toMatchObject({ to: from + 5 });
  });

  test("takes over what an ended process had, although the clock was set back by a year", async () => {
    const folder = await mkdtemp(join(tmpdir(), "imcloud-outbox-"));
    const file = join(folder, "store.db");
    const shared = sqliteStore(file, { lease: 300 });
    const key = { account: "a", operation: "orders_create", scope: CUSTOMER, text: "OUTBOX-1" };
    try {
      await shared.migrate();
      const claim = await shared.outbox.claim(key);
      await claim.save({ body: {}, content: "{}", sentAt: new Date().toISOString() });
      const database = new DatabaseSync(file);
      const later = `json_extract(value, '$.lease.until') + ${365 * 86_400_000}`;
      database.exec(
        `UPDATE imcloud_records SET value = json_set(value, '$.lease.owner', 'ended', '$.lease.until', ${later})`,
      );
      database.close();
      expect(await shared.outbox.list()).toMatchObject([{ text: "OUTBOX-1", isClaimed: false }]);
      const start = performance.now();
      const { entry, release } = await shared.outbox.claim(key);
      // It may be alive, and is given the time to say so.
      expect(performance.now() - start).toBeGreaterThanOrEqual(300);
      expect(entry).toMatchObject({ content: "{}" });
      await release();
    } finally {
      await shared.close();
      await rm(folder, { recursive: true });
    }
  });

  test("forgets an item of the list, and refuses an incomplete key", async () => {
    await client().orders.createOnce(orderOf("OUTBOX-1"), { outbox: store.outbox });
    const [item] = await store.outbox.list();
    const { account: _, ...rest } = item as NonNullable<typeof item>;
    await expect(store.outbox.forget(rest as never)).rejects.toThrow("forget.account must be a string");
    await store.outbox.forget(item as NonNullable<typeof item>);
    expect(await store.outbox.list()).toEqual([]);
  });

  test("refuses a change of seats without a PO number", async () => {
    const changing = client().subscriptions.changeSeats("700401", { by: 5 }, { outbox: store.outbox });
    await expect(changing).rejects.toThrow("changeSeats needs a poNumber with an outbox");
  });

  test("creates a customer once", async () => {
    const imcloud = client();
    const { address, contactPersons, language, taxRegId } = await imcloud.customers.get(CUSTOMER);
    const given = { address, contactPersons, language, taxRegId };
    const body = { ...given, name: "Fernhill Bakery", externalId: "OUTBOX-C1" } as Parameters<
      typeof imcloud.customers.createOnce
    >[0];
    const first = await imcloud.customers.createOnce(body, { outbox: store.outbox });
    const again = await client().customers.createOnce(body, { outbox: store.outbox });
    expect(again.id).toBe(first.id);
  });
});
