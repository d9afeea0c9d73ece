import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient, UnknownOutcomeError } from "../../index.ts";
import { applicationError, failureOf, inTime, json } from "../../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Placed {
  id: string;
  type: string;
  customerId: string;
  poNumber?: string;
  creationDate: string;
  status: string;
}

type Fate = "well" | "lost" | "never came" | "late" | "very late" | "timeout page" | "conflict";

/** A platform that keeps orders and customers, and on which writes meet a fate each. */
function platform(fateOf: (write: number) => Fate, { skew = 0, limit = 60 } = {}) {
  const orders: Placed[] = [];
  const customers: { id: string; name: string; externalId?: string }[] = [];
  const state = { writes: 0, calls: 0 };
  const now = () => new Date(Date.now() + skew);
  const respond = (body: unknown, status = 200) => json(body, { status, headers: { date: now().toUTCString() } });
  const page = (rows: object[], params: URLSearchParams) => {
    const offset = Number(params.get("offset") ?? 0);
    const size = Number(params.get("limit") ?? 10);
    return respond({
      data: rows.slice(offset, offset + size),
      pagination: { offset, limit: size, total: rows.length },
    });
  };

  async function create(path: string, body: Record<string, string>): Promise<Response> {
    state.writes += 1;
    const fate = fateOf(state.writes);
    const id = String(900_000 + state.writes);
    const thing = { ...body, id, status: "processing", creationDate: now().toISOString() };
    const keep = () => (path === "/orders" ? orders.unshift(thing as never) : customers.unshift(thing as never));
    if (fate === "conflict") return respond(applicationError("Order CH900001 is being provisioned"), 500);
    if (fate.endsWith("late")) setTimeout(keep, fate === "late" ? 40_000 : 200_000);
    else if (fate !== "never came") keep();
    if (fate === "timeout page") return new Response("<html>504 Gateway Time-out</html>", { status: 504 });
    if (fate !== "well") throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    return respond(thing);
  }

  const imcloud = createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    rateLimit: { perMinute: limit },
    async fetch(request) {
      state.calls += 1;
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === "/token") return respond({ token: "t", expiresInSeconds: 1500 });
      if (request.method === "POST") return create(pathname, await request.json());
      if (pathname === "/customers") return page(customers, searchParams);
      const customerId = pathname.split("/customers/")[1];
      if (customerId) return respond(customers.find(({ id }) => id === customerId));
      const id = pathname.split("/orders/")[1];
      if (id) return respond(orders.find((order) => order.id === id));
      const rows = orders.filter(({ customerId }) => customerId === searchParams.get("customerId"));
      // Rows are thin.
      return page(
        rows.map(({ poNumber: _, ...row }) => row),
        searchParams,
      );
    },
  });
  return { imcloud, orders, customers, state };
}

const order = (poNumber = "T-1001") => ({ type: "sales" as const, customerId: "1002101", products: [], poNumber });
const first =
  (fate: Fate, then: Fate = "well") =>
  (write: number) =>
    write === 1 ? fate : then;

describe("orders.createOnce", () => {
  test.each<[string, Fate, number]>([
    ["when all is well", "well", 1],
    ["when the response is lost", "lost", 1],
    ["when a proxy times out", "timeout page", 1],
    ["when the response is lost and the order appears 40 seconds later", "late", 1],
    ["when the request never reached the API", "never came", 2],
  ])("places an order once %s", async (_when, fate, writes) => {
    const { imcloud, orders, state } = platform(first(fate));
    const placed = await inTime(imcloud.orders.createOnce(order(), { maxAttempts: 2 }));
    expect(orders).toHaveLength(1);
    expect(placed).toMatchObject({ id: orders[0]?.id, poNumber: "T-1001" });
    expect(state.writes).toBe(writes);
  });

  test.each([-3_600_000, 3_600_000])("places an order once when the clocks are %i ms apart", async (skew) => {
    const { imcloud, orders } = platform(first("lost"), { skew });
    await inTime(imcloud.orders.createOnce(order()));
    expect(orders).toHaveLength(1);
  });

  test("places an order although others have its number, its customer or its type", async () => {
    const { imcloud, orders, state } = platform((write) => (write === 4 ? "never came" : "well"));
    await inTime(imcloud.orders.create({ ...order(), customerId: "1002102" }));
    await inTime(imcloud.orders.create({ ...order(), type: "change", subscriptionId: "700401" }));
    // The same in all, but long before.
    await inTime(imcloud.orders.create(order()));
    await vi.advanceTimersByTimeAsync(600_000);
    await inTime(imcloud.orders.createOnce(order(), { maxAttempts: 2 }));
    expect(state.writes).toBe(5);
    expect(orders).toHaveLength(4);
  });

  test("looks for the order on a conflict after a lost response, as the order itself may be what blocks", async () => {
    const { imcloud, orders } = platform((write) => (write === 1 ? "never came" : "conflict"));
    const error = await inTime(failureOf(imcloud.orders.createOnce(order(), { maxAttempts: 2 })));
    expect(error).toMatchObject({ name: "ServerError", message: "500 Order CH900001 is being provisioned" });
    expect(orders).toHaveLength(0);
  });

  test("throws at once when the API rejects the order", async () => {
    const { imcloud, state } = platform(() => "conflict");
    await expect(inTime(imcloud.orders.createOnce(order()))).rejects.toMatchObject({ name: "ServerError" });
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError after maxAttempts when the order never appeared", async () => {
    const { imcloud, state } = platform(() => "never came");
    const error = await inTime(failureOf(imcloud.orders.createOnce(order(), { maxAttempts: 2 })));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ operation: "orders_create", body: order() });
    expect(state.writes).toBe(2);
  });

  test.each<[Fate, number]>([
    ["never came", 1],
    ["very late", 0],
  ])(
    "sends no second order by itself when the first is %s, and looks for as long again before it does when called again",
    async (fate, more) => {
      const { imcloud, orders, state } = platform(first(fate));
      const error = await inTime(failureOf(imcloud.orders.createOnce(order())));
      expect(error).toMatchObject({
        name: "UnknownOutcomeError",
        message: expect.stringContaining("It did not appear within 180000 ms, and may still"),
      });
      expect(state.writes).toBe(1);
      const before = performance.now();
      await inTime(imcloud.orders.createOnce(order()));
      expect(performance.now() - before).toBeGreaterThanOrEqual(more * 180_000);
      expect(orders).toHaveLength(1);
      expect(state.writes).toBe(1 + more);
    },
  );

  test("throws before it sends an order without a poNumber", async () => {
    const { imcloud, state } = platform(() => "well");
    const unnumbered = imcloud.orders.createOnce({ type: "sales", customerId: "1", products: [], poNumber: "" });
    await expect(unnumbered).rejects.toThrow("orders.createOnce needs poNumber to be a string that is not empty");
    expect(state.calls).toBe(0);
  });

  test("places three hundred orders once each when every tenth response is lost", async () => {
    const { imcloud, orders, state } = platform((write) =>
      write % 10 ? "well" : write % 20 ? "lost" : write % 40 ? "never came" : "late",
    );
    const placed = await inTime(
      Promise.all(
        Array.from({ length: 300 }, (_, number) => imcloud.orders.createOnce(order(`T-${number}`), { maxAttempts: 3 })),
      ),
    );
    expect(orders).toHaveLength(300);
    expect(new Set(orders.map(({ poNumber }) => poNumber)).size).toBe(300);
    expect(new Set(placed.map(({ id }) => id)).size).toBe(300);
    expect(state.calls).toBeLessThan(600);
  });
});

describe("customers.createOnce", () => {
  test.each<[Fate, number]>([
    ["lost", 1],
    ["never came", 2],
  ])("creates a customer once by its externalId, where the request %s", async (fate, writes) => {
    const { imcloud, customers, state } = platform(first(fate));
    const body = { name: "Brightwater Dental Group", externalId: "crm-77" } as Parameters<
      typeof imcloud.customers.createOnce
    >[0];
    expect(await inTime(imcloud.customers.createOnce(body, { maxAttempts: 2 }))).toMatchObject({
      externalId: "crm-77",
    });
    expect(customers).toHaveLength(1);
    expect(state.writes).toBe(writes);
  });
});
