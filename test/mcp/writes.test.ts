import { createClient, type Product } from "@imcloud/client";
import { afterEach, describe, expect, test } from "vitest";
import { type Connected, connectAssistant, type Result } from "./assistant.ts";

let connected: Connected;
afterEach(() => connected.close());

const SEATS = { subscriptionId: "700401", seats: 35 };
const SALE = { type: "sales", customerId: "1002101", products: [{ id: "500202", quantity: 10 }] };

const idOf = ({ confirmation }: Result): string => String(confirmation?.confirmationId);
const placed = ({ requests }: Connected): number => requests.filter((request) => request === "POST /orders").length;

describe("estimate_order", () => {
  test("shows price and effect, gives a confirmation id, and places nothing", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const { data, confirmation, advice } = await connected.call("estimate_order", SALE);
    expect(data).toMatchObject({
      customer: { name: "Brightwater Dental Group" },
      total: { amount: "40.00", currency: "EUR" },
      lines: [{ quantity: 10, unitPrice: { amount: "3.20" } }],
    });
    expect(advice).toContain("place_order");
    expect(confirmation?.confirmationId).toMatch(/^[\w-]{24}$/);
    expect(Date.parse(String(confirmation?.expiresAt)) - Date.now()).toBeGreaterThan(590_000);
    expect(placed(connected)).toBe(0);
  });

  test("gives no confirmation id where writes are not allowed, and says so", async () => {
    connected = await connectAssistant();
    const { data, confirmation, advice } = await connected.call("estimate_order", SALE);
    expect(data.total.amount).toBe("40.00");
    expect(confirmation).toBeUndefined();
    expect(advice).toContain("--allow-writes");
  });

  test.each([
    [{ type: "sales", customerId: "1002101" }, /needs products/],
    [{ type: "sales", products: [{ id: "500202", quantity: 1 }] }, /needs customerId/],
    [{ type: "change", subscriptionId: "700401" }, /needs products/],
    [{ type: "cancellation" }, /needs subscriptionId/],
    [{ type: "renewal", subscriptionId: "700401", products: [{ id: "500201", quantity: 1 }] }, /takes no products/],
    [{ type: "cancellation", subscriptionId: "700401", customerId: "1002102" }, /another customer/],
  ])("says what %j lacks, without a call of the marketplace", async (wish, reason) => {
    connected = await connectAssistant({ allowWrites: true });
    const { isError, advice } = await connected.call("estimate_order", wish);
    expect(isError).toBe(true);
    expect(advice).toMatch(reason);
    expect(connected.requests).not.toContain("POST /orders/estimate");
  });
});

describe("place_order", () => {
  test("places the estimated order, under the same PO number", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const estimate = await connected.call("estimate_order", SALE);
    const { data } = await connected.call("place_order", { confirmationId: idOf(estimate) });
    expect(data).toMatchObject({ type: "sales", poNumber: estimate.data.order.poNumber, total: estimate.data.total });
    const found = await connected.call("find_orders", { id: data.id });
    expect(found.data.products).toMatchObject([{ id: "500202", quantity: 10 }]);
  });

  test("returns the first result when repeated, even concurrently, and never places twice", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    const confirm = () => connected.call("place_order", { confirmationId });
    const [first, second] = await Promise.all([confirm(), confirm()]);
    const third = await confirm();
    expect(new Set([first, second, third].map(({ data }) => data.id)).size).toBe(1);
    expect(placed(connected)).toBe(1);
  });

  test("refuses an unknown confirmation id, and one of another tool", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const seats = idOf(await connected.call("estimate_seats", SEATS));
    for (const confirmationId of ["", "x", seats, `${seats}x`]) {
      const { isError, advice } = await connected.call("place_order", { confirmationId });
      expect(isError, confirmationId).toBe(true);
      expect(advice).toMatch(/no such confirmation|is for change_seats/);
    }
    expect(placed(connected)).toBe(0);
  });

  test("refuses an expired confirmation id", async () => {
    connected = await connectAssistant({ allowWrites: true, confirmationLifetime: 0.001 });
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    const { isError, advice } = await connected.call("place_order", { confirmationId });
    expect(isError).toBe(true);
    expect(advice).toContain("expired");
    expect(placed(connected)).toBe(0);
  });

  test("refuses when the price has changed, and shows the new one to confirm", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const first = await connected.call("estimate_order", SALE);
    const { sandbox } = connected;
    const past = createClient({ ...sandbox.connection, rateLimit: false });
    const [product] = (await past.products.list({ name: "Secure Backup" })).data as [Product];
    const prices = (product.prices ?? []).map((price) => ({ ...price, amount: "4.00" }));
    sandbox.seed({ products: [{ ...product, prices }] });
    const refused = await connected.call("place_order", { confirmationId: idOf(first) });
    expect(placed(connected)).toBe(0);
    expect(refused.data.total).toEqual({ amount: "50.00", currency: "EUR" });
    expect(refused.advice).toContain("Nothing was done");
    expect(idOf(refused)).not.toBe(idOf(first));
    // The old id cannot be used again, and leads to the same new estimate.
    expect(idOf(await connected.call("place_order", { confirmationId: idOf(first) }))).toBe(idOf(refused));
    const { data } = await connected.call("place_order", { confirmationId: idOf(refused) });
    expect(data.total.amount).toBe("50.00");
    expect(placed(connected)).toBe(1);
  });

  test("refuses when the subscription has changed meanwhile", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const cancellation = await connected.call("estimate_order", { type: "cancellation", subscriptionId: "700401" });
    const seats = await connected.call("estimate_seats", SEATS);
    await connected.call("change_seats", { confirmationId: idOf(seats) });
    await connected.sandbox.advance(3_600_000);
    const refused = await connected.call("place_order", { confirmationId: idOf(cancellation) });
    expect(refused.advice).toContain("Nothing was done");
    expect(refused.data.before.products).toMatchObject([{ seats: 35 }]);
    expect(placed(connected)).toBe(1);
  });

  test("says that an outcome is unknown, and goes on with the same order when it is confirmed again", async () => {
    connected = await connectAssistant({
      allowWrites: true,
      onRequest(request) {
        // The response is lost, and from now on the order cannot be looked for.
        if (request === "POST /orders") connected.sandbox.faults.add({ kind: "quota", operation: "orders_list" });
      },
    });
    const { sandbox } = connected;
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    sandbox.faults.add({ kind: "dropAfter", operation: "orders_create", count: 1 });
    const unknown = await connected.call("place_order", { confirmationId });
    expect(unknown.data.error).toBe("UnknownOutcomeError");
    expect(unknown.data.poNumber).toMatch(/^MCP-/);
    expect(unknown.advice).toContain("same confirmationId");
    sandbox.faults.clear();
    const { isError } = await connected.call("place_order", { confirmationId });
    expect(isError).toBe(false);
    expect(placed(connected)).toBe(1);
    expect((await connected.call("find_orders", {})).total).toBe(4);
  });

  test("can be confirmed again when the estimate failed", async () => {
    connected = await connectAssistant({ allowWrites: true, client: { retry: false } });
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    connected.sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_estimate", count: 1 });
    expect((await connected.call("place_order", { confirmationId })).isError).toBe(true);
    expect((await connected.call("place_order", { confirmationId })).isError).toBe(false);
    expect(placed(connected)).toBe(1);
  });

  test("completes although the host cancels the call, and returns the result when repeated", async () => {
    const cancelled = new AbortController();
    connected = await connectAssistant({
      allowWrites: true,
      onRequest: (request) => request === "POST /orders" && cancelled.abort(),
    });
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    await expect(connected.call("place_order", { confirmationId }, { signal: cancelled.signal })).rejects.toThrow();
    expect((await connected.call("place_order", { confirmationId })).data.orderNumber).toMatch(/^SO/);
    expect(placed(connected)).toBe(1);
  });
});

describe("change_seats", () => {
  test("changes the seats to the total that was shown", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const estimate = await connected.call("estimate_seats", SEATS);
    expect(estimate.data.change).toMatchObject({ from: 30, to: 35, difference: 5 });
    const { data } = await connected.call("change_seats", { confirmationId: idOf(estimate) });
    expect(data).toMatchObject({ from: 30, to: 35, order: { poNumber: estimate.data.poNumber } });
    await connected.sandbox.advance(3_600_000);
    const { data: after } = await connected.call("find_subscriptions", { id: "700401" });
    expect(after.products[0].seats).toBe(35);
  });

  test("gives no confirmation id where the seats are already as wanted", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const { isError, advice, confirmation } = await connected.call("estimate_seats", { ...SEATS, seats: 30 });
    expect([isError, confirmation]).toEqual([true, undefined]);
    expect(advice).toContain("nothing to change");
  });
});

describe("createAssistant", () => {
  test("keeps a confirmation for all of its connections", async () => {
    connected = await connectAssistant({ allowWrites: true });
    const other = await connected.connect();
    const confirmationId = idOf(await connected.call("estimate_order", SALE));
    const first = await other.call("place_order", { confirmationId });
    const second = await connected.call("place_order", { confirmationId });
    expect(second.data.id).toBe(first.data.id);
    expect(placed(connected)).toBe(1);
  });

  test("waits for confirmed orders when it closes, and reports those with an unknown outcome", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    connected = await connectAssistant({
      allowWrites: true,
      wrapFetch: (fetch) => async (request) => {
        if (request.method === "POST" && request.url.endsWith("/orders")) await held;
        return fetch(request);
      },
    });
    const { data, confirmation } = await connected.call("estimate_order", SALE);
    const call = connected.call("place_order", { confirmationId: confirmation?.confirmationId }).catch(() => {});
    await expect.poll(() => placed(connected)).toBe(1);
    expect(await connected.assistant.close(1)).toEqual([data.order.poNumber]);
    release();
    await call;
  });

  test("refuses an invalid lifetime", async () => {
    connected = await connectAssistant();
    await expect(connectAssistant({ confirmationLifetime: 0 })).rejects.toThrow(/confirmationLifetime/);
  });
});
