import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { runInProcess } from "@imcloud/cli/reference";
import type { Sandbox } from "@imcloud/mock/sandbox";
import {
  changes,
  due,
  margins,
  parquetTables,
  postgresTables,
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
import { syncUntilKilled } from "./kills.ts";
import { clientOf, customerFixtures, DAY, expectTables, openSandbox, readMarketplace, timeIn } from "./marketplace.ts";

let postgres: Engine;
let pool: pg.Pool;
let folder: string;
beforeAll(async () => {
  postgres = await startPostgres();
  pool = new pg.Pool({ connectionString: (postgres.address as { postgres: string }).postgres, max: 4 });
  // Another zone than UTC, as a server has one.
  pool.on("connect", (connection) => void connection.query("SET TIME ZONE 'Asia/Kolkata'"));
  pool.on("error", () => {});
  folder = await mkdtemp(join(tmpdir(), "imcloud-sync-"));
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

/** How often a process ends: opening DuckDB takes longer than a call. */
const engines: [name: string, open: () => SyncStore, calls: number][] = [
  ["sqliteTables", () => sqliteTables(join(folder, "imcloud.db")), 1],
  ["postgresTables", () => postgresTables(pool), 1],
  ["parquetTables", () => parquetTables(join(folder, "parquet")), 4],
];

/** Takes tables back to what a document of fewer members makes: without each other list, and without the columns of the rest. */
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

describe.each(engines)("%s", (_name, open, calls) => {
  let sandbox: Sandbox;
  let store: SyncStore;
  beforeAll(() => {
    ({ sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 3, each: 2 }) }));
    store = open();
  });
  afterAll(() => store.close());

  const run = (to = store) => sync({ client: clientOf(sandbox), to, now: () => sandbox.now() });

  test("keeps what the marketplace has, through ends of the process", async () => {
    const { token = "" } = await clientOf(sandbox).token.create({ marketplace: sandbox.connection.marketplace });
    while (!(await syncUntilKilled(sandbox, open, { calls, moment: "after", token })));
    await expectTables(store, await readMarketplace(clientOf(sandbox)));
  });

  test("has the same questions and answers", async () => {
    expect((await seats(store))[0]).toEqual({
      ...{ customerId: "3000", customerName: "Town customer 0", productId: "501", mpn: "TOWN-1" },
      ...{ productName: "Town Office", seats: 5, subscriptions: 2 },
    });
    // A unit is sold for 12.40 and bought for 10.10 a month, and there are five.
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

  test("tells what changed, with the state before and after", async () => {
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

  test("adds what a newer document has, and fills it from the JSON that is kept", async () => {
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

  test("keeps what an engine has no place for, once", async () => {
    // A backslash that begins no escape, and half of a character.
    const name = "Half \\u0000 of \ud83d";
    sandbox.override("customers_get", async (_call, next) => ({
      ...(await next()),
      ...{ name, externalId: "a\0b" },
    }));
    sandbox.override("orders_get", async (_call, next) => ({
      ...(await next()),
      ...{ creationDate: "0001-01-01T00:00:00+01:00", total: { currency: "EUR", amount: "9".repeat(50) } },
    }));
    const again = () =>
      store.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE resource IN ('customers', 'orders')");
    await again();
    const first = await run();
    expect(first).toMatchObject({ isComplete: true, failures: [] });
    expect(first.events).toBeGreaterThan(3);
    await again();
    // What is kept in another form is no change.
    expect(await run()).toMatchObject({ isComplete: true, failures: [], events: 0 });
    expect(await store.query("SELECT name, external_id FROM imcloud_customers WHERE id = '3000'")).toEqual([
      { name: "Half \\u0000 of \ufffd", external_id: "ab" },
    ]);
  });

  test("fills the columns of a newer document, and keeps when things were read", async () => {
    await store.query("UPDATE imcloud_sync_records SET is_due = 1 WHERE resource = 'customers'");
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

describe("imcloud sync --to", () => {
  test("keeps the marketplace in PostgreSQL, by a URL without a password or by one of the environment", async () => {
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
  test("is migrated, and had, by one of many that begin together", async () => {
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

  test("gives another prefix tables of its own", async () => {
    const { sandbox } = openSandbox({});
    const store = postgresTables(pool, { prefix: "other_" });
    await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
    expect(await store.query("SELECT COUNT(*)::INTEGER AS count FROM other_customers")).toEqual([{ count: 2 }]);
  });
});

describe("parquetTables", () => {
  test("leaves a file for each table, which anything that reads Parquet can open", async () => {
    const files = (await readdir(join(folder, "parquet"))).filter((name) => name.endsWith(".parquet"));
    expect(files).toContain("imcloud_orders.parquet");
    expect(files).toContain("imcloud_events.parquet");
    const other = await (await DuckDBInstance.create(":memory:")).connect();
    const file = join(folder, "parquet/imcloud_subscription_products.parquet");
    const rows = (
      await other.runAndReadAll(`SELECT sum(quantity) AS seats, typeof(any_value(quantity)) AS type FROM '${file}'`)
    ).getRowObjectsJson();
    expect(rows).toEqual([{ seats: "20.0000000000", type: "DECIMAL(38,10)" }]);
    other.closeSync();
  });
});

describe("dashboard.sql", () => {
  test("makes a page of the tables, in which names are text", async () => {
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
