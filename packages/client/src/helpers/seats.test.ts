import { describe, expect, test, vi } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

/** A subscription with some products, and the orders that change it. */
function platform(
  products: object[],
  responses: { lost?: boolean; isDown?: (path: string) => boolean; statusOf?: () => string; hasChanged?: boolean } = {},
) {
  const orders: Record<string, unknown>[] = [];
  const row = (order: Record<string, unknown>) => ({ ...order, products: undefined, poNumber: undefined });
  const { imcloud, calls } = apiOf(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") {
        const order = {
          id: `90${orders.length}`,
          status: responses.statusOf?.() ?? "completed",
          creationDate: new Date().toISOString(),
          ...(await request.json()),
        };
        orders.push(order);
        if (responses.lost && orders.length === 1) throw new TypeError("terminated", { cause: { code: "ECONNRESET" } });
        return json(order);
      }
      if (responses.isDown?.(pathname)) return json({ message: "down" }, { status: 400 });
      if (pathname.includes("/subscriptions/")) return json({ id: "700401", customerId: "1002101", products });
      if (pathname.endsWith("/orders"))
        return json({ data: orders.map(row), pagination: { offset: 0, limit: 500, total: orders.length } });
      const order = orders.find(({ id }) => pathname.endsWith(String(id)));
      return json(order && { ...order, status: responses.statusOf?.() ?? order.status });
    },
    { rateLimit: false },
  );
  return { imcloud, calls, orders };
}

const seats = (quantity: unknown) => [{ id: "500201", mpn: "NWB-1001-M", quantity }];

describe("subscriptions.changeSeats", () => {
  test.each([
    [30, { to: 35 }, 35],
    [30, { by: 5 }, 35],
    [30, { by: -30 }, 0],
    ["30.0", { by: 5 }, 35],
  ] as const)("places one order for the new total, and waits for it: %j, %j", async (from, target, total) => {
    const { imcloud, orders } = platform(seats(from));
    const change = await imcloud.subscriptions.changeSeats("700401", target);
    expect(change).toMatchObject({ from: 30, to: total, order: { status: "completed" } });
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      type: "change",
      customerId: "1002101",
      subscriptionId: "700401",
      products: [{ id: "500201", quantity: total, subscriptionId: "700401" }],
    });
  });

  test("places an order for each change, also where the clock stands still", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const products = [{ id: "500201", mpn: "NWB-1001-M", quantity: 30 }];
    const { imcloud, orders } = platform(products);
    for (const to of [35, 32, 35]) {
      await imcloud.subscriptions.changeSeats("700401", { to });
      Object.assign(products[0] as object, { quantity: to });
    }
    vi.useRealTimers();
    expect(orders.map((order) => order.products)).toMatchObject([35, 32, 35].map((quantity) => [{ quantity }]));
  });

  test("places no order when there is nothing to change", async () => {
    const { imcloud, orders } = platform(seats(30));
    expect(await imcloud.subscriptions.changeSeats("700401", { to: 30 })).toEqual({
      from: 30,
      to: 30,
      order: undefined,
    });
    expect(orders).toEqual([]);
  });

  test("places the order once when the response is lost", async () => {
    const { imcloud, orders } = platform(seats(30), { lost: true });
    const change = await imcloud.subscriptions.changeSeats("700401", { by: 5 }, { poNumber: "T-2001" });
    expect(change.order).toMatchObject({ poNumber: "T-2001" });
    expect(orders).toHaveLength(1);
  });

  test.each([{ by: 5 }, { to: 35 }])(
    "continues the change %j after an unknown outcome, and adds no seats twice",
    async (again) => {
      let isDown = true;
      const { imcloud, orders } = platform(seats(30), {
        lost: true,
        // From when the first was placed.
        isDown: (path) => isDown && orders.length > 0 && path.endsWith("/orders"),
      });
      const changing = imcloud.subscriptions.changeSeats("700401", { by: 5 }, { settleTimeout: 0 });
      expect(await failureOf(changing)).toMatchObject({
        name: "UnknownOutcomeError",
        message: expect.stringContaining('Call changeSeats("700401", { to: 35 }) to go on with it.'),
        body: { products: [{ quantity: 35 }] },
      });
      const other = imcloud.subscriptions.changeSeats("700401", { by: 7 });
      expect(await failureOf(other)).toMatchObject({
        name: "MarketplaceError",
        message: expect.stringContaining("35"),
      });
      isDown = false;
      expect(await imcloud.subscriptions.changeSeats("700401", again)).toMatchObject({ from: 30, to: 35 });
      expect(orders).toHaveLength(1);
      await imcloud.subscriptions.changeSeats("700401", { by: 5 });
      expect(orders).toHaveLength(2);
    },
  );

  test("called again after a wait that timed out continues waiting, and adds no seats twice", async () => {
    let status = "processing";
    const { imcloud, orders } = platform(seats(30), { statusOf: () => status });
    const changing = imcloud.subscriptions.changeSeats("700401", { by: 5 }, { wait: { timeout: 20 } });
    expect(await failureOf(changing)).toMatchObject({ name: "TimeoutError" });
    status = "completed";
    expect(await imcloud.subscriptions.changeSeats("700401", { by: 5 })).toMatchObject({ to: 35, order: { status } });
    expect(orders).toHaveLength(1);
  });

  test("makes the changes of one subscription one after the other", async () => {
    const products = [{ id: "500201", quantity: 30 }];
    const { imcloud, orders } = platform(products, {
      statusOf() {
        const [last] = orders.slice(-1) as { products?: { quantity: number }[] }[];
        if (products[0] && last?.products?.[0]) products[0].quantity = last.products[0].quantity;
        return "completed";
      },
    });
    const changes = [5, 7].map((by) => imcloud.subscriptions.changeSeats("700401", { by }));
    expect((await Promise.all(changes)).map(({ to }) => to)).toEqual([35, 42]);
  });

  test("requires a product when there are several", async () => {
    const products = [...seats(30), { id: "500202", mpn: "NWP-1002-M", quantity: 3 }];
    const { imcloud, orders } = platform(products);
    expect(await failureOf(imcloud.subscriptions.changeSeats("700401", { to: 5 }))).toMatchObject({
      name: "MarketplaceError",
      message: "Subscription 700401 has 2 products: name one of its own as product. It has NWB-1001-M, NWP-1002-M.",
    });
    await imcloud.subscriptions.changeSeats("700401", { to: 5 }, { product: "NWP-1002-M" });
    expect(orders[0]).toMatchObject({ products: [{ id: "500202", quantity: 5 }] });
  });

  test.each([{}, { to: 1, by: 1 }, { to: -1 }, { to: 1.5 }, { to: "5" }, { by: Number.NaN }, { to: undefined }])(
    "refuses %j before anything is sent",
    async (target) => {
      const { imcloud, calls } = platform(seats(30));
      expect(await failureOf(imcloud.subscriptions.changeSeats("700401", target as never))).toBeInstanceOf(TypeError);
      expect(calls).toEqual([]);
    },
  );

  test.each([null, "", " ", [], true, undefined, "1,000", "0x10", -3, 2.5])(
    "does not add seats to %j",
    async (quantity) => {
      const { imcloud, orders } = platform(seats(quantity));
      const failure = await failureOf(imcloud.subscriptions.changeSeats("700401", { by: 5 }));
      expect(failure).toMatchObject({ name: "MarketplaceError" });
      expect(orders).toEqual([]);
      await imcloud.subscriptions.changeSeats("700401", { to: 5 });
      expect(orders).toMatchObject([{ products: [{ quantity: 5 }] }]);
    },
  );

  test.each([
    ["null", null],
    ["a subscription without its customer", { id: "700401", products: seats(30) }],
    ["a product without an id", { id: "700401", customerId: "1002101", products: [{ quantity: 30 }] }],
    ["products that are null", { id: "700401", customerId: "1002101", products: null }],
    ["a product that is null", { id: "700401", customerId: "1002101", products: [null] }],
  ])("places no order for %s", async (_what, subscription) => {
    const { imcloud, calls } = apiOf(() => json(subscription));
    const failure = await failureOf(imcloud.subscriptions.changeSeats("700401", { by: 5 }));
    expect(failure).toMatchObject({ name: subscription ? "MarketplaceError" : "GatewayError" });
    expect(calls.map(({ method }) => method)).toEqual(["GET"]);
  });

  test("waits for an order whose id is a number", async () => {
    const { imcloud } = apiOf(({ method, url }) =>
      json(
        method === "POST" || /orders\/900/.test(url)
          ? { id: 900, status: "completed" }
          : /subscriptions/.test(url)
            ? { id: "700401", customerId: 1002101, products: seats(30) }
            : { data: [], pagination: { offset: 0, limit: 100, total: 0 } },
      ),
    );
    expect(await imcloud.subscriptions.changeSeats("700401", { by: 5 })).toMatchObject({ order: { id: 900 } });
  });

  test.each([
    ["undefined", undefined],
    ["another", new AbortController().signal],
  ])("ends its wait by its own signal where that of the wait is %s", async (_what, other) => {
    const { imcloud } = platform(seats(30), { statusOf: () => "processing" });
    const wait = { timeout: 5_000, signal: other };
    const signal = AbortSignal.timeout(50);
    expect(await failureOf(imcloud.subscriptions.changeSeats("700401", { by: 5 }, { signal, wait }))).toBe(
      signal.reason,
    );
  });

  test("refuses to go below 0, and does not wait with wait: false", async () => {
    const { imcloud, calls, orders } = platform(seats(3));
    expect(await failureOf(imcloud.subscriptions.changeSeats("700401", { by: -4 }))).toBeInstanceOf(TypeError);
    expect(orders).toEqual([]);
    await imcloud.subscriptions.changeSeats("700401", { to: 1 }, { wait: false });
    expect(calls.filter(({ url }) => /orders\/\d/.test(url))).toEqual([]);
  });
});
