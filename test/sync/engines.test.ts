import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { runInProcess } from "@imcloud/cli/reference";
import { createClient } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import {
  changes,
  due,
  margins,
  parquetTables,
  postgresTables,
  SyncError,
  type SyncStore,
  seats,
  sqliteTables,
  sync,
} from "@imcloud/sync";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ChildSpec, type ColumnSpec, tablesOf } from "../../packages/sync/generate/tables.ts";
import { paths } from "../../scripts/paths.ts";
import { type Engine, startPostgres } from "../stores/engines.ts";
import { document } from "../support/document.ts";
import { isNightly } from "../support/nightly.ts";
import { syncUntilKilled } from "./kills.ts";
import { clientOf, customerFixtures, DAY, expectTables, openSandbox, readMarketplace, timeIn } from "./marketplace.ts";

let postgres: Engine;
let pool: pg.Pool;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  pool = new pg.Pool({ connectionString: (postgres.address as { postgres: string }).postgres, max: 4 });
  // Servers may have another time zone than UTC.
  pool.on("connect", (connection) => void connection.query("SET TIME ZONE 'Asia/Kolkata'"));
  pool.on("error", () => {});
  folder = await mkdtemp(join(tmpdir(), "imcloud-sync-"));
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

/** The calls of each process before it ends: `sync.test.ts` ends one at every call, and DuckDB is slow to open. */
const engines: [name: string, open: () => SyncStore, calls: number][] = [
  ["sqliteTables", () => sqliteTables(join(folder, "imcloud.db")), isNightly ? 1 : 4],
  ["postgresTables", () => postgresTables(pool), isNightly ? 1 : 4],
  ["parquetTables", () => parquetTables(join(folder, "parquet")), isNightly ? 4 : 16],
];

/** Turns tables into those of an older document: drops every other child table, and most columns of the rest. */
async function makeOlder(store: SyncStore): Promise<void> {
  for (const view of ["due", "seats", "margins", "open_orders"]) await store.query(`DROP VIEW imcloud_${view}`);
  const kept = ["id", "customer_id", "subscription_id", "status"];
  async function drop(table: string, columns: readonly ColumnSpec[]): Promise<void> {
    for (const { name } of columns) {
      if (!kept.includes(name)) await store.query(`ALTER TABLE imcloud_${table} DROP COLUMN ${name}`);
    }
  }
  async function dropChildren(children: readonly ChildSpec[]): Promise<void> {
    for (const [place, { name, columns, children: inner }] of children.entries()) {
      await (place % 2 ? store.query(`DROP TABLE imcloud_${name}`) : drop(name, columns));
      await dropChildren(inner);
    }
  }
  for (const { name, columns, children } of tablesOf(document)) {
    await drop(name, columns);
    await dropChildren(children);
  }
  await store.query(`UPDATE imcloud_sync_state SET value = '{"layout":1,"mark":"older"}' WHERE name = 'schema'`);
}

// Steps in the life of the same tables: each continues from the one before.
for (const [name, open, calls] of engines) {
  describe(name, { shuffle: false }, () => {
    let sandbox: Sandbox;
    let store: SyncStore;
    beforeAll(() => {
      ({ sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 3, each: 2 }) }));
      store = open();
    });
    afterAll(() => store.close());

    const run = (to = store) => sync({ client: clientOf(sandbox), to, now: () => sandbox.now() });

    test("stores the whole marketplace, although its process is killed again and again", async () => {
      const { token = "" } = await clientOf(sandbox).token.create({ marketplace: sandbox.connection.marketplace });
      while (!(await syncUntilKilled(sandbox, open, { calls, moment: "after", token })));
      await expectTables(store, await readMarketplace(clientOf(sandbox)));
    });

    test("answers every question", async () => {
      expect((await seats(store))[0]).toEqual({
        ...{ customerId: "3000", customerName: "Town customer 0", productId: "501", mpn: "TOWN-1" },
        ...{ productName: "Town Office", seats: 5, subscriptions: 2 },
      });
      // Five units, each sold for 12.40 and bought for 10.10 a month.
      expect(
        (await margins(store)).map(({ yearlyPrice, yearlyCost, yearlyMargin }) => [
          yearlyPrice,
          yearlyCost,
          yearlyMargin,
        ]),
      ).toEqual(Array.from({ length: 3 }, () => [744, 606, 138]));
      expect((await margins(store))[0]).toMatchObject({ currency: "EUR", marginPercent: 18.5 });
      const soon = await due(store, { within: 239, today: sandbox.now(), customerId: "3000" });
      expect(soon).toEqual([
        {
          ...{ day: "2027-06-01", action: "renews", subscriptionId: "70000", subscriptionName: "Town Office" },
          ...{ customerId: "3000", customerName: "Town customer 0", price: { currency: "EUR", amount: "12.40" } },
        },
      ]);
      expect(await due(store, { within: 238, today: sandbox.now() })).toEqual([]);
    });

    test("records events with the state before and after", async () => {
      await clientOf(sandbox).orders.create({
        ...{ type: "change", customerId: "3000", subscriptionId: "70001" },
        products: [{ id: "501", quantity: 9, subscriptionId: "70001" }],
      });
      await sandbox.advance(DAY);
      await run();
      const events = await Array.fromAsync(changes({ from: store }));
      expect(events.map(({ type }) => type).sort()).toEqual([
        "order.completed",
        "order.created",
        "subscription.seatsChanged",
      ]);
      const seatsChanged = events.find((event) => event.type === "subscription.seatsChanged");
      expect(seatsChanged).toMatchObject({
        changes: [{ productId: "501", mpn: "TOWN-1", from: 4, to: 9 }],
        before: { products: [{ quantity: 4 }] },
        after: { products: [{ quantity: 9 }] },
        seenAt: sandbox.now(),
      });
      await expectTables(store, await readMarketplace(clientOf(sandbox)));
    });

    test("adds tables and columns of a newer document, and fills them from the stored JSON", async () => {
      await run();
      const moments = async () => {
        const rows = await store.query<Record<string, unknown>>(
          "SELECT id, read_at, gone_at FROM imcloud_customers ORDER BY id",
        );
        return rows.map(({ id, read_at, gone_at }) => [id, timeIn(read_at), gone_at && timeIn(gone_at)]);
      };
      await store.query("UPDATE imcloud_customers SET read_at = '2026-10-05 10:11:12.345'");
      await store.query("UPDATE imcloud_customers SET gone_at = '2026-10-06 10:11:12.345' WHERE id = '3001'");
      const before = await moments();
      await makeOlder(store);
      await store.close();
      store = open();
      await store.migrate();
      expect(await moments()).toEqual(before);
      await store.query("UPDATE imcloud_customers SET gone_at = NULL");
      await expectTables(store, await readMarketplace(clientOf(sandbox)));
      expect(await seats(store)).toHaveLength(3);
      expect(await run()).toMatchObject({ isComplete: true, events: 0 });
    });

    test("fills anew what an older version wrote into the columns and tables that it knew", async () => {
      const marketplace = await readMarketplace(clientOf(sandbox));
      await expectTables(store, marketplace);
      await store.query("UPDATE imcloud_customers SET language = 'xx' WHERE id = '3000'");
      await store.query("DELETE FROM imcloud_customer_contact_persons WHERE customer_id = '3000'");
      await store.query("INSERT INTO imcloud_order_details (order_id, parent, position) VALUES ('90000', '', 99)");
      await store.query(`UPDATE imcloud_sync_state SET value = '{"layout":1,"mark":"older"}' WHERE name = 'schema'`);
      await store.close();
      store = open();
      await store.migrate();
      await expectTables(store, marketplace);
    });

    test("makes columns anew that a newer document gives another type, and the views over them", async () => {
      const marketplace = await readMarketplace(clientOf(sandbox));
      const whole = name === "sqliteTables" ? "INTEGER" : "BIGINT";
      for (const view of ["due", "seats", "margins", "open_orders"]) await store.query(`DROP VIEW imcloud_${view}`);
      for (const [table, column, type] of [
        ["customers", "language", whole],
        ["subscriptions", "renewal_date", whole],
        ["order_details", "quantity", "BOOLEAN"],
        // The user's own, which is none of another kind.
        ["customers", "address_city", "VARCHAR(200)"],
      ] as const) {
        await store.query(`ALTER TABLE imcloud_${table} DROP COLUMN ${column}`);
        await store.query(`ALTER TABLE imcloud_${table} ADD COLUMN ${column} ${type}`);
      }
      await store.query("CREATE VIEW imcloud_due AS SELECT id, renewal_date AS day FROM imcloud_subscriptions");
      const older = JSON.stringify({ layout: 1, mark: "older", views: { due: "older" } });
      await store.query("UPDATE imcloud_sync_state SET value = $1 WHERE name = 'schema'", [older]);
      await store.close();
      store = open();
      expect(await run()).toMatchObject({ isComplete: true, events: 0 });
      await expectTables(store, marketplace);
      expect(await due(store, { within: 365, today: sandbox.now() })).not.toEqual([]);
    });

    test("stores values that the engine cannot represent in another form, without repeated events", async () => {
      // A backslash that begins no escape, and a lone surrogate.
      const name = "Half \\u0000 of \ud83d";
      sandbox.override("customers_get", async (_call, next) => ({
        ...(await next()),
        ...{ name, externalId: "a\0b" },
      }));
      sandbox.override("orders_get", async (_call, next) => ({
        ...(await next()),
        ...{ creationDate: "0001-01-01T00:00:00+01:00", total: { currency: "EUR", amount: "9".repeat(50) } },
      }));
      const again = () => store.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE id IN ('3000', '90000')");
      await again();
      expect(await run()).toMatchObject({ isComplete: true, failures: [], events: 2 });
      await again();
      // A value that is stored in another form is no change.
      expect(await run()).toMatchObject({ isComplete: true, failures: [], events: 0 });
      expect(await store.query("SELECT name, external_id FROM imcloud_customers WHERE id = '3000'")).toEqual([
        { name: "Half \\u0000 of \ufffd", external_id: "ab" },
      ]);
    });

    test("fills columns of a newer document, and keeps the times of reading", async () => {
      await store.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE id = '3000'");
      const now = new Date(sandbox.now().getTime() + 123);
      await sync({ client: clientOf(sandbox), to: store, now: () => now });
      const rows = () => store.query("SELECT id, language, read_at, gone_at FROM imcloud_customers ORDER BY id");
      const before = await rows();
      await store.query("ALTER TABLE imcloud_customers DROP COLUMN language");
      await store.query(`UPDATE imcloud_sync_state SET value = '{"layout":1,"mark":"older"}' WHERE name = 'schema'`);
      await store.close();
      store = open();
      await store.migrate();
      expect(await rows()).toEqual(before);
    });
  });
}

/** The same engines, with another prefix for each test. */
const apart: [name: string, open: (prefix: string) => SyncStore][] = [
  ["sqliteTables", (prefix) => sqliteTables(join(folder, "imcloud.db"), { prefix })],
  ["postgresTables", (prefix) => postgresTables(pool, { prefix })],
  ["parquetTables", (prefix) => parquetTables(join(folder, "parquet"), { prefix })],
];

describe.each(apart)("%s beside foreign tables", (name, open) => {
  const foreign: [kind: string, name: string, statement: string][] = [
    ["table", "orders", "CREATE TABLE x_orders (id INTEGER, note TEXT)"],
    ["table", "sync_state", "CREATE TABLE x_sync_state (id INTEGER)"],
    ["table", "due", "CREATE TABLE x_due (day INTEGER)"],
    ["view", "due", "CREATE VIEW x_due AS SELECT 1 AS mine"],
    ["view", "order_details", "CREATE VIEW x_order_details AS SELECT 1 AS mine"],
    ["view", "events", "CREATE VIEW x_events AS SELECT 1 AS position"],
    ["index", "orders_by_1", "CREATE TABLE x_mine (id INTEGER); CREATE INDEX x_orders_by_1 ON x_mine (id)"],
  ];

  // All on the first engine, and one of each kind on the others.
  const kinds = name === "parquetTables" ? ["table", "view"] : ["table", "view", "index"];
  const some = kinds.flatMap((kind) => foreign.filter((each) => each[0] === kind).slice(0, 1));

  test.each(name === "sqliteTables" ? foreign : some)(
    "refuses a foreign %s with the name of %s, and leaves it",
    async (kind, own, statements) => {
      const prefix = `${kind.slice(0, 1)}${own.slice(0, 8)}_`;
      const store = open(prefix);
      for (const statement of statements.split("; ")) await store.query(statement.replaceAll("x_", prefix));
      await expect(store.migrate()).rejects.toMatchObject({
        name: "SyncError",
        message: `${prefix}${own} is a ${kind} that no sync made. Rename it, or give the sync's tables another prefix.`,
      });
      if (kind === "view") expect(await store.query(`SELECT * FROM ${prefix}${own}`)).toHaveLength(1);
      await store.close();
    },
  );

  test("refuses an invalid state, and names the row", async () => {
    const store = open("garbage_");
    const { sandbox } = openSandbox({});
    await store.migrate();
    for (const [row, values] of Object.entries({
      run: ["{", "null", "[]", '{"by":1}'],
      pass: ['"pass"', "{}"],
      scans: ["17", '{"last":null}'],
      account: ['"se"'],
      "consumer:late": ['"soon"', "-1", "1.5"],
    })) {
      for (const value of values) {
        await store.query("DELETE FROM garbage_sync_state WHERE name = $1", [row]);
        await store.query("INSERT INTO garbage_sync_state (name, value) VALUES ($1, $2)", [row, value]);
        const failure = row.startsWith("consumer")
          ? await Array.fromAsync(changes({ from: store, consumer: "late" })).catch((error) => error)
          : await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() }).catch((error) => error);
        expect(failure).toMatchObject({
          name: "SyncError",
          message: expect.stringContaining(`The row "${row}" of garbage_sync_state was not written by a sync.`),
        });
        await store.query("DELETE FROM garbage_sync_state WHERE name = $1", [row]);
      }
    }
    await store.query("UPDATE garbage_sync_state SET value = $1 WHERE name = 'schema'", ['{"layout":2}']);
    await store.close();
    const later = open("garbage_");
    await expect(later.migrate()).rejects.toThrow("The tables garbage_… are of version 2, and this package knows 1");
    await later.close();
  });

  test("continues its cursors after events were deleted, and refuses a cursor of other tables", async () => {
    const { sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 1, each: 0 }) });
    const store = open("cursor_");
    const night = async (language: string) => {
      const client = clientOf(sandbox);
      await client.customers.update("3000", { name: language });
      await sandbox.advance(DAY);
      await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
    };
    const cursors = async (options: object) =>
      (await Array.fromAsync(changes({ from: store, ...options }))).map(({ cursor }) => cursor);
    await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
    await night("One");
    const [first = 0] = await cursors({ consumer: "psa" });
    await store.query("DELETE FROM cursor_events");
    expect(await cursors({ consumer: "psa" })).toEqual([]);
    await night("Two");
    expect(await cursors({ consumer: "psa" })).toEqual([first + 1]);
    // Tables of an older version stored no last position.
    await store.query("DELETE FROM cursor_events");
    await store.query("DELETE FROM cursor_sync_state WHERE name = 'last-event'");
    await expect(cursors({ since: first + 2 })).rejects.toThrow(
      `The cursor ${first + 2} is after the last event of these tables, ${first + 1}. It belongs to other tables.`,
    );
    expect(await cursors({ since: first + 1 })).toEqual([]);
    await expect(cursors({ consumer: "x".repeat(201) })).rejects.toThrow("changes.consumer must be a name of");
    await store.close();
    await expect(store.query("SELECT 1")).rejects.toThrow("The tables are closed.");
  });

  test("stores texts of any length, numbers of any size, and days that do not exist", async () => {
    const { sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 1, each: 1 }) });
    const long = Array.from({ length: 4_000 }, (_, at) => String.fromCodePoint(0x4e00 + ((at * 7_919) % 20_000))).join(
      "",
    );
    const { fetch: send, ...connection } = sandbox.connection;
    const client = createClient({
      ...{ ...connection, rateLimit: false, retry: false },
      fetch: async (request: Request) => {
        const response = await send(request);
        const { pathname } = new URL(request.url);
        if (!response.ok || !/\/(orders|subscriptions)/.test(pathname)) return response;
        const strange = { status: long, customerId: long, name: `${long}\0`, creationDate: "2026-02-30T00:00:00Z" };
        const amount = { currency: long, amount: "9".repeat(200_000) };
        const more = { total: amount, totalPrice: amount, products: [{ id: long, quantity: 1e300, mpn: long }] };
        const change = (thing: object) => ({ ...thing, ...strange, ...more });
        const body = (await response.json()) as { data?: object[] };
        const changed = body.data ? { ...body, data: body.data.map(change) } : change(body);
        return new Response(JSON.stringify(changed).replace("1e+300", "1e400"), { headers: response.headers });
      },
    });
    const store = open("strange_");
    const run = () => sync({ client, to: store, now: () => sandbox.now() });
    expect(await run()).toMatchObject({ isComplete: true, failures: [], doubts: [] });
    expect(await run()).toMatchObject({ isComplete: true, events: 0 });
    const rows = await store.query<Record<string, unknown>>("SELECT * FROM strange_orders ORDER BY id");
    expect(rows.length).toBeGreaterThan(0);
    for (const { status, name, creation_date, total_amount, document } of rows) {
      expect([status, name ?? long, creation_date, total_amount]).toEqual([long.slice(0, 500), long, null, null]);
      const whole = typeof document === "string" ? JSON.parse(document) : document;
      expect([whole.status, whole.total.amount.length]).toEqual([long, 200_000]);
    }
    await store.close();
  });
});

describe("imcloud sync --to", () => {
  test("syncs into PostgreSQL, by a URL without a password or by the environment's URL", async () => {
    const url = new URL((postgres.address as { postgres: string }).postgres);
    await pool.query("CREATE DATABASE shell");
    url.pathname = "/shell";
    const env = { IMCLOUD_SYNC_URL: url.href };
    vi.stubEnv("PGPASSWORD", url.password);
    onTestFinished(() => void vi.unstubAllEnvs());
    url.password = "";
    const synced = await runInProcess(["--mock", "sync", "--to", url.href, "--json"]);
    expect(synced).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(synced.stdout)).toMatchObject({ isComplete: true, remaining: 0 });
    const events = await runInProcess(["events", "--csv"], { env });
    expect(events).toEqual({ code: 0, stderr: "", stdout: "cursor,seenAt,type,about,id\n" });
  });
});

describe("postgresTables", () => {
  test("leaves the tables to another machine's sync, though its own clock is an hour ahead", async () => {
    const store = postgresTables(pool, { prefix: "clocks_" });
    await store.migrate();
    const held = `json_build_object('by', 'another', 'day', '2026-10-05', 'calls', 0,
      'until', floor(extract(epoch FROM clock_timestamp()) * 1000) + 30000)`;
    await pool.query(`INSERT INTO clocks_sync_state (name, value) VALUES ('run', ${held})`);
    const now = Date.now;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + 3_600_000);
    onTestFinished(() => clock.mockRestore());
    const { sandbox } = openSandbox({});
    const end = new AbortController();
    const synced = sync({ client: clientOf(sandbox), to: store, signal: end.signal, now: () => sandbox.now() });
    // It has looked, and waits for a sign of life.
    setTimeout(() => end.abort(), 100);
    await expect(synced).rejects.toThrow("abort");
    const [run] = (await pool.query("SELECT value::json->>'by' AS by FROM clocks_sync_state WHERE name = 'run'")).rows;
    expect(run).toEqual({ by: "another" });
  });

  test("recreates a changed view, and names the user's view that prevents it", async () => {
    const store = postgresTables(pool, { prefix: "views_" });
    await store.migrate();
    await pool.query("CREATE VIEW my_renewals AS SELECT day FROM views_due");
    const older = (marks: string) =>
      pool.query(
        `UPDATE views_sync_state SET value = jsonb_set(value::jsonb, '{mark}', '"older"')${marks} WHERE name = 'schema'`,
      );
    const again = async () => {
      const other = postgresTables(pool, { prefix: "views_" });
      await other.migrate();
    };
    // An unchanged view stays, with all that depends on it.
    await older("");
    await again();
    expect((await pool.query("SELECT * FROM my_renewals")).rows).toEqual([]);
    await older(" #- '{views}'");
    await expect(again()).rejects.toThrow(
      "The view views_due has to be recreated, but something of yours depends on it: view my_renewals depends on view views_due. Drop that",
    );
    await pool.query("DROP VIEW my_renewals");
    await pool.query("GRANT SELECT ON views_due TO PUBLIC");
    await again();
    expect((await pool.query("SELECT * FROM views_due")).rows).toEqual([]);
    const rights = "SELECT grantee, privilege_type FROM pg_class, aclexplode(relacl) WHERE relname = 'views_due'";
    // What others may do with it stays, as a dashboard needs it.
    expect((await pool.query(`${rights} AND grantee <> relowner`)).rows).toEqual([
      { grantee: 0, privilege_type: "SELECT" },
    ]);
  });

  test("is migrated and locked by one of several concurrent syncs", async () => {
    const { sandbox } = openSandbox({});
    const all = Array.from({ length: 4 }, () => postgresTables(pool, { prefix: "many_" }));
    await Promise.all(all.map((store) => store.migrate()));
    const runs = await Promise.allSettled(
      all.map((to) => sync({ client: clientOf(sandbox), to, now: () => sandbox.now(), lease: 50 })),
    );
    const names = runs.map((run) => (run.status === "fulfilled" ? "done" : (run.reason as Error).name));
    expect(names).toContain("done");
    expect(names.filter((name) => name !== "done" && name !== "SyncError")).toEqual([]);
  });

  test("is migrated by a pool whose types are texts", async () => {
    const { sandbox } = openSandbox({});
    const types = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;
    const texts = new pg.Pool({ connectionString: (postgres.address as { postgres: string }).postgres, types });
    onTestFinished(() => texts.end());
    const open = () => postgresTables(texts, { prefix: "texts_" });
    const run = (to: SyncStore) => sync({ client: clientOf(sandbox), to, now: () => sandbox.now() });
    expect(await run(open())).toMatchObject({ isComplete: true });
    const read = async () => (await pool.query("SELECT id, language, read_at FROM texts_customers ORDER BY id")).rows;
    const before = await read();
    await pool.query("ALTER TABLE texts_customers DROP COLUMN language");
    await pool.query(`UPDATE texts_sync_state SET value = '{"layout":1,"mark":"older"}' WHERE name = 'schema'`);
    expect(await run(open())).toMatchObject({ isComplete: true, events: 0 });
    expect(await read()).toEqual(before);
  });

  test("refuses a client of pg in the place of a pool", () => {
    expect(() => postgresTables(new pg.Client() as never)).toThrow(
      "The pool of postgresTables must be a Pool of pg; got Client.",
    );
  });

  test("gives the rows of the last of several statements", async () => {
    expect(await postgresTables(pool).query("SELECT 1 AS one; SELECT 2 AS two")).toEqual([{ two: 2 }]);
  });

  test("makes separate tables for another prefix", async () => {
    const { sandbox } = openSandbox({});
    const store = postgresTables(pool, { prefix: "other_" });
    await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
    expect(await store.query("SELECT COUNT(*)::INTEGER AS count FROM other_customers")).toEqual([{ count: 2 }]);
  });
});

describe("parquetTables", () => {
  test("asks each question with its own values alone, and runs several statements with values", async () => {
    const store = parquetTables(join(folder, "values"));
    const question = "SELECT $1 AS one, $2 AS other";
    expect(await store.query(question, [1, "two"])).toEqual([{ one: 1, other: "two" }]);
    await expect(store.query(question, [1])).rejects.toThrow("Values were not provided");
    expect(await store.query("CREATE TABLE mine (n INTEGER); SELECT $1 AS n", [3])).toEqual([{ n: 3 }]);
    await store.close();
  });

  test("gives whole numbers exactly: those that JavaScript cannot hold as texts", async () => {
    const store = parquetTables(join(folder, "numbers"));
    expect(await store.query("SELECT 9007199254740991 AS most, 9007199254740993 AS more")).toEqual([
      { most: Number.MAX_SAFE_INTEGER, more: "9007199254740993" },
    ]);
    await store.close();
  });

  test("keeps what two stores of a process write to one folder", async () => {
    const place = join(folder, "shared");
    const all = [parquetTables(place), parquetTables(`${place}/`)];
    await Promise.all(all.map((store) => store.migrate()));
    const consumers = ["one", "two"];
    for (const [index, store] of all.entries()) {
      const row = [`consumer:${consumers[index]}`, "0"];
      await store.query("INSERT INTO imcloud_sync_state (name, value) VALUES ($1, $2)", row);
    }
    await all[0]?.close();
    await all[1]?.close();
    const later = parquetTables(place);
    const rows = await later.query("SELECT name FROM imcloud_sync_state WHERE name LIKE 'consumer:%' ORDER BY name");
    expect(rows).toEqual([{ name: "consumer:one" }, { name: "consumer:two" }]);
    await later.close();
  });

  test("opens a folder that could not be opened before", async () => {
    const place = join(folder, "taken");
    await mkdir(place);
    const file = join(place, "imcloud.duckdb");
    await writeFile(file, "Another program's file, which is longer than the header of a database. ".repeat(100));
    const store = parquetTables(place);
    await expect(store.migrate()).rejects.toThrow("cannot be used");
    await rm(file);
    await store.migrate();
    expect(await store.query("SELECT COUNT(*) AS count FROM imcloud_orders")).toEqual([{ count: 0 }]);
    await store.close();
  });

  test("refuses a URL, and shows nothing of it but its scheme", () => {
    expect(() => parquetTables("s3://key:hunter2@bucket/tables/")).toThrow(
      new SyncError("parquetTables takes a folder of this machine; got a URL of s3."),
    );
  });

  test("writes a file for each table, which any Parquet reader can open", async () => {
    const { sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 1, each: 2 }) });
    const tables = join(folder, "read by others");
    const store = parquetTables(tables);
    await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
    await store.close();
    const files = (await readdir(tables)).filter((name) => name.endsWith(".parquet"));
    expect(files).toContain("imcloud_orders.parquet");
    expect(files).toContain("imcloud_events.parquet");
    const other = await (await DuckDBInstance.create(":memory:")).connect();
    const file = join(tables, "imcloud_subscription_products.parquet");
    const rows = (
      await other.runAndReadAll(`SELECT sum(quantity) AS seats, typeof(any_value(quantity)) AS type FROM '${file}'`)
    ).getRowObjectsJson();
    expect(rows).toEqual([{ seats: "5.0000000000", type: "DECIMAL(38,10)" }]);
    other.closeSync();
  });
});

describe("dashboard.sql", () => {
  test("makes a page of the tables, and escapes names", async () => {
    const { sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 3, each: 2 }) });
    const client = clientOf(sandbox);
    await client.customers.update("3001", { name: "<script>alert(1)</script> & Sons" });
    const store = sqliteTables(":memory:");
    await sync({ client, to: store, now: () => sandbox.now() });
    const statement = await readFile(join(paths.sync, "dashboard.sql"), "utf8");
    const page = (await store.query<{ html: string }>(statement)).map(({ html }) => html).join("\n");
    await store.close();
    expect(page).toContain("<b>3</b><span>customers</span>");
    expect(page).toContain("&lt;script>alert(1)&lt;/script> &amp; Sons");
    expect(page).not.toContain("<script>");
    expect(page.match(/<table>/g)).toHaveLength(page.match(/<\/table>/g)?.length ?? 0);
  });
});
