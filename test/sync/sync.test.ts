import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type ImcloudClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { changes, type SyncOptions, type SyncStore, sqliteTables, sync } from "@imcloud/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Moment, syncUntilKilled } from "./kills.ts";
import {
  clientOf,
  customerFixtures,
  DAY,
  expectTables,
  openSandbox,
  plainCalls,
  readMarketplace,
} from "./marketplace.ts";

let sandbox: Sandbox;
let client: ImcloudClient;
let to: SyncStore;

beforeEach(() => {
  ({ sandbox, client } = openSandbox({ fixtures: customerFixtures({ customers: 4, each: 4 }) }));
  to = sqliteTables(":memory:");
});
afterEach(() => to.close());

/** Runs a sync with a new client, and so with a sign-in. */
const run = (options: Partial<SyncOptions> = {}) =>
  sync({ client: clientOf(sandbox), to, now: () => sandbox.now(), ...options });

/** Changes the seats of a subscription. The order completes when the clock moves. */
const changeSeats = () =>
  client.orders.create({
    ...{ type: "change", customerId: "3000", subscriptionId: "70003" },
    products: [{ id: "501", quantity: 25, subscriptionId: "70003" }],
  });

/** The number of calls of an operation. */
const callsOf = (operation: "orders_list" | "orders_get" | "subscriptions_get" | "customers_get") =>
  sandbox.requests({ operation }).length;

describe("sync", () => {
  test("stores everything that the marketplace has, in the document's tables", async () => {
    const result = await run();
    expect(result).toMatchObject({ isComplete: true, remaining: {}, failures: [], events: 0 });
    const marketplace = await readMarketplace(client);
    await expectTables(to, marketplace);
    // Each resource is read once, and the sign-in counts.
    expect(result.calls).toBe(plainCalls(marketplace) + 1);
  });

  test("stores the document's examples, with orders' details, and reports without their links", async () => {
    ({ sandbox, client } = openSandbox({}));
    await run();
    await expectTables(to, await readMarketplace(client));
    const text = JSON.stringify(await to.query("SELECT * FROM imcloud_reports, imcloud_sync_records"));
    expect(text).toContain("Every Invoice");
    expect(text).not.toMatch(/downloadUrl|sig=/);
  });

  test("stores SQL in a name as text", async () => {
    const name = "Robert'); DROP TABLE imcloud_customers; --";
    await client.customers.update("3002", { name, externalId: "\u0000'\"" });
    await run();
    expect(await to.query("SELECT name, external_id FROM imcloud_customers WHERE id = '3002'")).toEqual([
      { name, external_id: "'\"" },
    ]);
  });

  test("reads only what is new or changed in the next night", async () => {
    await run();
    await sandbox.advance(DAY);
    await client.customers.update("3001", { name: "Another name" });
    await changeSeats();
    await sandbox.advance(DAY);
    const before = { customers: callsOf("customers_get"), subscriptions: callsOf("subscriptions_get") };
    const { calls, events } = await run();
    expect(callsOf("customers_get") - before.customers).toBe(1);
    expect(callsOf("subscriptions_get") - before.subscriptions).toBe(1);
    // The five lists, three details (one order is new) and a sign-in.
    expect({ calls, events }).toEqual({ calls: 9, events: 4 });
    await expectTables(to, await readMarketplace(client));
  });

  test("reads later changes of the day of a sync when that day is over", async () => {
    await sandbox.advance(DAY);
    await client.subscriptions.update("70005", { attributes: { costCenter: "1" } });
    await run();
    // The row stays the same, as it only has the day of the change.
    await client.subscriptions.update("70005", { attributes: { costCenter: "2" } });
    await sandbox.advance(DAY);
    await run();
    await expectTables(to, await readMarketplace(client));
    const before = callsOf("subscriptions_get");
    await run();
    expect(callsOf("subscriptions_get")).toBe(before);
  });

  test("reads rows that may have changed after those that were never read, and once", async () => {
    await sandbox.advance(DAY);
    await client.subscriptions.update("70015", { attributes: { costCenter: "1" } });
    const reads = () =>
      sandbox.requests({ operation: "subscriptions_get" }).filter(({ path }) => path.endsWith("/70015")).length;
    let { isComplete } = await run({ perDay: 24 });
    for (let days = 0; !isComplete && days < 9; days++) {
      expect(reads()).toBe(1);
      await sandbox.advance(DAY);
      ({ isComplete } = await run({ perDay: 24 }));
    }
    expect({ isComplete, reads: reads() }).toEqual({ isComplete: true, reads: 2 });
    await expectTables(to, await readMarketplace(client));
  });

  test.each(["9999-12-31", "today", "2026-13-45", ""])(
    "reads nothing again for the invalid day of change %j",
    async (lastModifiedDate) => {
      const { fetch: send, ...connection } = sandbox.connection;
      const strange = createClient({
        ...{ ...connection, rateLimit: false, retry: false },
        fetch: async (request: Request) => {
          const response = await send(request);
          if (!new URL(request.url).pathname.includes("/subscriptions")) return response;
          const body = (await response.json()) as { data?: object[] };
          const change = (thing: object) => ({ ...thing, lastModifiedDate });
          return Response.json(body.data ? { ...body, data: body.data.map(change) } : change(body));
        },
      });
      await run({ client: strange });
      const before = callsOf("subscriptions_get");
      await run({ client: strange });
      expect(callsOf("subscriptions_get")).toBe(before);
    },
  );

  test("reads open orders again", async () => {
    const { id } = await client.orders.create({
      ...{ type: "change", customerId: "3000", scheduledOn: "renewal" },
      products: [{ id: "501", quantity: 40, subscriptionId: "70000" }],
      subscriptionId: "70000",
    } as never);
    await run();
    await sandbox.advance(30 * DAY);
    await run();
    expect(await to.query("SELECT status FROM imcloud_orders WHERE id = $1", [id])).toEqual([{ status: "processing" }]);
    await sandbox.advance(300 * DAY);
    const { isComplete } = await run();
    expect(isComplete).toBe(true);
    expect(await to.query("SELECT status FROM imcloud_orders WHERE id = $1", [id])).toEqual([{ status: "completed" }]);
    await expectTables(to, await readMarketplace(client));
  });

  test("finds what left a list without an order", async () => {
    await run();
    sandbox.override("subscriptions_list", async (_call, next) => {
      const { data, pagination } = await next();
      const rest = data.filter(({ id }) => id !== "70007");
      return { data: rest, pagination: { ...pagination, total: rest.length } };
    });
    sandbox.override("subscriptions_get", async ({ params }, next) => {
      if (params.id === "70007") return new Response(null, { status: 404 });
      return next();
    });
    const { events } = await run();
    expect(events).toBe(1);
    const [row] = await to.query("SELECT gone_at FROM imcloud_subscriptions WHERE id = '70007'");
    expect(row?.gone_at).toBe(sandbox.now().toISOString());
    const [event] = await to.query("SELECT type, resource_id FROM imcloud_events");
    expect(event).toEqual({ type: "subscription.ended", resource_id: "70007" });
    expect((await run()).events).toBe(0);
  });

  test("counts each call that it makes, the sign-in among them, once", async () => {
    const before = sandbox.requests().length;
    const { calls } = await run();
    expect(calls).toBe(sandbox.requests().length - before);
    expect(sandbox.requests({ operation: "token_create" })).toHaveLength(1);
  });

  test("makes at most its calls of a day, and goes on the next day", async () => {
    const perDay = 20;
    let days = 0;
    let isComplete = false;
    while (!isComplete) {
      const before = sandbox.requests().length;
      const first = await run({ perDay });
      ({ isComplete } = first);
      // Again on the same day, as the spent calls are stored.
      const second = isComplete ? first : await run({ perDay });
      expect(sandbox.requests().length - before).toBeLessThanOrEqual(perDay);
      expect(second.isComplete || second.left === 0).toBe(true);
      expect(first.calls).toBeGreaterThan(0);
      isComplete = second.isComplete;
      days += 1;
      await sandbox.advance(DAY);
    }
    // Each day begins with five lists and a sign-in, and one call is reserved: 13 details a day.
    expect(plainCalls(await readMarketplace(client))).toBe(41);
    expect(days).toBe(3);
    await run();
    await expectTables(to, await readMarketplace(client));
  });

  test("estimates when it will be done", async () => {
    ({ sandbox, client } = openSandbox({ fixtures: customerFixtures() }));
    const { doneAt, remaining } = await run({ perDay: 40 });
    expect(remaining).toEqual({ subscriptions: 15, customers: 12, orders: 48 });
    expect(doneAt?.toISOString().slice(0, 10)).toBe("2026-10-08");
    const seen: (number | undefined)[] = [];
    await sandbox.advance(DAY);
    await run({ onProgress: ({ remaining }) => void seen.push(remaining) });
    expect(seen.at(-1)).toBe(0);
    expect(Math.max(...seen.map(Number))).toBe(75);
  });

  test("reports what could not be read, and reads it in the next run", async () => {
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "subscriptions_get", count: 1 });
    const { isComplete, failures } = await run();
    expect(isComplete).toBe(false);
    expect(failures).toMatchObject([{ resource: "subscriptions", error: { status: 504 } }]);
    expect((await run()).isComplete).toBe(true);
    await expectTables(to, await readMarketplace(client));
  });

  test("reads all else where some details always fail", async () => {
    const failing = new Set(["70000", "70001", "70002", "70003", "70004", "70005"]);
    sandbox.override("subscriptions_get", async ({ params }, next) => {
      if (failing.has(String(params.id))) throw new Error("It fails.");
      return next();
    });
    // Many failures in a row count as a failure of the API.
    await expect(run({ concurrency: 1 })).rejects.toThrow(/^500/);
    for (let night = 0; night < 2; night++) {
      await sandbox.advance(DAY);
      const { isComplete, remaining, failures } = await run({ concurrency: 1 });
      expect({ isComplete, remaining }).toEqual({ isComplete: false, remaining: { subscriptions: failing.size } });
      expect(new Set(failures.map(({ id }) => id))).toEqual(failing);
    }
    failing.clear();
    expect((await run()).isComplete).toBe(true);
    await expectTables(to, await readMarketplace(client));
  });

  const readAgain = () => to.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE id = '70001'");
  /** A client that gets changed details of a subscription, also invalid ones, which the sandbox would refuse to send. */
  const clientWith = (respond: (details: object) => Response) => {
    const { fetch: send, ...connection } = sandbox.connection;
    return createClient({
      ...{ ...connection, rateLimit: false, retry: false },
      fetch: async (request: Request) => {
        const isAsked = request.url.endsWith("/subscriptions/70001");
        const response = await send(request);
        return isAsked ? respond((await response.json()) as object) : response;
      },
    });
  };

  test.each([
    ["an empty response", "GatewayError", () => new Response(null, { status: 204 })],
    ["null", "GatewayError", () => Response.json(null)],
    ["an object that is empty", "UnexpectedResponse", () => Response.json({})],
    ["a list", "GatewayError", () => Response.json([])],
    ["another subscription", "UnexpectedResponse", (details: object) => Response.json({ ...details, id: "70002" })],
  ] as const)("does not take %s as the end of a subscription", async (_what, name, respond) => {
    await run();
    await readAgain();
    const { events, failures } = await run({ client: clientWith(respond) });
    expect(events).toBe(0);
    expect(failures).toMatchObject([{ resource: "subscriptions", id: "70001", error: { name } }]);
    expect((await run()).isComplete).toBe(true);
    await expectTables(to, await readMarketplace(client));
  });

  test.each([
    ["no list", (products: object[]) => ({ products: null, had: products })],
    ["a list with gaps", (products: object[]) => ({ products: [null, ...products] })],
    [
      "no numbers of units",
      (products: object[]) => ({ products: products.map((each) => ({ ...each, quantity: "many" })) }),
    ],
  ])("does not take products that are %s as a change of seats", async (_what, change) => {
    await run();
    await readAgain();
    const other = clientWith((details) =>
      Response.json({ ...details, ...change((details as { products: object[] }).products) }),
    );
    expect(await run({ client: other })).toMatchObject({ isComplete: true, events: 1 });
    expect(await to.query("SELECT type FROM imcloud_events")).toEqual([{ type: "subscription.updated" }]);
  });

  test("records once that details are gone, although the list still has the row", async () => {
    await run();
    const missing = clientWith(() => new Response(null, { status: 404 }));
    for (let night = 0; night < 3; night++) {
      await readAgain();
      await sandbox.advance(DAY);
      await run({ client: missing });
    }
    expect(await to.query("SELECT id FROM imcloud_events")).toEqual([{ id: "subscription.ended:70001:1" }]);
  });

  test("reads open orders one by one in a status that the API cannot filter by", async () => {
    await run();
    await to.query("UPDATE imcloud_sync_records SET open_status = 'paused', seen = 0 WHERE resource = 'orders'");
    sandbox.override("orders_list", async (_call, next) => {
      const { data } = await next();
      return { data: data.slice(0, 1), pagination: { offset: 0, limit: 1, total: 16 } };
    });
    const before = callsOf("orders_get");
    expect((await run()).isComplete).toBe(true);
    expect(callsOf("orders_get") - before).toBe(15);
  });

  test("returns the events from a time on, in any order of arrival", async () => {
    await run();
    const times = ["2026-11-01T00:00:00.500Z", "2026-11-01T00:00:00.000Z"];
    for (const [index, at] of times.entries()) {
      await to.query(
        `INSERT INTO imcloud_events (position, id, type, resource, resource_id, seen_at, event)
         VALUES ($1, $2, 'customer.updated', 'customers', '3000', $3, $4)`,
        [index + 1, `customer.updated:3000:${index}`, at, JSON.stringify({ seenAt: at })],
      );
    }
    const since = async (time: string) =>
      (await Array.fromAsync(changes({ from: to, since: new Date(time) }))).map(({ cursor }) => cursor);
    expect(await since("2026-11-01T00:00:00.300Z")).toContain(1);
    expect(await since("2026-11-01T00:00:00.501Z")).toEqual([]);
  });

  test.each([
    ["that cannot be written", "PRAGMA query_only = 1", /^SQLite did not .*: attempt to write a readonly database$/],
    ["that are full", "PRAGMA max_page_count = 1", /^SQLite did not .*: database or disk is full$/],
  ])("throws SyncError for tables %s", async (_what, statement, message) => {
    await to.migrate();
    await to.query(statement);
    sandbox.override("subscriptions_get", async (_call, next) => ({ ...(await next()), name: "A".repeat(100_000) }));
    await expect(run()).rejects.toMatchObject({ name: "SyncError", message: expect.stringMatching(message) });
  });

  test("fails with the API's error, and continues in the next run", async () => {
    await expect(run({ signal: AbortSignal.abort(new Error("Not now.")) })).rejects.toThrow("Not now.");
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_get" });
    await expect(run()).rejects.toThrow(/^504/);
    sandbox.faults.clear();
    expect((await run()).isComplete).toBe(true);
  });

  test("is refused while another sync runs", async () => {
    let other: Promise<unknown> | undefined;
    let isSettled = false;
    for (const operation of ["customers_get", "subscriptions_get", "orders_get"] as const) {
      sandbox.override(operation, async (_call, next) => {
        other ??= run({ lease: 5_000 })
          .catch((error) => error)
          .finally(() => {
            isSettled = true;
          });
        // Runs until the other sync was refused.
        if (!isSettled) await sleep(50);
        return next() as never;
      });
    }
    const first = await run({ lease: 5_000, concurrency: 1 });
    expect(first.isComplete).toBe(true);
    expect(await other).toMatchObject({ name: "SyncError", message: expect.stringMatching(/^Another sync has these/) });
  });

  test("keeps its lease while one call takes longer", async () => {
    // Longer than a busy machine suspends a process.
    const lease = 2_000;
    let other: unknown;
    const remove = sandbox.override("customers_list", async (_call, next) => {
      remove();
      other = await run({ lease }).catch((error) => error);
      return next();
    });
    expect(await run({ lease })).toMatchObject({ isComplete: true });
    expect(other).toMatchObject({ name: "SyncError", message: expect.stringMatching(/^Another sync has these/) });
    await expectTables(to, await readMarketplace(client));
  });

  test("waits out the lease of an ended sync, although the clock was set back by a year since", async () => {
    await run();
    const ended = { by: "ended", until: Date.now() + 365 * DAY, lease: 300, day: "2026-10-05", calls: 0 };
    await to.query("UPDATE imcloud_sync_state SET value = $1 WHERE name = 'run'", [JSON.stringify(ended)]);
    const start = performance.now();
    expect(await run({ lease: 300 })).toMatchObject({ isComplete: true });
    expect(performance.now() - start).toBeGreaterThanOrEqual(300);
  });

  test("fails with what onProgress fails with, also later", async () => {
    const failing = run({ onProgress: () => Promise.reject(new Error("of the log")) });
    await expect(failing).rejects.toThrow("of the log");
    expect(await run()).toMatchObject({ isComplete: true });
  });

  test("takes over an expired lease, whose sync writes nothing more", async () => {
    const file = join(tmpdir(), `imcloud-sync-${crypto.randomUUID()}.db`);
    const [mine, its] = [sqliteTables(file), sqliteTables(file)];
    let taken: unknown;
    const remove = sandbox.override("products_list", async (_call, next) => {
      remove();
      // As after sleep: the lease has expired, and the sync continues.
      await mine.query("UPDATE imcloud_sync_state SET value = json_set(value, '$.until', 0) WHERE name = 'run'");
      taken = await run({ to: mine });
      return next();
    });
    const lost = await run({ to: its }).catch((error) => error);
    expect(taken).toMatchObject({ isComplete: true });
    expect(lost).toMatchObject({ name: "SyncError", message: expect.stringMatching(/^Another sync has taken/) });
    await expectTables(mine, await readMarketplace(client));
    await Promise.all([mine.close(), its.close()]);
    await rm(file);
  });

  test.each([
    [{ perDay: 3 }, "sync.perDay must be a whole number from 10 to 2147483647; got 3."],
    [{ concurrency: 51 }, "sync.concurrency must be a whole number from 1 to 50; got 51."],
    [{ day: 3 }, "sync.day is not an option."],
    [{ to: "imcloud.db" }, "sync.to must be what sqliteTables, postgresTables or parquetTables gives; got string."],
    [{ timeZone: "Mars/North" }, "sync.timeZone must be a time zone such as Europe/Stockholm; got string."],
    [{ client: undefined }, "sync.client must be an object with use, withOptions, request; got undefined."],
  ])("refuses %j", async (options, message) => {
    await expect(run(options as never)).rejects.toThrow(message);
  });
});

describe("sync after the end of its process", () => {
  beforeEach(() => {
    ({ sandbox, client } = openSandbox({ fixtures: customerFixtures({ customers: 2, each: 4 }) }));
  });

  test.each<[Moment]>([["before"], ["after"]])("continues where it was, killed %s each call", async (moment) => {
    const file = join(tmpdir(), `imcloud-sync-${crypto.randomUUID()}.db`);
    const { token = "" } = await client.token.create({ marketplace: sandbox.connection.marketplace });
    const open = () => sqliteTables(file);
    let runs = 1;
    // Each process gets one call further, so that every call is killed once.
    while (!(await syncUntilKilled(sandbox, open, { calls: 1, moment, token }))) runs += 1;
    const kept = open();
    await expectTables(kept, await readMarketplace(client));
    expect(runs).toBeGreaterThanOrEqual(plainCalls(await readMarketplace(client)));
    // No events for what did not happen.
    expect(await kept.query("SELECT * FROM imcloud_events")).toEqual([]);
    await kept.close();
    await rm(file);
  });

  test("records one event for a change, whenever the process is killed", async () => {
    const file = join(tmpdir(), `imcloud-sync-${crypto.randomUUID()}.db`);
    const open = () => sqliteTables(file);
    const { token = "" } = await client.token.create({ marketplace: sandbox.connection.marketplace });
    while (!(await syncUntilKilled(sandbox, open, { calls: 1_000, moment: "before", token })));
    await sandbox.advance(DAY);
    await changeSeats();
    await sandbox.advance(DAY);
    const { token: fresh = "" } = await clientOf(sandbox).token.create({ marketplace: sandbox.connection.marketplace });
    for (const moment of ["before", "after"] as const) {
      while (!(await syncUntilKilled(sandbox, open, { calls: 1, moment, token: fresh })));
    }
    const kept = open();
    expect(await kept.query("SELECT id FROM imcloud_events ORDER BY id")).toEqual([
      { id: expect.stringMatching(/^order\.completed:\d+:1$/) },
      { id: expect.stringMatching(/^order\.created:\d+:1$/) },
      { id: "subscription.seatsChanged:70003:1" },
    ]);
    await kept.close();
    await rm(file);
  });
});
