import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { apiOf, failureOf, inTime, json } from "../testing.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A platform whose first order gets no response and may not have been stored. */
function platform({ keepsFirst = true } = {}) {
  const orders: Record<string, unknown>[] = [];
  let posts = 0;
  const { imcloud } = apiOf(
    async (request) => {
      const { pathname } = new URL(request.url);
      if (request.method === "POST") {
        posts += 1;
        const order = { ...(await request.json()), id: `90000${posts}`, status: "submitted" };
        if (posts > 1 || keepsFirst) orders.unshift(order);
        return posts === 1 ? new Promise(() => {}) : json(order);
      }
      if (pathname.includes("/subscriptions/")) {
        return json({ id: "700401", customerId: "1", products: [{ id: "500201", quantity: 30 }] });
      }
      const order = orders.find(({ id }) => pathname.endsWith(String(id)));
      if (order) return json(order);
      const data = orders.map(({ poNumber: _, products: __, ...row }) => row);
      return json({ data, pagination: { offset: 0, limit: 500, total: data.length } });
    },
    { rateLimit: false, timeout: 0 },
  );
  return { imcloud, orders, posts: () => posts };
}

const order = (poNumber: string) => ({
  ...{ type: "sales" as const, customerId: "1", poNumber },
  products: [{ id: "500201", quantity: 1 }],
});

/** Lets started work reach the point where it waits for its response. */
const settle = () => vi.advanceTimersByTimeAsync(50);

/** Starts work without heartbeats, like that of an edge worker's request that has ended. */
async function beginAndEnd(work: () => Promise<unknown>): Promise<void> {
  const silent = vi.spyOn(globalThis, "setInterval").mockReturnValue(0 as never);
  work().catch(() => {});
  await settle();
  silent.mockRestore();
}

describe("orders.createOnce, beside another with a number like it", () => {
  test("waits no longer than its own timeout, and sends nothing", async () => {
    const { imcloud, posts } = platform();
    imcloud.orders.createOnce(order("T-1")).catch(() => {});
    await settle();
    const since = performance.now();
    const error = await inTime(failureOf(imcloud.orders.createOnce(order("T-10"), { timeout: 1500.5 })));
    expect(error).toMatchObject({ name: "TimeoutError", message: expect.stringContaining('a number like "T-10"') });
    expect(performance.now() - since).toBeLessThan(2_100);
    expect(posts()).toBe(1);
  });

  test("waits as long as the other one is alive", async () => {
    const { imcloud, posts } = platform();
    imcloud.orders.createOnce(order("T-1")).catch(() => {});
    await settle();
    imcloud.orders.createOnce(order("T-10")).catch(() => {});
    await vi.advanceTimersByTimeAsync(600_000);
    expect(posts()).toBe(1);
  });

  test.each([true, false])("skips one whose request has ended, whose order was stored: %s", async (keepsFirst) => {
    const { imcloud, orders } = platform({ keepsFirst });
    await beginAndEnd(() => imcloud.orders.createOnce(order("T-1")));
    const similar = await inTime(imcloud.orders.createOnce(order("T-10")));
    expect(similar).toMatchObject({ poNumber: "T-10" });
    const same = await inTime(imcloud.orders.createOnce(order("T-1"), { settleTimeout: 1_000 }));
    expect(same).toMatchObject({ poNumber: "T-1", id: keepsFirst ? "900001" : "900003" });
    expect(orders.map(({ poNumber }) => poNumber).sort()).toEqual(["T-1", "T-10"]);
  });

  test("finds the order that the same call sent before its request ended", async () => {
    const { imcloud, orders } = platform();
    await beginAndEnd(() => imcloud.orders.createOnce(order("T-1")));
    expect(await inTime(imcloud.orders.createOnce(order("T-1")))).toMatchObject({ id: "900001" });
    expect(orders).toHaveLength(1);
  });
});

describe("subscriptions.changeSeats, beside another of the same subscription", () => {
  test("waits no longer than its own timeout", async () => {
    const { imcloud, posts } = platform();
    imcloud.subscriptions.changeSeats("700401", { by: 5 }, { wait: false }).catch(() => {});
    await settle();
    const waiting = imcloud.subscriptions.changeSeats("700401", { by: 5 }, { wait: false, timeout: 2_000 });
    expect(await inTime(failureOf(waiting))).toMatchObject({
      name: "TimeoutError",
      message: "Another change of the seats of subscription 700401 is still under way.",
    });
    expect(posts()).toBe(1);
  });

  test("continues the change of a request that has ended, and adds no seats twice", async () => {
    const { imcloud, orders } = platform();
    await beginAndEnd(() => imcloud.subscriptions.changeSeats("700401", { by: 5 }, { wait: false }));
    const again = imcloud.subscriptions.changeSeats("700401", { by: 5 }, { wait: false });
    expect(await inTime(again)).toMatchObject({ from: 30, to: 35, order: { id: "900001" } });
    expect(orders).toHaveLength(1);
  });
});
