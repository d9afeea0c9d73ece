import type { ReportCreate } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { type ReportLine, reconcile, type SyncStore, sqliteTables, sync } from "@imcloud/sync";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, customerFixtures, DAY, openSandbox } from "./marketplace.ts";

let sandbox: Sandbox;
let store: SyncStore;
let lines: Record<string, string>[];
let period: { from: Date; to: Date };

beforeAll(async () => {
  ({ sandbox } = openSandbox({ fixtures: customerFixtures({ customers: 4, each: 2 }) }));
  const client = clientOf(sandbox);
  const from = sandbox.now();
  for (const [customerId, quantity] of [
    ["3000", 7],
    ["3001", 130],
  ] as const) {
    await client.orders.create({ type: "sales", customerId, products: [{ id: "501", quantity }] });
  }
  await sandbox.advance(3 * DAY);
  for (const quantity of [6, 2]) {
    await client.orders.create({
      ...{ type: "change", customerId: "3002", subscriptionId: "70005" },
      products: [{ id: "501", quantity, subscriptionId: "70005" }],
    });
    await sandbox.advance(2 * DAY);
  }
  // Renewals, which have no lines in their orders.
  await sandbox.advance(300 * DAY);
  const body: ReportCreate = {
    ...{ name: "Every Invoice - Full View", format: "csv" },
    ...{ startDate: from.toISOString(), endDate: sandbox.now().toISOString() },
  };
  period = { from, to: sandbox.now() };
  const report = await clientOf(sandbox).reports.create(body);
  await sandbox.advance(DAY);
  const download = await clientOf(sandbox).reports.download(String(report.id));
  lines = parse(Buffer.concat(await Array.fromAsync(download)), { columns: true });
  store = sqliteTables(":memory:");
  await sync({ client: clientOf(sandbox), to: store, now: () => sandbox.now() });
});
afterAll(() => store.close());

/** Holds the report against the tables, with what is done to it before. */
const held = (change: (lines: Record<string, string>[]) => readonly ReportLine[]) =>
  reconcile({ from: store, lines: change(structuredClone(lines)), period });

const cents = (amount: string) => Math.round(Number(amount) * 10_000);

const first = (rows: Record<string, string>[], fits: (row: Record<string, string>) => boolean) =>
  rows.find(fits) as Record<string, string>;
const recurring = ({ CUSTOMER_DETAIL_TYPE: type, CUSTOMER_INVOICE_NUMBER: number = "" }: Record<string, string>) =>
  type === "Recurring" && number.startsWith("SO");
const renewal = ({ CUSTOMER_INVOICE_NUMBER: number = "" }: Record<string, string>) => number.startsWith("RN");

describe("reconcile", () => {
  test("finds nothing where the report is that of the orders", async () => {
    expect(lines.length).toBeGreaterThan(10);
    const { totals, differences, remarks } = await held((rows) => rows);
    expect(differences).toEqual([]);
    expect(remarks).toEqual([]);
    const [only] = totals;
    expect(only).toEqual({ currency: "EUR", report: only?.orders, orders: only?.orders, difference: "0.00" });
    const sum = lines.reduce((all, row) => all + cents(String(row.CUSTOMER_DETAIL_TOTAL)), 0);
    expect(cents(String(only?.report))).toBe(sum);
  });

  /** Sets members of the first line of a kind. */
  const setting =
    (fits: typeof recurring, set: (row: Record<string, string>) => Record<string, string>) =>
    (rows: Record<string, string>[]) => {
      const row = first(rows, fits);
      Object.assign(row, set(row));
      return rows;
    };
  const plus = (row: Record<string, string>, name: string, more: number) => ({
    [name]: (Number(row[name]) + more).toFixed(4),
  });

  test.each<[string, (rows: Record<string, string>[]) => readonly ReportLine[], string[], string]>([
    [
      "an invoice without an order",
      (rows) => [...rows, { ...rows[0], CUSTOMER_INVOICE_NUMBER: "SO1", CUSTOMER_DETAIL_TOTAL: "10.5000" }],
      ["unknownInvoice"],
      "10.50",
    ],
    ["a line twice", (rows) => [...rows, first(rows, recurring)], ["duplicate"], "+"],
    [
      "a line that was not ordered",
      (rows) => [
        ...rows,
        { ...first(rows, recurring), CUSTOMER_RESOURCE_MPN: "OTHER-1", CUSTOMER_DETAIL_TOTAL: "3.0100" },
      ],
      ["lineAdded"],
      "3.01",
    ],
    [
      "an order without an invoice",
      (rows) => rows.filter((row) => row.CUSTOMER_INVOICE_NUMBER !== first(rows, recurring).CUSTOMER_INVOICE_NUMBER),
      ["notInvoiced"],
      "-",
    ],
    ["tax", setting(recurring, (row) => plus(row, "CUSTOMER_DETAIL_TOTAL", -0.01)), ["tax"], "-0.01"],
    [
      "a unit price",
      setting(recurring, (row) => ({
        CUSTOMER_DETAIL_UNIT_PRICE: "13.0000",
        ...plus(row, "CUSTOMER_DETAIL_NET_TOTAL", 4.2),
        ...plus(row, "CUSTOMER_DETAIL_TOTAL", 4.2),
      })),
      ["unitPrice"],
      "4.20",
    ],
    [
      "units",
      setting(recurring, (row) => ({
        CUSTOMER_DETAIL_QTY: String(Number(row.CUSTOMER_DETAIL_QTY) + 1),
        ...plus(row, "CUSTOMER_DETAIL_NET_TOTAL", 12.4),
        ...plus(row, "CUSTOMER_DETAIL_TOTAL", 15.5),
      })),
      ["quantity", "tax"],
      "15.50",
    ],
    [
      "proration",
      setting(recurring, (row) => ({
        ...plus(row, "CUSTOMER_DETAIL_NET_TOTAL", -1),
        ...plus(row, "CUSTOMER_DETAIL_TOTAL", -1),
      })),
      ["net"],
      "-1.00",
    ],
    [
      "the total of a renewal",
      setting(renewal, (row) => plus(row, "CUSTOMER_DETAIL_TOTAL", 0.0001)),
      ["total"],
      "0.0001",
    ],
  ])("tells of %s, to the cent", async (_what, change, kinds, amount) => {
    const { totals, differences } = await held(change);
    expect(differences.map(({ kind }) => kind)).toEqual(kinds);
    const [only] = totals;
    // What the reasons come to is all of the difference.
    expect(differences.reduce((sum, each) => sum + cents(each.amount), 0)).toBe(cents(String(only?.difference)));
    if (amount === "+") expect(Number(only?.difference)).toBeGreaterThan(0);
    else if (amount === "-") expect(Number(only?.difference)).toBeLessThan(0);
    else expect(only?.difference).toBe(amount);
    expect(differences[0]?.reason).toMatch(/\.$/);
  });

  test.each([
    ["one line in another currency", (rows: Record<string, string>[]) => rows.slice(0, 1)],
    ["a whole invoice in another currency", (rows: Record<string, string>[]) => rows],
  ])("adds up each currency by itself where an order has %s", async (_what, of) => {
    const { totals, differences } = await held((rows) => {
      const { CUSTOMER_INVOICE_NUMBER: number } = first(rows, recurring);
      const own = rows.filter((row) => row.CUSTOMER_INVOICE_NUMBER === number);
      for (const row of of(own)) row.RESELLER_ACCOUNT_CURRENCY = "USD";
      return rows;
    });
    expect(totals.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    for (const { currency, difference } of totals) {
      const own = differences.filter((each) => each.currency === currency);
      expect(own.reduce((sum, each) => sum + cents(each.amount), 0)).toBe(cents(difference));
      expect(cents(difference)).not.toBe(0);
    }
  });

  test("takes orders as the platform sends them: with more decimals, gaps, and no number", async () => {
    const kept = sqliteTables(":memory:");
    await kept.migrate();
    const at = "2026-06-01T00:00:00.000Z";
    const orders = [
      { id: "1", orderNumber: "SO1", total: { currency: "EUR", amount: "12.34567" }, details: [null] },
      { id: "2", orderNumber: "SO2", total: { currency: "EUR", amount: 0.1 + 0.2 }, details: null },
      { id: "3", total: { currency: "EUR", amount: "7.00" } },
      { id: "4", orderNumber: null, total: { currency: "EUR", amount: "-2.00" } },
    ];
    for (const order of orders) {
      await kept.query(
        "INSERT INTO imcloud_orders (id, status, creation_date, document) VALUES ($1, 'completed', $2, $3)",
        [order.id, at, JSON.stringify(order)],
      );
    }
    const { totals, differences } = await reconcile({
      ...{ from: kept, lines: [], period: { from: new Date(at), to: new Date(at) } },
    });
    expect(totals).toEqual([{ currency: "EUR", report: "0.00", orders: "17.6457", difference: "-17.6457" }]);
    expect(differences.map(({ invoice, amount }) => [invoice, amount])).toEqual([
      ["SO1", "-12.3457"],
      ["SO2", "-0.30"],
      ["3", "-7.00"],
      ["4", "2.00"],
    ]);
    await kept.close();
  });

  test("remarks on subscriptions that are unknown, or over", async () => {
    const { remarks } = await held((rows) => {
      Object.assign(first(rows, renewal), { SUBSCRIPTION_ID: "1" });
      return rows;
    });
    expect(remarks).toMatchObject([{ kind: "unknownSubscription", subscriptionId: "1" }]);
  });

  test.each([
    ["another view", [{ "Customer Account ID": "1" }], /^The report has no CUSTOMER_INVOICE_NUMBER, /],
    [
      "an amount that is none",
      "CUSTOMER_DETAIL_TOTAL",
      /^CUSTOMER_DETAIL_TOTAL of line 1 must be an amount; got "much"\.$/,
    ],
  ])("refuses %s", async (_what, given, message) => {
    const change = (rows: Record<string, string>[]) =>
      Array.isArray(given) ? given : rows.map((row) => ({ ...row, [given]: "much" }));
    await expect(held(change)).rejects.toThrow(message);
  });
});
