import { describe, expect, test } from "vitest";
import { AuthenticationError, DetailsError, type DetailsFailure } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An API with some orders, newest first, whose details come as `respond` says. */
function ordersOf(count: number, respond: (id: string) => Response | Promise<Response>) {
  const state = { most: 0, now: 0, read: [] as string[] };
  const { imcloud } = apiOf(
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const id = pathname.split("/orders/")[1];
      if (!id) {
        const offset = Number(searchParams.get("offset"));
        const rows = Array.from({ length: count }, (_, index) => ({ id: String(count - index) }));
        return json({ data: rows.slice(offset, offset + 7), pagination: { offset, limit: 7, total: count } });
      }
      state.read.push(id);
      state.now += 1;
      state.most = Math.max(state.most, state.now);
      // The first request is not the first to get its response.
      await sleep(Number(id) % 3);
      state.now -= 1;
      return respond(id);
    },
    { rateLimit: false, retry: false },
  );
  return { imcloud, state };
}

const found = (id: string) => json({ id, poNumber: `T-${id}` });
const broken = (id: string) => json({ message: `No order ${id}` }, { status: 404 });
const numbers = async (orders: AsyncIterable<{ poNumber?: string }>, into: unknown[] = []) => {
  for await (const { poNumber } of orders) into.push(poNumber);
  return into;
};

describe("orders.details and subscriptions.details", () => {
  test("each row of every page is read, in order, several at a time", async () => {
    const { imcloud, state } = ordersOf(20, found);
    const expected = Array.from({ length: 20 }, (_, index) => `T-${20 - index}`);
    expect(await numbers(imcloud.orders.details({ status: "completed" }, { concurrency: 3 }))).toEqual(expected);
    expect(state.most).toBe(3);
    expect(state.read).toHaveLength(20);
  });

  test("subscriptions have details too", async () => {
    const { imcloud } = apiOf((request) =>
      request.url.includes("/subscriptions/")
        ? json({ id: "700401", products: [] })
        : json({ data: [{ id: "700401" }], pagination: { offset: 0, limit: 10, total: 1 } }),
    );
    expect(await Array.fromAsync(imcloud.subscriptions.details())).toEqual([{ id: "700401", products: [] }]);
  });

  test("one failure loses no other, and is thrown with its id at the end", async () => {
    const { imcloud } = ordersOf(9, (id) => (id === "4" || id === "8" ? broken(id) : found(id)));
    const seen: unknown[] = [];
    const error = (await failureOf(numbers(imcloud.orders.details(), seen))) as DetailsError;
    expect(seen).toEqual(["T-9", "T-7", "T-6", "T-5", "T-3", "T-2", "T-1"]);
    expect(error).toBeInstanceOf(DetailsError);
    expect(error.message).toBe("2 could not be read: 8, 4.");
    expect(error.failures.map(({ id, error }) => [id, (error as Error).name])).toEqual([
      ["8", "NotFoundError"],
      ["4", "NotFoundError"],
    ]);
  });

  test("gives failures to onFailure, and then the loop ends well", async () => {
    const { imcloud } = ordersOf(3, (id) => (id === "2" ? broken(id) : found(id)));
    const failures: DetailsFailure[] = [];
    expect(await numbers(imcloud.orders.details({}, { onFailure: (failure) => failures.push(failure) }))).toEqual([
      "T-3",
      "T-1",
    ]);
    expect(failures.map(({ id }) => id)).toEqual(["2"]);
  });

  test("a failure that all others would share ends the loop at once", async () => {
    const { imcloud, state } = ordersOf(200, () => json({ message: "no" }, { status: 401 }));
    await expect(numbers(imcloud.orders.details())).rejects.toBeInstanceOf(AuthenticationError);
    expect(state.read.length).toBeLessThan(20);
  });

  test("a loop that is left reads no further", async () => {
    const { imcloud, state } = ordersOf(100, found);
    for await (const { poNumber } of imcloud.orders.details()) if (poNumber === "T-98") break;
    const read = state.read.length;
    await sleep(20);
    expect(state.read.length).toBe(read);
    expect(read).toBeLessThan(12);
  });

  test("an abort ends the loop with its reason", async () => {
    const { imcloud } = ordersOf(100, found);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const { poNumber } of imcloud.orders.details({}, { signal: controller.signal })) {
        if (poNumber === "T-95") controller.abort(new Error("enough"));
      }
    })();
    await expect(reading).rejects.toThrow("enough");
  });
});
