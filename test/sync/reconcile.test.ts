import type { OrderCreate, ReportCreate } from "@imcloud/client";
import type { Sandbox } from "@imcloud/mock/sandbox";
import { due, type ReportLine, reconcile, type SyncStore, sqliteTables, sync } from "@imcloud/sync";
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
  // Adds renewals, whose orders have no lines.
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

/** Reconciles a changed report. */
const held = (change: (lines: Record<string, string>[]) => readonly ReportLine[]) =>
  reconcile({ from: store, lines: change(structuredClone(lines)), period });

const cents = (amount: string) => Math.round(Number(amount) * 10_000);

const first = (rows: Record<string, string>[], fits: (row: Record<string, string>) => boolean) =>
  rows.find(fits) as Record<string, string>;
const recurring = ({ CUSTOMER_DETAIL_TYPE: type, CUSTOMER_INVOICE_NUMBER: number = "" }: Record<string, string>) =>
  type === "Recurring" && number.startsWith("SO");
const renewal = ({ CUSTOMER_INVOICE_NUMBER: number = "" }: Record<string, string>) => number.startsWith("RN");

describe("reconcile", () => {
  test("finds no difference in an unchanged report", async () => {
    expect(lines.length).toBeGreaterThan(10);
    const { totals, differences, remarks } = await held((rows) => rows);
    expect(differences).toEqual([]);
    expect(remarks).toEqual([]);
    const [only] = totals;
    expect(only).toEqual({ currency: "EUR", report: only?.orders, orders: only?.orders, difference: "0.00" });
    const sum = lines.reduce((all, row) => all + cents(String(row.CUSTOMER_DETAIL_TOTAL)), 0);
    expect(cents(String(only?.report))).toBe(sum);
  });

  /** Changes the first line of a kind. */
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
  ])("finds %s, to the cent", async (_what, change, kinds, amount) => {
    const { totals, differences } = await held(change);
    expect(differences.map(({ kind }) => kind)).toEqual(kinds);
    const [only] = totals;
    // The differences add up to the total.
    expect(differences.reduce((sum, each) => sum + cents(each.amount), 0)).toBe(cents(String(only?.difference)));
    if (amount === "+") expect(Number(only?.difference)).toBeGreaterThan(0);
    else if (amount === "-") expect(Number(only?.difference)).toBeLessThan(0);
    else expect(only?.difference).toBe(amount);
    expect(differences[0]?.reason).toMatch(/\.$/);
  });

  test("compares customers' charges in the currency of their orders, whatever the reseller pays in", async () => {
    const inDollars = (rows: Record<string, string>[]) =>
      rows.map((row) => ({ ...row, RESELLER_ACCOUNT_CURRENCY: "USD" }));
    const { totals, differences } = await held(inDollars);
    expect(differences).toEqual([]);
    expect(totals.map(({ currency, difference }) => [currency, difference])).toEqual([["EUR", "0.00"]]);
    const unknown = await held((rows) => [
      ...rows,
      ...inDollars([{ ...rows[0], CUSTOMER_INVOICE_NUMBER: "SO1", CUSTOMER_DETAIL_TOTAL: "10.5000" }]),
    ]);
    expect(unknown.differences).toMatchObject([{ kind: "unknownInvoice", currency: "USD", amount: "10.50" }]);
    expect(unknown.totals.map(({ currency, difference }) => [currency, difference])).toEqual([
      ["EUR", "0.00"],
      ["USD", "10.50"],
    ]);
  });

  test("accepts orders as the platform sends them: with more decimals, with gaps, without a number", async () => {
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

  test("notes unknown and ended subscriptions", async () => {
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

describe("reconcile of several months", () => {
  const usd = {
    ...{ id: "601", mpn: "HARBOR-1", vendor: "Harbor", name: "Harbor Vault", serviceName: "HARBOR" },
    ...{ minimumQuantity: "1.0", maximumQuantity: "500.0", billingModel: "chargeBeforeBillingPeriod" },
    ...{ billingPeriod: { type: "month", duration: 1 }, subscriptionPeriod: { type: "year", duration: 1 } },
    prices: [{ currency: "USD", amount: "7.77", type: "recurring" }],
    costs: [{ currency: "USD", amount: "5.55", type: "recurring" }],
  };
  let months: Sandbox;
  let tables: SyncStore;

  beforeAll(async () => {
    const fixtures = customerFixtures({ customers: 4, each: 2 });
    ({ sandbox: months } = openSandbox({
      fixtures: { ...fixtures, products: [...(fixtures.products ?? []), usd] } as typeof fixtures,
    }));
    const order = (body: object) => clientOf(months).orders.create(body as OrderCreate);
    const until = (time: string) => months.advance(Date.parse(time) - months.now().getTime());
    const dollars = { type: "sales", products: [{ id: "601", quantity: 13 }] };
    await order({ ...dollars, customerId: "3000" });
    // The last moment of a month, and the first of the next.
    await until("2026-10-31T23:59:59.500Z");
    await order({ type: "sales", customerId: "3001", products: [{ id: "501", quantity: 3 }] });
    await until("2026-11-01T00:00:00.000Z");
    await order({ type: "sales", customerId: "3001", products: [{ id: "601", quantity: 4 }] });
    await until("2026-11-10T09:00:00Z");
    const change = { type: "change", customerId: "3002", subscriptionId: "70005" };
    await order({ ...change, products: [{ id: "501", quantity: 9, subscriptionId: "70005" }] });
    await until("2026-11-12T09:00:00Z");
    await order({ ...change, products: [{ id: "501", quantity: 2, subscriptionId: "70005" }] });
    await until("2026-12-03T09:00:00Z");
    const { id } = await order({ ...dollars, customerId: "3003" });
    await months.advance(DAY);
    const { subscriptionId = "" } = await clientOf(months).orders.get(String(id));
    await order({ type: "cancellation", customerId: "3003", subscriptionId });
    await until("2027-02-10T00:00:00Z");
    tables = sqliteTables(":memory:");
    await sync({ client: clientOf(months), to: tables, now: () => months.now() });
  });
  afterAll(() => tables.close());

  async function reportOf(from: string, to: string): Promise<ReportLine[]> {
    const body: ReportCreate = { name: "Every Invoice - Full View", format: "json", startDate: from, endDate: to };
    const { id } = await clientOf(months).reports.create(body);
    await months.advance(60_000);
    const chunks = await Array.fromAsync(await clientOf(months).reports.download(String(id)));
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  test.each([
    ["a month to its last moment", "2026-10-01T00:00:00.000Z", "2026-10-31T23:59:59.999Z"],
    ["a month from its first moment", "2026-11-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z"],
    ["a month with a refund", "2026-12-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"],
    ["parts of two months", "2026-10-31T23:00:00.000Z", "2026-11-11T12:00:00.000Z"],
    ["a turn of the year", "2026-10-01T00:00:00.000Z", "2027-02-09T00:00:00.000Z"],
  ])("finds nothing in %s, and a removed line to the cent", async (_what, from, to) => {
    const lines = await reportOf(from, to);
    const period = { from: new Date(from), to: new Date(to) };
    const { totals, differences, remarks } = await reconcile({ from: tables, lines, period });
    expect({ differences, remarks }).toEqual({ differences: [], remarks: [] });
    expect(lines.length).toBeGreaterThan(0);
    expect(totals.every(({ report, orders }) => report === orders)).toBe(true);
    for (const invoice of new Set(lines.map((line) => String(line.CUSTOMER_INVOICE_NUMBER)))) {
      const own = lines.filter((line) => line.CUSTOMER_INVOICE_NUMBER === invoice);
      const sum = own.reduce((all, line) => all + cents(String(line.CUSTOMER_DETAIL_TOTAL)), 0);
      const rest = lines.filter((line) => !own.includes(line));
      const without = await reconcile({ from: tables, lines: rest, period });
      const expected = sum === 0 ? [] : [[invoice, -sum, own[0]?.RESELLER_ACCOUNT_CURRENCY]];
      expect(without.differences.map((each) => [each.invoice, cents(each.amount), each.currency])).toEqual(expected);
    }
  });

  test("adds up euros and dollars separately, and finds an order on the wrong side of a month's end", async () => {
    const lines = await reportOf("2026-10-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z");
    const whole = { from: new Date("2026-10-01T00:00:00Z"), to: new Date("2026-12-31T23:59:59.999Z") };
    const { totals } = await reconcile({ from: tables, lines, period: whole });
    expect(totals.map(({ currency }) => currency)).toEqual(["EUR", "USD"]);
    expect(lines.some((line) => Number(line.CUSTOMER_DETAIL_TOTAL) < 0)).toBe(true);
    const october = await reportOf("2026-10-01T00:00:00.000Z", "2026-10-31T23:59:58.000Z");
    const period = { from: new Date("2026-10-01T00:00:00Z"), to: new Date("2026-10-31T23:59:59.999Z") };
    const { differences } = await reconcile({ from: tables, lines: october, period });
    expect(differences.map(({ kind, customerId }) => [kind, customerId])).toEqual([["notInvoiced", "3001"]]);
  });

  test.each([
    ["begins after its end", { from: new Date("2026-11-02"), to: new Date("2026-11-01") }],
    ["is of no year that a table has", { from: new Date("2026-11-02"), to: new Date(8.64e15) }],
  ])("refuses a period that %s", async (_what, period) => {
    await expect(reconcile({ from: tables, lines: [], period })).rejects.toThrow(
      "reconcile.period must be { from, to } with two dates of the years 1 to 9999, the earlier one first",
    );
  });
});

describe("due", () => {
  test.each([
    [{ within: 36_501 }, "due.within must be days from 0 to 36500"],
    [{ within: Number.POSITIVE_INFINITY }, "due.within must be days from 0 to 36500"],
    [{ within: -1 }, "due.within must be days from 0 to 36500"],
    [{ within: 1, today: new Date(8.64e15) }, "due.today must be a date of the years 1 to 9899"],
    [{ within: 1, customerId: "30\0" }, "due.customerId must be a string that is not empty"],
  ])("refuses %j", async (options, message) => {
    await expect(due(store, options)).rejects.toThrow(message);
  });

  test("returns the same days as the view, at its limits too", async () => {
    const rows = (last: string) => store.query("SELECT * FROM imcloud_due WHERE day <= $1", [last]);
    const today = new Date("2026-10-05T12:00:00Z");
    for (const within of [0, 0.5, 365, 36_500]) {
      const last = new Date(today.getTime() + within * DAY).toISOString().slice(0, 10);
      expect(await due(store, { within, today })).toHaveLength((await rows(last)).length);
    }
    expect((await due(store, { within: 36_500, today })).length).toBeGreaterThan(0);
  });
});

describe("reconcile of orders with two prices", () => {
  let tables: SyncStore;
  let invoice: string;
  /** The report, which charges twice as much for the invoice. */
  let doubled: ReportLine[];

  beforeAll(async () => {
    tables = sqliteTables(":memory:");
    await sync({ client: clientOf(sandbox), to: tables, now: () => sandbox.now() });
    invoice = String(first(lines, recurring).CUSTOMER_INVOICE_NUMBER);
    const twice = (amount: unknown) => (2 * Number(amount)).toFixed(4);
    const names = ["DETAIL_UNIT_PRICE", "DETAIL_NET_TOTAL", "DETAIL_TOTAL"].map((name) => `CUSTOMER_${name}`);
    doubled = lines.map((row) => {
      if (row.CUSTOMER_INVOICE_NUMBER !== invoice) return row;
      return { ...row, ...Object.fromEntries(names.map((name) => [name, twice(row[name])])) };
    });
    type Detail = Record<"unitPrice" | "extendedPrice" | "discount" | "taxAmount", { amount?: string } | undefined>;
    const [row] = await tables.query<{ document: string }>(
      "SELECT document FROM imcloud_orders WHERE order_number = $1",
      [invoice],
    );
    const order = JSON.parse(String(row?.document)) as { details: Detail[] };
    const sold = (money: { amount?: string } | undefined) => money && { ...money, amount: twice(money.amount) };
    const details = order.details.map(({ unitPrice, extendedPrice, discount, taxAmount, ...rest }) => ({
      ...{ ...rest, unitPrice, extendedPrice, discount, taxAmount },
      ...{ salesUnitPrice: sold(unitPrice), salesExtendedPrice: sold(extendedPrice) },
      ...{ salesDiscount: sold(discount), salesTaxAmount: sold(taxAmount) },
    }));
    const document = JSON.stringify({ ...order, details });
    await tables.query("UPDATE imcloud_orders SET document = $1 WHERE order_number = $2", [document, invoice]);
  });
  afterAll(() => tables.close());

  test("says that a line is billed at the price that was not asked for", async () => {
    const { differences, totals } = await reconcile({ from: tables, lines: doubled, period });
    const prices = differences.filter(({ kind }) => kind === "unitPrice");
    expect(prices.length).toBeGreaterThan(0);
    for (const { reason } of prices) expect(reason).toContain("That is the order's salesUnitPrice: reconcile by it.");
    expect(differences.reduce((sum, each) => sum + cents(each.amount), 0)).toBe(cents(String(totals[0]?.difference)));
    expect(new Set(differences.map((each) => each.invoice))).toEqual(new Set([invoice]));
  });

  test("compares with the price that is asked for, and the others at the only one that they have", async () => {
    const { differences } = await reconcile({ from: tables, lines: doubled, period, prices: "salesUnitPrice" });
    expect(differences).toEqual([]);
    const asOrdered = await reconcile({ from: tables, lines, period });
    expect(asOrdered.differences).toEqual([]);
  });

  test("takes the reseller's charges where these are asked for", async () => {
    const swapped = lines.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          const other = name.replace(/^(CUSTOMER|RESELLER)(?=_(?:DETAIL|INVOICE|RESOURCE)_)/, (account) =>
            account === "CUSTOMER" ? "RESELLER" : "CUSTOMER",
          );
          return [other, value];
        }),
      ),
    );
    const { differences, totals } = await reconcile({ from: tables, lines: swapped, period, charged: "reseller" });
    expect(differences).toEqual([]);
    expect(totals[0]?.report).toBe(totals[0]?.orders);
    const ofCustomer = await reconcile({ from: tables, lines: swapped, period });
    expect(ofCustomer.differences.length).toBeGreaterThan(0);
    await expect(reconcile({ from: tables, lines, charged: "me" as "reseller" })).rejects.toThrow(
      'reconcile.charged must be "customer" or "reseller"; got "me".',
    );
  });
});
