import type { Fixtures, SandboxOptions } from "@imcloud/mock/sandbox";
import { describe, expect, test } from "vitest";
import { DAY, localSandbox, SECOND, sale } from "./sandbox.ts";

const on = { customerId: "1002101", subscriptionId: "700401" };
const change = (quantity: number, more: object = {}) => ({
  ...{ type: "change" as const, ...on, ...more },
  products: [{ id: "500201", quantity }],
});
const cancellation = { type: "cancellation" as const, ...on };

/** A mock, with what an order says of where it stands. */
function played(options?: SandboxOptions) {
  const { mock, imcloud } = localSandbox(options);
  const stateOf = async (id: string) => (await imcloud.orders.get(id)).statusCode;
  const stopNext = (statusCode: "PF" | "WA" | "WP" | "LO" | "MO") =>
    mock.faults.add({ kind: "orderStop", statusCode, count: 1, operation: "orders_create" });
  const place = async (order: Parameters<typeof imcloud.orders.create>[0]) => (await imcloud.orders.create(order)).id;
  const moveTo = (time: string) => mock.advance(Date.parse(time) - mock.now().getTime());
  return { mock, imcloud, stateOf, stopNext, place, moveTo };
}

describe("orders on a subscription that ends", () => {
  test("are cancelled with it, whatever they wait for, so that none charges or refunds after it", async () => {
    const { mock, imcloud, stateOf, place } = played({ oneOpenOrder: false });
    const scheduled = await place(change(40, { scheduledOn: "renewal" }));
    await mock.advance(10 * SECOND);
    const first = await place(cancellation);
    const later = [await place(change(35)), await place(cancellation)];
    await mock.advance(10 * SECOND);
    expect(await stateOf(first)).toBe("CP");
    expect(await Promise.all([scheduled, ...later].map(stateOf))).toEqual(["CL", "CL", "CL"]);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({
      ...{ status: "terminated", products: [{ quantity: 30 }] },
    });
  });

  test.each([change(35), { ...cancellation, type: "renewal" as const }, cancellation])(
    "cannot be submitted again after it, where they have failed: %j",
    async (order) => {
      const { mock, imcloud, stopNext, place } = played();
      stopNext("PF");
      const failed = await place(order);
      await mock.advance(10 * SECOND);
      await place(cancellation);
      await mock.advance(31 * DAY);
      const before = await imcloud.subscriptions.get("700401");
      expect(before).toMatchObject({ status: "removed" });
      expect(() => mock.resumeOrder(failed)).toThrow(`Order ${failed} is for subscription 700401, which has ended.`);
      await mock.advance(10 * SECOND);
      expect(await imcloud.subscriptions.get("700401")).toEqual(before);
    },
  );

  test("are cancelled where a monthly subscription is replaced, which renews no more", async () => {
    const { mock, imcloud, stateOf, stopNext, place } = played({ size: "medium" });
    const customers = await Array.fromAsync(imcloud.customers.list());
    const customerId = String(customers.findLast(({ status }) => status === "active")?.id);
    const products = await Array.fromAsync(imcloud.products.list());
    const monthly = products.find(
      ({ subscriptionPeriod, serviceName }) =>
        subscriptionPeriod?.type === "month" && serviceName === "POLAR_MAIL_GUARD",
    );
    const id = String(monthly?.id);
    const sold = await place({ type: "sales", customerId, products: [{ id, quantity: 3 }] });
    await mock.advance(DAY);
    const subscriptionId = String((await imcloud.orders.get(sold)).subscriptionId);
    stopNext("WA");
    const waiting = await place({ type: "change", customerId, subscriptionId, products: [{ id, quantity: 4 }] });
    await mock.advance(40 * DAY);
    expect(await stateOf(waiting)).toBe("CL");
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({ status: "removed", renewalStatus: false });
  });

  test("leave the terminated one of the examples to be removed as any other", async () => {
    const { mock, imcloud } = played();
    await mock.advance(30 * DAY);
    expect(await imcloud.subscriptions.get("700402")).toMatchObject({ status: "removed" });
  });
});

describe("subscriptions that were pending for days", () => {
  test("keep the day of their creation, by which they are listed, and are charged from the day on which they began", async () => {
    const { mock, imcloud, moveTo, stopNext, place } = played();
    stopNext("LO");
    const late = await place(sale(2));
    await mock.advance(DAY);
    const soon = await place(sale(3));
    await moveTo("2026-12-01T12:00:00Z");
    const order = await imcloud.orders.get(late);
    const subscriptionId = String(order.subscriptionId);
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({
      ...{ status: "pending", creationDate: "2026-10-05" },
    });
    mock.resumeOrder(late);
    await mock.advance(10 * SECOND);
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({
      ...{ status: "active", creationDate: "2026-10-05", renewalDate: "2027-12-01", expirationDate: "2027-11-30" },
    });
    const { data } = await imcloud.subscriptions.list({ limit: 2 });
    expect(data.map(({ creationDate }) => creationDate)).toEqual(["2026-10-06", "2026-10-05"]);
    expect(data[0]?.id).toBe((await imcloud.orders.get(soon)).subscriptionId);
    await moveTo("2026-12-20");
    const { details = [] } = await imcloud.orders.estimate({
      ...{ type: "change", customerId: "1002101", subscriptionId },
      products: [{ id: "500201", quantity: 5 }],
    });
    expect(details[0]?.description).toContain("from 2026-12-20 through 2026-12-31");
    await moveTo("2028-01-02");
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({ renewalDate: "2028-12-01" });
  });
});

describe("accounts whose hold ends", () => {
  test.each(["WA", "WP", "LO", "MO"] as const)("let an order wait on at %s", async (statusCode) => {
    const { mock, imcloud, stateOf, stopNext, place } = played();
    stopNext(statusCode);
    const id = await place(sale(1));
    await mock.advance(DAY);
    await imcloud.customers.update("1002101", { status: "creditHold" });
    expect(await stateOf(id)).toBe("HL");
    await imcloud.customers.update("1002101", { status: "active" });
    await mock.advance(DAY);
    expect(await stateOf(id)).toBe(statusCode);
    mock.resumeOrder(id);
    await mock.advance(DAY);
    expect(await stateOf(id)).toBe("CP");
  });

  test("let an order stop where it was to stop", async () => {
    const { mock, imcloud, stateOf, stopNext, place } = played();
    stopNext("WA");
    const id = await place(sale(1));
    await imcloud.customers.update("1002101", { status: "creditHold" });
    await imcloud.customers.update("1002101", { status: "active" });
    await mock.advance(DAY);
    expect(await stateOf(id)).toBe("WA");
  });

  test("let what was ordered beyond the credit wait for its payment", async () => {
    const { mock, imcloud, stateOf, place } = played();
    await imcloud.customers.update("1002101", { status: "creditHold" });
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) ids.push(await place(sale(300)));
    await imcloud.customers.update("1002101", { status: "active" });
    await mock.advance(DAY);
    expect(await Promise.all(ids.map(stateOf))).toEqual([...Array(7).fill("CP"), "WP"]);
  });
});

describe("accounts on hold", () => {
  test("have subscriptions on hold that an order brings meanwhile", async () => {
    const { mock, imcloud, stateOf, place } = played();
    const id = await place(sale(1));
    await mock.advance(4 * SECOND);
    expect(await stateOf(id)).toBe("PR");
    await imcloud.customers.update("1002101", { status: "creditHold" });
    await mock.advance(10 * SECOND);
    expect(await stateOf(id)).toBe("CP");
    const subscriptionId = String((await imcloud.orders.get(id)).subscriptionId);
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({ status: "hold" });
    await imcloud.customers.update("1002101", { status: "active" });
    expect(await imcloud.subscriptions.get(subscriptionId)).toMatchObject({ status: "active" });
  });

  test("let orders whose date comes meanwhile wait until the hold ends", async () => {
    const { mock, imcloud, stateOf, place } = played();
    const id = await place(sale(1, { type: "migration", migrationDate: "2026-11-01" }));
    await mock.advance(DAY);
    await imcloud.customers.update("1002101", { status: "creditHold" });
    await mock.advance(40 * DAY);
    expect(await stateOf(id)).toBe("HL");
    await imcloud.customers.update("1002101", { status: "active" });
    await mock.advance(10 * SECOND);
    expect(await stateOf(id)).toBe("CP");
  });
});

const month = { type: "month", duration: 1 } as const;
const year = { type: "year", duration: 1 } as const;

/** Data with a subscription that began on a day. */
function beganOn(
  creationDate: string,
  renewalDate: string,
  period: typeof month | typeof year,
  more: object = {},
): Fixtures {
  return {
    customers: [
      {
        ...{ id: "1", name: "Larch Mill", language: "sv", contactPersons: [] },
        address: { streetAddress: "Strandvägen 1", postalCode: "11456", city: "Stockholm", countryCode: "SE" },
      },
    ],
    products: [
      {
        ...{ id: "2", mpn: "P-2", vendor: "Larch", name: "Planks", maximumQuantity: "100000" },
        prices: [{ currency: "EUR", amount: "0.0125", type: "recurring" }],
        ...{ billingPeriod: month, subscriptionPeriod: period },
      },
    ],
    subscriptions: [
      {
        ...{ id: "3", customerId: "1", creationDate, renewalDate, products: [{ id: "2", quantity: 50 }] },
        // Renewed, and not replaced, where it is monthly.
        fulfillmentParameters: [{ name: "ms_customer_id", value: "00000000-0000-4000-8000-0000000000aa" }],
        ...more,
      },
    ],
  };
}

describe("what began on the last day of a month", () => {
  test("renews on the last days of short months, and on its own day after them", async () => {
    const { imcloud, moveTo } = played({ fixtures: beganOn("2026-08-31", "2026-10-31", month) });
    const seen: unknown[] = [];
    for (const time of ["2026-11-01", "2026-12-01", "2027-02-01", "2027-03-01"]) {
      await moveTo(time);
      const { renewalDate, expirationDate } = await imcloud.subscriptions.get("3");
      seen.push([renewalDate, expirationDate]);
    }
    expect(seen).toEqual([
      ["2026-11-30", "2026-11-29"],
      ["2026-12-31", "2026-12-30"],
      ["2027-02-28", "2027-02-27"],
      ["2027-03-31", "2027-03-30"],
    ]);
  });

  test("renews on February 29 again in the next leap year", async () => {
    const { imcloud, moveTo } = played({ fixtures: beganOn("2024-02-29", "2027-02-28", year) });
    await moveTo("2027-03-01");
    expect(await imcloud.subscriptions.get("3")).toMatchObject({ renewalDate: "2028-02-29" });
    await moveTo("2028-03-01");
    expect(await imcloud.subscriptions.get("3")).toMatchObject({ renewalDate: "2029-02-28" });
  });

  test("charges a change for the same days that the renewal charged", async () => {
    const { imcloud, moveTo } = played({ fixtures: beganOn("2026-08-31", "2026-11-30", month) });
    await moveTo("2026-12-02");
    const [renewal] = (await imcloud.orders.list({ subscriptionId: "3" })).data;
    expect(renewal).toMatchObject({ type: "renewal", status: "completed" });
    const { details = [] } = await imcloud.orders.estimate({
      ...{ type: "change", customerId: "1", subscriptionId: "3" },
      products: [{ id: "2", quantity: 5000 }],
    });
    const { renewalDate } = await imcloud.subscriptions.get("3");
    expect(renewalDate).toBe("2026-12-31");
    expect(details[0]?.description).toContain("from 2026-12-02 through 2026-12-30");
  });

  test("renews by the day that an order has moved the end to", async () => {
    const { mock, imcloud, moveTo, place } = played({ fixtures: beganOn("2026-08-31", "2026-11-15", month) });
    await moveTo("2026-11-16");
    expect(await imcloud.subscriptions.get("3")).toMatchObject({ renewalDate: "2026-12-15" });
    await place({ type: "renewal", customerId: "1", subscriptionId: "3" });
    await mock.advance(10 * SECOND);
    expect(await imcloud.subscriptions.get("3")).toMatchObject({ renewalDate: "2027-01-15" });
  });
});

describe("changes of a subscription whose end was moved", () => {
  test("charge the billing periods that end with it", async () => {
    const { imcloud, moveTo } = played({ fixtures: beganOn("2024-05-29", "2027-03-15", year) });
    const chargedOn = async (time: string) => {
      await moveTo(time);
      const products = [{ id: "2", quantity: 5000 }];
      const change = { type: "change", customerId: "1", subscriptionId: "3", products } as const;
      return (await imcloud.orders.estimate(change)).details?.[0]?.description?.replace(/^.*from /, "");
    };
    expect(await chargedOn("2026-11-01")).toBe("2026-11-01 through 2026-11-14");
    expect(await chargedOn("2027-03-10")).toBe("2027-03-10 through 2027-03-14");
    expect(await chargedOn("2027-03-20")).toBe("2027-03-20 through 2027-04-14");
  });

  test("charge the periods from its sale on until the end that it was aligned with", async () => {
    const { mock, imcloud, moveTo, place } = played();
    const aligned = await place(sale(1, { alignExpirationDate: { subscriptionId: 700401 } }));
    await mock.advance(10 * SECOND);
    const subscriptionId = String((await imcloud.orders.get(aligned)).subscriptionId);
    const chargedOn = async (time: string) => {
      await moveTo(time);
      const products = [{ id: "500201", quantity: 2 }];
      const change = { type: "change", customerId: "1002101", subscriptionId, products } as const;
      return (await imcloud.orders.estimate(change)).details?.[0]?.description?.replace(/^.*from /, "");
    };
    expect(await chargedOn("2026-10-20")).toBe("2026-10-20 through 2026-11-04");
    expect(await chargedOn("2027-09-10")).toBe("2027-09-10 through 2027-09-13");
  });
});

describe("unit prices", () => {
  test("count with their parts of a cent, and a line is rounded after that", async () => {
    const { imcloud } = played({ fixtures: beganOn("2026-10-01", "2027-10-01", year) });
    const subscription = await imcloud.subscriptions.get("3");
    expect(subscription).toMatchObject({
      ...{ totalPrice: { amount: "0.63" }, totalSubscriptionPrice: { amount: "7.56" } },
      products: [{ unitPrice: { amount: "0.0125" }, extendedPrice: { amount: "0.63" } }],
    });
    const products = [{ id: "2", quantity: 10_000 }];
    const { details = [] } = await imcloud.orders.estimate({ type: "sales", customerId: "1", products });
    expect(details[0]).toMatchObject({ unitPrice: { amount: "0.0125" }, extendedPrice: { amount: "125.00" } });
    const unitPrice = { currency: "EUR", amount: "1.005" };
    expect(await imcloud.subscriptions.update("3", { products: [{ id: "2", unitPrice }] })).toMatchObject({
      products: [{ unitPrice, extendedPrice: { amount: "50.25" } }],
    });
  });
});

describe("special prices", () => {
  test("must be in the currency that the product is charged in", async () => {
    const { imcloud } = played();
    const dollars = { currency: "USD", amount: "1.00" };
    const refused = { status: 400, message: expect.stringContaining("Product 500201 is charged in EUR; got") };
    const products = [{ id: "500201", unitPrice: dollars }];
    for (const call of [
      imcloud.subscriptions.update("700401", { products }),
      imcloud.subscriptions.updateSpecialPricing("700401", { products }),
      imcloud.orders.estimate({ ...change(31), products: [{ id: "500201", quantity: 31, specialPrice: dollars }] }),
      imcloud.orders.create({ ...sale(1), products: [{ ...sale(1).products[0], id: "500201", specialCost: dollars }] }),
    ]) {
      await expect(call).rejects.toMatchObject(refused);
    }
  });
});

describe("orders.update", () => {
  test("takes back what orders.get returned, with a new attribute", async () => {
    const { imcloud } = played();
    const read = await imcloud.orders.get("900302");
    const changed = { ...read, attributes: { ticket: "T-7" } };
    expect(await imcloud.orders.update("900302", changed as never)).toEqual(changed);
    await expect(imcloud.orders.update("900302", { statusCode: "PR" })).rejects.toMatchObject({ status: 400 });
  });
});

describe("orders.list", () => {
  test("finds an order by the time of creation that it shows, within any second", async () => {
    const { mock, imcloud, place } = played();
    await mock.advance(537);
    const id = await place(sale(1));
    const { creationDate: time } = await imcloud.orders.get(id);
    const { data } = await imcloud.orders.list({ creationTimeFrom: time, creationTimeTo: time });
    expect(data.map((order) => order.id)).toEqual([id]);
  });
});
