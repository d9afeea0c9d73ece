import type { OrderDetails } from "@imcloud/client";
import type { Fault } from "@imcloud/mock";
import { describe, expect, test } from "vitest";
import { DAY, domain, localSandbox, SECOND, sale, sandbox } from "./sandbox.ts";

const HOUR = 3_600_000;

/** A mock with an order that stops at a status code. */
async function stopped(statusCode: Fault["statusCode"], more: Partial<Fault> = {}) {
  const { mock, imcloud } = await sandbox();
  mock.faults.add({ kind: "orderStop", statusCode: statusCode as "WP", count: 1, operation: "orders_create", ...more });
  const { id } = await imcloud.orders.create(sale(1));
  await mock.advance(DAY);
  const stateOf = async () => {
    const { status, statusCode: code } = await imcloud.orders.get(id);
    return `${status} ${code}`;
  };
  return { mock, imcloud, id, stateOf };
}

describe("orders with repeated lines", () => {
  test("sell two lines of one product as one", async () => {
    const { mock, imcloud } = localSandbox();
    const line = { id: "500201", quantity: 2, parameters: domain };
    const { id } = await imcloud.orders.create({ type: "sales", customerId: "1002101", products: [line, line] });
    await mock.advance(DAY);
    const { subscriptionId } = await imcloud.orders.get(id);
    const { products = [] } = await imcloud.subscriptions.get(String(subscriptionId));
    expect(products.map(({ quantity }) => Number(quantity))).toEqual([4]);
  });

  test("are rejected as changes, and where subscriptions differ", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create(sale(2));
    await mock.advance(DAY);
    const subscriptionId = String((await imcloud.orders.get(id)).subscriptionId);
    const change = (quantities: number[], more: object = {}) =>
      imcloud.orders.create({
        ...{ type: "change" as const, customerId: "1002101", subscriptionId },
        products: quantities.map((quantity) => ({ id: "500201", quantity, ...more })),
      });
    await expect(change([5, 9])).rejects.toMatchObject({ status: 400 });
    await expect(change([5], { subscriptionId: "none" })).rejects.toMatchObject({ status: 400 });
    await change([5], { subscriptionId });
    expect(mock.requests().at(-1)?.problems).toEqual([]);
    await mock.advance(DAY);
    const products = [{ id: "500201", quantity: 1 }];
    await imcloud.orders.create({ type: "cancellation", customerId: "1002101", subscriptionId, products });
    expect(mock.requests().at(-1)?.problems).toEqual([
      "products have no effect in a cancellation order, which is for the whole subscription",
    ]);
  });
});

describe("orders.get", () => {
  /** Milliseconds after an order was placed, and the code that it has from then on. */
  const way = [
    [0, "NW"],
    [500, "OP"],
    [1_000, "PD"],
    [2_000, "I4"],
    [3_000, "PR"],
    [7_000, "PC"],
    [8_000, "CP"],
  ] as const;
  const codeAt = (time: number) => way.findLast(([since]) => since <= time)?.[1];
  const times = way.flatMap(([since]) => [since - 1, since, since + 1]).filter((time) => time >= 0);

  test("shows the state that an order has at each time, whoever looked before", async () => {
    const { mock, imcloud } = localSandbox();
    const start = mock.now().getTime();
    const { id } = await imcloud.orders.create(sale(1));
    mock.save("placed");
    for (const time of times) {
      await mock.advance(start + time - mock.now().getTime());
      expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: codeAt(time) });
      const { data } = await imcloud.orders.list({ statusCode: codeAt(time) as string });
      expect(data.map((row) => row.id)).toContain(id);
      expect((await imcloud.subscriptions.list({ customerId: "1002101" })).data[0]?.status).toBe(
        time < 1_000 ? "active" : time < 8_000 ? "pending" : "active",
      );
    }
    for (const time of times) {
      await mock.restore("placed");
      await mock.advance(time);
      expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: codeAt(time) });
    }
  });

  test("goes on from the state that an order had when it was saved or updated", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create(sale(1));
    await mock.advance(2_500);
    await imcloud.orders.update(id, { poNumber: "T-1" });
    mock.save("paid");
    await mock.advance(DAY);
    await mock.restore("paid");
    expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: "I4", poNumber: "T-1" });
    await mock.advance(5_499);
    expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: "PC" });
    await mock.advance(1);
    expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: "CP" });
  });
});

describe("orderStop", () => {
  test.each([
    ["NP", "submitted"],
    ["WP", "submitted"],
    ["WA", "submitted"],
    ["SS", "submitted"],
    ["HL", "submitted"],
    ["LO", "processing"],
    ["MO", "processing"],
    ["WZ", "processing"],
    ["PF", "error"],
  ] as const)("holds an order at %s (%s) until it is resumed, and completes it then", async (code, status) => {
    const { mock, imcloud, id, stateOf } = await stopped(code);
    expect(await stateOf()).toBe(`${status} ${code}`);
    await mock.advance(20 * DAY);
    expect(await stateOf()).toBe(`${status} ${code}`);
    expect((await imcloud.orders.list({ statusCode: code })).data.map((order) => order.id)).toEqual([id]);
    mock.resumeOrder(id);
    await mock.advance(10 * SECOND);
    expect(await stateOf()).toBe("completed CP");
  });

  test("continues after the given time; a failed order is submitted again", async () => {
    const { mock, stateOf } = await stopped("PF", { milliseconds: 2 * DAY });
    expect(await stateOf()).toBe("error PF");
    await mock.advance(DAY + HOUR);
    expect(await stateOf()).toBe("completed CP");
  });

  test("continues at once where the given time is none", async () => {
    const { stateOf } = await stopped("WP", { milliseconds: 0 });
    expect(await stateOf()).toBe("completed CP");
  });

  test.each(["MO", "WZ"] as const)("has created the subscription at %s, and creates no second one", async (code) => {
    const { mock, imcloud, id } = await stopped(code);
    const { subscriptionId, status } = await imcloud.orders.get(id);
    expect(status).toBe("processing");
    expect(await imcloud.subscriptions.get(String(subscriptionId))).toMatchObject({ status: "active" });
    await expect(imcloud.orders.update(id, { statusCode: "CL" })).rejects.toMatchObject({ status: 500 });
    mock.resumeOrder(id);
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed", subscriptionId });
    expect((await imcloud.subscriptions.list({ customerId: "1002101" })).pagination.total).toBe(2);
  });

  test("lets an order be cancelled, even a failed one", async () => {
    for (const code of ["WA", "PF", "LO"] as const) {
      const { imcloud, id } = await stopped(code);
      expect(await imcloud.orders.update(id, { statusCode: "CL" })).toMatchObject({ status: "cancelled" });
    }
  });

  test("is resumed over HTTP too, and no other order is", async () => {
    const { mock, id, stateOf } = await stopped("WA");
    const resume = async (order: string) => {
      const response = await fetch(new URL("/__mock/orders/resume", mock.url), {
        ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ id: order }) },
      });
      return [response.status, ((await response.json()) as { message?: string }).message];
    };
    expect(await resume("1")).toEqual([400, "There is no order 1."]);
    expect(await resume("900301")).toEqual([400, "Order 900301 is completed (CP) and waits for nobody."]);
    expect((await resume(id))[0]).toBe(200);
    await mock.advance(10 * SECOND);
    expect(await stateOf()).toBe("completed CP");
  });

  test("rejects a code at which no order stops", async () => {
    const { mock } = localSandbox();
    expect(() => mock.faults.add({ kind: "orderStop" })).toThrow("needs a statusCode, one of HL, NP, WP");
    expect(() => mock.faults.add({ kind: "orderStop", statusCode: "CP" })).toThrow("one of HL, NP, WP");
  });
});

describe("creditCheck", () => {
  const dear = { products: [{ id: "500201", quantity: 300, parameters: domain }] };
  /** Uses up the customer's credit. */
  async function withoutCredit() {
    const { mock, imcloud } = localSandbox();
    for (let count = 0; count < 9; count++) await imcloud.orders.create(sale(300, dear));
    return { mock, imcloud };
  }

  test("lets an order beyond the credit wait for payment", async () => {
    const { mock, imcloud } = await withoutCredit();
    const { id, status } = await imcloud.orders.create(sale(300, dear));
    expect(status).toBe("submitted");
    await mock.advance(DAY);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "submitted", statusCode: "WP" });
    await imcloud.orders.update(id, { creditCheck: false });
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });

  test("is not applied when off", async () => {
    const { mock, imcloud } = await withoutCredit();
    const { id } = await imcloud.orders.create(sale(300, { ...dear, creditCheck: false }));
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });
});

describe("accounts on hold", () => {
  test("hold their subscriptions and open orders until the hold ends", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create(sale(1));
    await imcloud.customers.update("1002101", { status: "creditHold" });
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ status: "hold" });
    await mock.advance(DAY);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "submitted", statusCode: "HL" });
    const change = {
      ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401" },
      products: [{ id: "500201", quantity: 40 }],
    };
    await expect(imcloud.orders.create(change)).rejects.toMatchObject({ status: 400 });
    await imcloud.customers.update("1002101", { status: "active" });
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ status: "active" });
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });

  test("continue their subscriptions when the hold ends that they began with", async () => {
    const { imcloud } = localSandbox({ size: "medium" });
    const { data } = await imcloud.subscriptions.list({ status: "hold", limit: 500 });
    const customerId = String(data[0]?.customerId);
    await imcloud.customers.update(customerId, { status: "active" });
    const statuses = (await imcloud.subscriptions.list({ customerId, limit: 500 })).data.map(({ status }) => status);
    expect(statuses).toContain("active");
    expect(statuses).not.toContain("hold");
  });

  test("accept a sale, which waits on hold", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create({ ...sale(1), customerId: "1002102" });
    await mock.advance(DAY);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "submitted", statusCode: "HL" });
    await imcloud.customers.update("1002102", { status: "active" });
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ status: "completed" });
  });
});

describe("order numbers", () => {
  test("begin with the kind of order", async () => {
    const { mock, imcloud } = localSandbox();
    const on = { customerId: "1002101", subscriptionId: "700401" };
    const numbers: unknown[] = [];
    for (const order of [
      sale(1),
      { type: "change" as const, ...on, products: [{ id: "500201", quantity: 31 }] },
      { type: "renewal" as const, ...on },
      { type: "cancellation" as const, ...on },
    ]) {
      const placed = await imcloud.orders.create(order);
      numbers.push(placed.orderNumber?.replace(placed.id, ""));
      await mock.advance(10 * SECOND);
    }
    expect(numbers).toEqual(["SO", "CH", "RN", "CF"]);
  });

  test("keep the first order's PO number in a renewal", async () => {
    const { mock, imcloud } = localSandbox();
    const { id } = await imcloud.orders.create(sale(2, { poNumber: "T-77" }));
    await mock.advance(366 * DAY);
    const { subscriptionId } = await imcloud.orders.get(id);
    const orders: OrderDetails[] = await Array.fromAsync(
      imcloud.orders.details({ subscriptionId: String(subscriptionId) }),
    );
    expect(orders.map(({ type, poNumber }) => `${type} ${poNumber}`)).toEqual(["renewal T-77", "sales T-77"]);
  });
});

describe("installation options", () => {
  const change = (quantity: number) => ({
    ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401" },
    products: [{ id: "500201", quantity }],
  });

  test("oneOpenOrder allows one open order on a subscription, or several", async () => {
    for (const [oneOpenOrder, status] of [
      [true, 500],
      [false, 200],
    ] as const) {
      const { mock, imcloud } = localSandbox({ oneOpenOrder });
      await imcloud.orders.create(change(31));
      await imcloud.orders.create(change(32)).catch(() => {});
      expect(mock.requests().at(-1)?.status).toBe(status);
    }
  });

  test("textQuantities returns quantities as texts", async () => {
    for (const [textQuantities, quantity] of [
      [false, 30],
      [true, "30.0"],
    ] as const) {
      const { imcloud } = localSandbox({ textQuantities });
      expect((await imcloud.subscriptions.get("700401")).products).toMatchObject([{ quantity }]);
    }
  });
});

describe("sales orders", () => {
  test("are the default type", async () => {
    const { mock, imcloud } = localSandbox();
    const { type: _, ...order } = sale(1);
    const response = await imcloud.request("POST", "/orders", { body: order } as never).catch((error) => error);
    expect(mock.requests().at(-1)).toMatchObject({ status: 200, problems: [] });
    expect(response).toBeDefined();
  });

  test("get required add-ons, in the same subscription", async () => {
    const { mock, imcloud } = localSandbox();
    const customer = await imcloud.customers.get("1002101");
    const { id: customerId } = await imcloud.customers.create({
      ...{ name: "Pebble Press", language: "en", address: customer.address },
      contactPersons: customer.contactPersons,
    } as never);
    const products = [{ id: "500202", quantity: 4 }];
    const placed = await imcloud.orders.create({ type: "sales", customerId, products });
    expect(placed.products?.map(({ id, quantity }) => [id, quantity])).toEqual([
      ["500202", 4],
      ["500201", 4],
    ]);
    await mock.advance(10 * SECOND);
    const { subscriptionId } = await imcloud.orders.get(placed.id);
    const subscription = await imcloud.subscriptions.get(String(subscriptionId));
    expect(subscription.products?.map(({ id }) => id)).toEqual(["500202", "500201"]);
  });

  test("make several subscriptions of several plans", async () => {
    const { mock, imcloud } = localSandbox();
    const products = [
      { id: "500201", quantity: 1, parameters: domain },
      { id: "500202", quantity: 1 },
    ];
    const placed = await imcloud.orders.create(sale(1, { products }));
    await mock.advance(10 * SECOND);
    const done = await imcloud.orders.get(placed.id);
    expect(done.subscriptionId).toBeUndefined();
    expect(new Set(done.products?.map(({ subscriptionId }) => subscriptionId)).size).toBe(2);
  });

  test("find a product by the order's subscription period and the line's billing period", async () => {
    const { imcloud } = localSandbox({ size: "medium" });
    const [monthly, yearly] = [
      { type: "month" as const, duration: 1 },
      { type: "year" as const, duration: 1 },
    ];
    for (const subscriptionPeriod of [monthly, yearly]) {
      const products = [{ mpn: "NWA-1000-M", billingPeriod: monthly, quantity: 1, parameters: domain }];
      const placed = await imcloud.orders.create(sale(1, { subscriptionPeriod, products, creditCheck: false }));
      expect(placed.products).toMatchObject([{ subscriptionPeriod }]);
    }
  });
});

test("a product accepts deals or a special price, not both", async () => {
  const { imcloud } = localSandbox();
  const specialPrice = { currency: "EUR", amount: "10.00" };
  const products = [{ id: "500201", quantity: 1, parameters: domain, specialPrice, deals: { agreements: [] } }];
  await expect(imcloud.orders.create(sale(1, { products }))).rejects.toThrow("and not both");
});

describe("request members without effect", () => {
  test("are noted, and only these", async () => {
    const { mock, imcloud } = localSandbox();
    const products = [{ id: "500201", quantity: 1, parameters: domain, type: "UPGRADE" as const }];
    const more = {
      placementType: "MOVE",
      upgradeStartType: "FROM_DATE_OF_UPGRADE",
      targetSubscriptionId: "700401",
      scheduledOn: "2026-12-01T00:00:00Z",
    };
    await imcloud.orders.create(sale(1, { ...more, products }));
    expect(mock.requests().at(-1)?.problems).toEqual([
      'body member "placementType" is known, and has no effect in the mock',
      'body member "upgradeStartType" is known, and has no effect in the mock',
      'body member "targetSubscriptionId" is known, and has no effect in the mock',
      'scheduledOn "2026-12-01T00:00:00Z" has no effect in the mock; a change order can wait for "renewal"',
      'body member "products.0.type" is known, and has no effect in the mock',
    ]);
    await imcloud.orders.create(sale(1, { poNumber: "T-1", attributes: { a: "b" } }));
    expect(mock.requests().at(-1)?.problems).toEqual([]);
  });

  test("are returned for a scheduled change order", async () => {
    const { mock, imcloud } = localSandbox();
    const change = {
      ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401", scheduledOn: "renewal" },
      products: [{ id: "500201", quantity: 40 }],
    };
    const { id } = await imcloud.orders.create(change);
    await mock.advance(10 * SECOND);
    expect(await imcloud.orders.get(id)).toMatchObject({ statusCode: "AS", scheduledOn: "renewal" });
  });
});

describe("subscriptions", () => {
  test("are terminated at their end, and removed 30 days later", async () => {
    const { mock, imcloud } = localSandbox();
    await imcloud.orders.create({ type: "cancellation", customerId: "1002101", subscriptionId: "700401" });
    await mock.advance(10 * SECOND);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ status: "terminated" });
    await mock.advance(29 * DAY);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ status: "terminated" });
    await mock.advance(DAY);
    expect(await imcloud.subscriptions.get("700401")).toMatchObject({ status: "removed" });
  });

  test("can be cancelled and reduced within seven days alone for Microsoft products", async () => {
    const { mock, imcloud } = localSandbox();
    await mock.advance(8 * DAY);
    const on = { customerId: "1002101", subscriptionId: "700401" };
    const cancellation = { type: "cancellation" as const, ...on };
    const change = (quantity: number) => ({ type: "change" as const, ...on, products: [{ id: "500201", quantity }] });
    for (const order of [cancellation, change(29)]) {
      await expect(imcloud.orders.create(order)).rejects.toMatchObject({
        ...{ status: 400, message: expect.stringContaining("within 7 days of its order") },
      });
    }
    await imcloud.orders.create(change(31));
    await mock.advance(10 * SECOND);
    await imcloud.orders.create(cancellation);
  });

  test("reject orders for their renewal without autorenewal", async () => {
    const { imcloud } = localSandbox();
    await imcloud.subscriptions.update("700401", { renewalStatus: false });
    const change = {
      ...{ type: "change" as const, customerId: "1002101", subscriptionId: "700401", scheduledOn: "renewal" },
      products: [{ id: "500201", quantity: 40 }],
    };
    await expect(imcloud.orders.create(change)).rejects.toThrow("does not renew by itself");
  });

  test("cost the price of a billing times the billings of the period", async () => {
    const { imcloud } = localSandbox();
    const { totalPrice, totalSubscriptionPrice } = await imcloud.subscriptions.get("700401");
    expect([totalPrice?.amount, totalSubscriptionPrice?.amount]).toEqual(["558.00", "6696.00"]);
  });
});
