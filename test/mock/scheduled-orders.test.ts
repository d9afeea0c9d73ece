import type { OrderCreate } from "@imcloud/spec";
import { describe, expect, test } from "vitest";
import { DAY, domain, localSandbox, SECOND, sale } from "./sandbox.ts";

type Sandbox = ReturnType<typeof localSandbox>;

const on = { customerId: "1002101", subscriptionId: "700401" };
const change = (quantity: number, more: object = {}) => ({
  ...{ type: "change" as const, ...on, products: [{ id: "500201", quantity }] },
  ...more,
});
const atRenewal = (quantity: number, more: object = {}) => change(quantity, { scheduledOn: "renewal", ...more });
const RENEWAL = Date.parse("2027-09-14");

const advanceTo = ({ mock }: Sandbox, time: number | string) =>
  mock.advance(new Date(time).getTime() - mock.now().getTime());

async function ordersOf({ imcloud }: Sandbox, subscriptionId = "700401") {
  return (await imcloud.orders.list({ subscriptionId, limit: 100 })).data;
}

/** Places a sale, and returns its active subscription. */
async function sold({ mock, imcloud }: Sandbox, order: OrderCreate) {
  const { id } = await imcloud.orders.create({ creditCheck: false, ...order });
  await mock.advance(10 * SECOND);
  const { subscriptionId } = await imcloud.orders.get(id);
  return imcloud.subscriptions.get(String(subscriptionId));
}

describe("scheduledOn", () => {
  test("charges a change when it is placed, and then keeps it at AS", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create(atRenewal(40));
    const codes: unknown[] = [];
    for (let halves = 0; halves < 6; halves++) {
      codes.push((await imcloud.orders.get(id)).statusCode);
      await mock.advance(SECOND / 2);
    }
    expect([...new Set(codes)]).toEqual(["NW", "OP", "PD", "AS"]);
  });

  test("leaves a change at WP without credit", async () => {
    const { mock, imcloud } = localSandbox();
    mock.faults.add({ kind: "orderStop", statusCode: "WP", operation: "orders_create", count: 1 });
    const { id } = await imcloud.orders.create(atRenewal(40));
    await mock.advance(DAY);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "submitted", statusCode: "WP" });
    await imcloud.orders.update(id, { creditCheck: false });
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "processing", statusCode: "AS" });
  });

  test("leaves the change out of the renewal order, which is placed days before the renewal", async () => {
    const running = localSandbox();
    const { id } = await running.imcloud.orders.create(atRenewal(40));
    await advanceTo(running, RENEWAL - 2 * DAY);
    const [renewal] = await ordersOf(running);
    // 30 seats of 18.60 and 25 % tax.
    expect(renewal).toMatchObject({ type: "renewal", statusCode: "AS", total: { amount: "697.50" } });
    await advanceTo(running, RENEWAL);
    expect(await running.imcloud.orders.get(String(renewal?.id))).toMatchObject({
      ...{ status: "completed", total: { amount: "697.50" }, poNumber: "T-1001" },
    });
    // The change charges the 10 seats that it adds, for the first period after the renewal.
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "completed", total: { amount: "232.50" } });
    expect(await running.imcloud.subscriptions.get("700401")).toMatchObject({
      ...{ renewalDate: "2028-09-14", products: [{ quantity: 40 }] },
    });
  });

  test("waits for the renewal after next, where the next one has its order already", async () => {
    const running = localSandbox();
    await advanceTo(running, RENEWAL - 2 * DAY);
    const { id, details } = await running.imcloud.orders.create(atRenewal(40));
    expect(details?.[0]?.description).toMatch(/from 2028-09-14 through 2028-10-13$/);
    await advanceTo(running, RENEWAL + DAY);
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "processing", statusCode: "AS" });
    expect((await running.imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity: 30 }]);
    await advanceTo(running, "2028-09-14");
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "completed" });
    expect((await running.imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity: 40 }]);
  });

  test("is refused for a product that no vendor provisions", async () => {
    const running = localSandbox({ size: "medium" });
    const [product] = (await running.imcloud.products.list({ name: "Fjordlight Helpdesk" })).data;
    const products = [{ id: String(product?.id), quantity: 4 }];
    const { id } = await sold(running, { customerId: "1002101", products });
    const scheduled = { type: "change" as const, customerId: "1002101", subscriptionId: id, scheduledOn: "renewal" };
    await expect(
      running.imcloud.orders.create({ ...scheduled, products: [{ id: String(product?.id), quantity: 5 }] }),
    ).rejects.toThrow("delivered by no vendor");
  });
});

describe("renewal orders", () => {
  test("are cancelled when autorenewal is switched off, and block no other order", async () => {
    const running = localSandbox();
    await advanceTo(running, RENEWAL - 2 * DAY);
    const { id } = await running.imcloud.orders.create(change(31));
    await running.mock.advance(10 * SECOND);
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "completed" });
    await running.imcloud.subscriptions.update("700401", { renewalStatus: false });
    const orders = await ordersOf(running);
    expect(orders.find(({ type }) => type === "renewal")).toMatchObject({ status: "cancelled" });
    await advanceTo(running, RENEWAL);
    expect(await running.imcloud.subscriptions.get("700401")).toMatchObject({ status: "terminated" });
  });

  test("are placed again on the day of the renewal when a caller cancels them", async () => {
    const running = localSandbox();
    await advanceTo(running, RENEWAL - 2 * DAY);
    const [waiting] = await ordersOf(running);
    await running.imcloud.orders.update(String(waiting?.id), { statusCode: "CL" });
    await advanceTo(running, RENEWAL);
    const renewals = (await ordersOf(running)).filter(({ type }) => type === "renewal");
    expect(renewals.map(({ status }) => status)).toEqual(["completed", "cancelled"]);
  });
});

describe("holdDowngrades", () => {
  test("lets a change to fewer seats wait for the next billing date, as WS", async () => {
    const running = localSandbox({ holdDowngrades: true });
    const { id } = await running.imcloud.orders.create(change(20));
    await running.mock.advance(5 * DAY);
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "processing", statusCode: "WS" });
    expect((await running.imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity: 30 }]);
    await advanceTo(running, "2026-10-14T00:00:10Z");
    expect(await running.imcloud.orders.get(id)).toMatchObject({ status: "completed" });
    expect((await running.imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity: 20 }]);
    const { statusCode } = await running.imcloud.orders.create(change(25));
    await running.mock.advance(10 * SECOND);
    expect(statusCode).toBe("NW");
    expect((await running.imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity: 25 }]);
  });
});

describe("subscriptions of a sale", () => {
  test("are pending once the order is paid", async () => {
    const { mock, imcloud } = localSandbox();
    const { id, ...placed } = await imcloud.orders.create(sale(3));
    expect(placed.subscriptionId).toBeUndefined();
    await mock.advance(SECOND);
    const { subscriptionId, statusCode } = await imcloud.orders.get(id);
    expect(statusCode).toBe("PD");
    const pending = await imcloud.subscriptions.get(String(subscriptionId));
    expect(pending).toMatchObject({ status: "pending", products: [{ quantity: 3 }] });
    expect(pending.expirationDate).toBeUndefined();
    const order = { type: "change" as const, customerId: "1002101", subscriptionId: pending.id };
    const early = imcloud.orders.create({ ...order, products: [{ id: "500201", quantity: 4 }] });
    await expect(early).rejects.toMatchObject({ status: 500, message: expect.stringContaining(id) });
    await mock.advance(10 * SECOND);
    expect(await imcloud.subscriptions.get(pending.id)).toMatchObject({
      ...{ status: "active", expirationDate: "2027-10-04" },
    });
  });

  test("are removed before they begin, where the order is cancelled", async () => {
    const { mock, imcloud } = localSandbox();
    mock.faults.add({ kind: "orderError", operation: "orders_create", count: 1 });
    const { id } = await imcloud.orders.create(sale(3));
    await mock.advance(DAY);
    const { subscriptionId } = await imcloud.orders.update(id, { statusCode: "CL" });
    expect(await imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({ status: "removed" });
  });

  test("fail for an address that no country has, where a tenant is made for it", async () => {
    const { mock, imcloud } = localSandbox();
    const { address } = await imcloud.customers.get("1002101");
    await imcloud.customers.update("1002101", { address: { ...address, postalCode: "SW1A 1AA" } });
    const { id } = await imcloud.orders.create(sale(3));
    await mock.advance(DAY);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "error", statusCode: "PF" });
    await imcloud.customers.update("1002101", { address });
    mock.resumeOrder(id);
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });
});

describe("payment orders", () => {
  test("appear with an awaited payment, and their number is no PO number", async () => {
    const { mock, imcloud } = localSandbox();
    mock.faults.add({ kind: "orderStop", statusCode: "WP", operation: "orders_create", count: 1 });
    const { id, total } = await imcloud.orders.create(sale(3));
    await mock.advance(DAY);
    mock.resumeOrder(id);
    const [payment] = (await imcloud.orders.list()).data;
    expect(payment).toMatchObject({ type: "unknown", status: "completed", total });
    expect(payment?.orderNumber).toBe(`PO${payment?.id}`);
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });
});

describe("billing orders", () => {
  test("appear each month for usage-based products, and provision nothing", async () => {
    const running = localSandbox({ size: "medium" });
    const { data } = await running.imcloud.products.list({ name: "Halden Compute" });
    const product = data.find(({ subscriptionPeriod, billingPeriod }) =>
      [subscriptionPeriod?.type, billingPeriod?.type].every((type, at) => type === ["year", "month"][at]),
    );
    const { id } = await sold(running, { customerId: "1002101", products: [{ id: String(product?.id), quantity: 1 }] });
    await running.mock.advance(95 * DAY);
    const orders = await ordersOf(running, id);
    expect(orders.map(({ orderNumber, type }) => `${orderNumber?.slice(0, 2)} ${type}`)).toEqual([
      ...["BO unknown", "BO unknown", "BO unknown", "SO sales"],
    ]);
    expect(orders.map(({ creationDate }) => String(creationDate).slice(0, 10))).toEqual([
      ...["2027-01-05", "2026-12-05", "2026-11-05", "2026-10-05"],
    ]);
    expect(orders.slice(0, 3).every(({ total }) => Number(total?.amount) > 20)).toBe(true);
  });
});

describe("Microsoft's seven days", () => {
  test("refund a cancellation by the day", async () => {
    const { mock, imcloud } = localSandbox();
    const placed = await imcloud.orders.create({ type: "cancellation", ...on });
    // 30 seats of 18.60 for 9 of 30 days, and 25 % tax.
    expect(placed).toMatchObject({ total: { currency: "EUR", amount: "-209.25" } });
    expect(placed).not.toHaveProperty("products");
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(placed.id)).toMatchObject({
      status: "completed",
      orderNumber: expect.stringMatching(/^CF/),
    });
  });

  test("allow to return only seats that were added within them", async () => {
    const running = localSandbox();
    // 25 seats were sold three weeks ago, and 5 were added three days ago.
    await expect(running.imcloud.orders.create(change(24))).rejects.toThrow("5 of product 500201 now");
    await running.imcloud.orders.create(change(27));
    await running.mock.advance(10 * SECOND);
    await expect(running.imcloud.orders.create(change(24))).rejects.toThrow("2 of product 500201 now");
    await running.imcloud.orders.create(change(25));
  });
});

describe("subscriptions on hold", () => {
  test("cannot be cancelled", async () => {
    const { imcloud } = localSandbox();
    await imcloud.customers.update("1002101", { status: "creditHold" });
    await expect(imcloud.orders.create({ type: "cancellation", ...on })).rejects.toThrow("is on hold");
  });
});

describe("alignExpirationDate", () => {
  const yearly = { id: "500201", quantity: 2, parameters: domain };

  test("lets a sale end with a subscription, and charges no more than that", async () => {
    const running = localSandbox();
    await advanceTo(running, "2027-09-04");
    const alignExpirationDate = { alignmentType: "CO_TERM_ON_SUBSCRIPTION" as const, subscriptionId: 700401 };
    const order = { customerId: "1002101", products: [yearly], alignExpirationDate };
    // 2 seats of 18.60 for 10 of 30 days, and 25 % tax.
    expect((await running.imcloud.orders.estimate(order)).total?.amount).toBe("15.50");
    const aligned = await sold(running, order);
    expect(aligned).toMatchObject({ expirationDate: "2027-09-13", renewalDate: "2027-09-14" });
    expect(running.mock.requests().find(({ operation }) => operation === "orders_create")?.problems).toEqual([]);
    const [placed] = await ordersOf(running, aligned.id);
    expect(await running.imcloud.orders.get(String(placed?.id))).toMatchObject({ alignExpirationDate });
  });

  test("moves the end of an existing subscription only at its renewal", async () => {
    const running = localSandbox();
    const other = await sold(running, { customerId: "1002101", products: [yearly] });
    const alignExpirationDate = { subscriptionId: Number(other.id) };
    await expect(running.imcloud.orders.create(change(30, { alignExpirationDate }))).rejects.toThrow("renewal alone");
    await running.imcloud.orders.create(atRenewal(30, { alignExpirationDate }));
    await advanceTo(running, RENEWAL);
    expect(await running.imcloud.subscriptions.get("700401")).toMatchObject({
      ...{ renewalDate: other.renewalDate, expirationDate: other.expirationDate },
    });
    await expect(
      running.imcloud.orders.create(atRenewal(30, { alignExpirationDate: { subscriptionId: 700401 } })),
    ).rejects.toThrow("with itself");
  });

  test("is refused where the product, the period or the subscription rules it out", async () => {
    const { imcloud } = localSandbox({ size: "medium" });
    const { data } = await imcloud.products.list({ limit: 500 });
    const find = (name: string, period = "year") =>
      data.find((product) => product.name === name && product.subscriptionPeriod?.type === period);
    const estimate = (id: unknown, alignExpirationDate: OrderCreate["alignExpirationDate"], parameters = domain) =>
      imcloud.orders.estimate({
        ...{ customerId: "1002101", products: [{ id: String(id), quantity: 10, parameters }] },
        ...(alignExpirationDate && { alignExpirationDate }),
      });
    const withOther = { subscriptionId: 700401 };
    const monthEnd = { alignmentType: "MATCH_END_OF_CALENDAR_MONTH" as const };
    const cases: [id: unknown, align: OrderCreate["alignExpirationDate"], sentence: string][] = [
      [find("Polar Mail Guard Standard")?.id, withOther, "its coterming is RESTRICTED"],
      ["500202", withOther, "its coterming is missing"],
      [find("Nimbus Workspace Trial", "month")?.id, withOther, "a trial cannot be aligned"],
      ["500201", monthEnd, "by CO_TERM_ON_SUBSCRIPTION alone"],
      [find("Tundra Draw")?.id, withOther, "by MATCH_END_OF_CALENDAR_MONTH alone"],
      [find("Nimbus Identity Plan 1", "month")?.id, withOther, "one is monthly, the other is not"],
      ["500201", { subscriptionId: 700402 }, "is not a subscription of customer 1002101"],
      ["500201", { subscriptionId: 1 }, "names nothing"],
      ["500201", { alignmentType: "CO_TERM_ON_SUBSCRIPTION" }, "needs the subscriptionId"],
      ["500201", { alignmentType: "CO_TERM_PARTIAL_UPGRADE", ...withOther }, "is for partial upgrades"],
    ];
    for (const [id, align, sentence] of cases) await expect(estimate(id, align)).rejects.toThrow(sentence);
    expect((await estimate(find("Tundra Draw")?.id, monthEnd)).details?.[0]?.description).toContain(
      "through 2026-11-04",
    );
  });

  test("is applied by the platform where a product line has the rule", async () => {
    const running = localSandbox({ size: "medium" });
    const { data } = await running.imcloud.products.list({ name: "Polar Archive" });
    const product = data.find(({ subscriptionPeriod }) => subscriptionPeriod?.type === "year");
    const products = [{ id: String(product?.id), quantity: 1 }];
    const aligned = await sold(running, { customerId: "1002101", products });
    expect(aligned).toMatchObject({ creationDate: "2026-10-05", expirationDate: "2027-09-30" });
    const [placed] = await ordersOf(running, aligned.id);
    expect(await running.imcloud.orders.get(String(placed?.id))).toMatchObject({
      alignExpirationDate: { alignmentType: "MATCH_END_OF_CALENDAR_MONTH" },
    });
  });
});

describe("plan switches", () => {
  test("keep the old start, or start again with upgradeStartType", async () => {
    for (const [upgradeStartType, renewalDate] of [
      [undefined, "2027-09-14"],
      ["FROM_OLD_START_DATE", "2027-09-14"],
      ["from_old_start_date", "2027-09-14"],
      ["FROM_DATE_OF_UPGRADE", "2027-10-05"],
    ] as const) {
      const { mock, imcloud } = localSandbox();
      const products = [{ id: "500201", newId: "sku-CSA-0II8MXB" }];
      await imcloud.orders.create({ type: "change", ...on, products, ...(upgradeStartType && { upgradeStartType }) });
      expect(mock.requests().at(-1)?.problems).toEqual([]);
      await mock.advance(10 * SECOND);
      expect(await imcloud.subscriptions.get("700401")).toMatchObject({
        ...{ renewalDate, planId: 200130, name: "Nimbus Workspace Premium" },
        products: [{ id: "sku-CSA-0II8MXB", quantity: 30 }],
      });
    }
    const { imcloud } = localSandbox();
    const products = [{ id: "500201", newId: "sku-CSA-0II8MXB" }];
    await expect(
      imcloud.orders.create({ type: "change", ...on, products, upgradeStartType: "TOMORROW" }),
    ).rejects.toThrow("FROM_DATE_OF_UPGRADE or FROM_OLD_START_DATE");
  });

  test("take effect when the plan says: at once, with the next bill, or at the renewal", async () => {
    const running = localSandbox({ size: "medium" });
    const { data } = await running.imcloud.products.list({ name: "Nimbus Identity Plan 1" });
    const find = (period: string, billing: string) =>
      String(data.find((each) => each.subscriptionPeriod?.type === period && each.billingPeriod?.type === billing)?.id);
    const [commitment, monthly, upfront] = [find("year", "month"), find("month", "month"), find("year", "year")];
    for (const [from, to, waits] of [
      [monthly, commitment, undefined],
      [commitment, upfront, "2026-11-05"],
      [commitment, monthly, "2027-10-05"],
    ] as const) {
      await running.mock.reset();
      const products = [{ id: from, quantity: 3, parameters: domain }];
      const { id } = await sold(running, { customerId: "1002101", products });
      const switched = { type: "change" as const, customerId: "1002101", subscriptionId: id, creditCheck: false };
      const placed = await running.imcloud.orders.create({ ...switched, products: [{ id: from, newId: to }] });
      await running.mock.advance(10 * SECOND);
      const idOf = async () => (await running.imcloud.subscriptions.get(id)).products?.[0]?.id;
      expect([from, await idOf()]).toEqual([from, waits ? from : to]);
      if (!waits) continue;
      expect(await running.imcloud.orders.get(placed.id)).toMatchObject({ statusCode: "AS" });
      await advanceTo(running, `${waits}T00:00:10Z`);
      expect(await idOf()).toBe(to);
    }
  });
});

describe("placementType MOVE", () => {
  const move = (quantity: number, more: object = {}, product: object = {}) =>
    change(quantity, {
      placementType: "MOVE",
      products: [{ id: "500201", newId: "sku-CSA-0II8MXB", quantity, ...product }],
      ...more,
    });

  test("leaves a smaller subscription, and a new one that ends with it, within 24 hours", async () => {
    const { mock, imcloud } = localSandbox();
    const placed = await imcloud.orders.create(move(10));
    expect(mock.requests().at(-1)?.problems).toEqual([]);
    await mock.advance(10 * SECOND);
    const { statusCode, targetSubscriptionId: target = "" } = await imcloud.orders.get(placed.id);
    expect(statusCode).toBe("LO");
    expect(await imcloud.subscriptions.get(target)).toMatchObject({ status: "pending" });
    for (const subscriptionId of ["700401", target]) {
      const order = { type: "cancellation" as const, customerId: "1002101", subscriptionId };
      await expect(imcloud.orders.create(order)).rejects.toMatchObject({ status: 500 });
    }
    await mock.advance(DAY);
    const done = await imcloud.orders.get(placed.id);
    expect(done).toMatchObject({
      ...{ status: "completed", subscriptionId: "700401", placementType: "MOVE" },
      products: [
        {
          ...{ id: "500201", quantity: 10, type: "MOVE", newProductId: "sku-CSA-0II8MXB" },
          newSubscription: { id: Number(target), type: "NEW", coterming: true },
        },
      ],
    });
    const old = await imcloud.subscriptions.get("700401");
    expect(old.products).toMatchObject([{ id: "500201", quantity: 20 }]);
    expect(await imcloud.subscriptions.get(target)).toMatchObject({
      ...{ status: "active", planId: 200130, products: [{ id: "sku-CSA-0II8MXB", quantity: 10 }] },
      ...{ creationDate: old.creationDate, expirationDate: old.expirationDate, renewalDate: old.renewalDate },
    });
  });

  test("adds to an existing subscription, wherever it is named", async () => {
    for (const name of ["order", "product", "newSubscription"] as const) {
      const running = localSandbox();
      const products = [{ id: "sku-CSA-0II8MXB", quantity: 4, parameters: domain }];
      const { id } = await sold(running, { customerId: "1002101", products });
      await running.mock.advance(DAY);
      const named = { targetSubscriptionId: id };
      const inProduct = name === "product" ? named : { newSubscription: { id: Number(id), type: "EXISTING" } };
      const placed = await running.imcloud.orders.create(name === "order" ? move(10, named) : move(10, {}, inProduct));
      await running.mock.advance(DAY + 10 * SECOND);
      expect(await running.imcloud.orders.get(placed.id)).toMatchObject({
        ...{ status: "completed", targetSubscriptionId: id, products: [{ newSubscription: { type: "EXISTING" } }] },
      });
      expect((await running.imcloud.subscriptions.get(id)).products).toMatchObject([{ quantity: 14 }]);
      expect((await running.imcloud.subscriptions.list({ customerId: "1002101" })).pagination.total).toBe(2);
    }
  });

  test("is refused where its conditions are not met", async () => {
    const { mock, imcloud } = localSandbox();
    const cases: [order: OrderCreate, sentence: string][] = [
      [move(30), "a partial upgrade moves fewer"],
      [move(0), "a partial upgrade moves fewer"],
      [change(10, { placementType: "MOVE" }), "needs the product to upgrade to"],
      [
        move(10, { alignExpirationDate: { alignmentType: "CO_TERM_ON_SUBSCRIPTION" } }),
        "CO_TERM_PARTIAL_UPGRADE alone",
      ],
      [move(10, { targetSubscriptionId: "700401" }), "its own partial upgrade"],
      [move(10, {}, { newSubscription: { type: "EXISTING" } }), "needs its id"],
      [move(10, {}, { newSubscription: { id: 700401, type: "NEW" } }), "takes no id"],
      [move(10, { targetSubscriptionId: "700402" }), "is not one of customer 1002101"],
      [move(10, { targetSubscriptionId: "700401" }, { targetSubscriptionId: "700402" }), "send one of them"],
    ];
    for (const [order, sentence] of cases) await expect(imcloud.orders.create(order)).rejects.toThrow(sentence);
    await imcloud.orders.create(change(31));
    await mock.advance(10 * SECOND);
    await expect(imcloud.orders.create(move(10))).rejects.toThrow("enlarged today");
    await mock.advance(DAY);
    await imcloud.orders.create(move(10));
  });

  test("needs a period of the same length, and a plan with one product", async () => {
    const running = localSandbox({ size: "medium" });
    const { data } = await running.imcloud.products.list({ limit: 500 });
    const find = (name: string, period: string) =>
      String(data.find((each) => each.name === name && each.subscriptionPeriod?.type === period)?.id);
    const upgrade = async (id: string, newId: string) => {
      const products = [{ id, quantity: 8, parameters: domain }];
      const { id: subscriptionId } = await sold(running, { customerId: "1002101", products });
      await running.mock.advance(DAY);
      const order = { type: "change" as const, customerId: "1002101", subscriptionId, placementType: "MOVE" as const };
      return running.imcloud.orders.create({ ...order, products: [{ id, newId, quantity: 3 }] });
    };
    await expect(
      upgrade(find("Nimbus Identity Plan 1", "year"), find("Nimbus Identity Plan 2", "month")),
    ).rejects.toThrow("one of the same length");
    await expect(
      upgrade(find("Nimbus Workspace Basic", "year"), find("Nimbus Identity Plan 1", "year")),
    ).rejects.toThrow("needs a plan with one");
  });
});

test("migrations create a subscription of the named plan", async () => {
  const running = localSandbox();
  const order = { ...sale(4), type: "migration" as const };
  await expect(running.imcloud.orders.create({ ...order, planId: "1" })).rejects.toThrow('planId "1" names nothing');
  expect(await sold(running, { ...order, planId: "200130" })).toMatchObject({ planId: 200130 });
});
