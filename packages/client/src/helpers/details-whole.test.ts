import { describe, expect, test } from "vitest";
import { DetailsError, IncompleteListError, type ListProgress } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

/** Orders of which each page has three, and the details of those that `respond` does not respond to otherwise. */
function ordersOf(ids: unknown[], respond: (path: string, offset: number) => Response | undefined = () => undefined) {
  return apiOf(
    (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const offset = Number(searchParams.get("offset"));
      const special = respond(pathname.replace("/marketplace", ""), offset);
      if (special) return special;
      const id = pathname.split("/orders/")[1];
      if (id) return json({ id, poNumber: `T-${id}` });
      const data = ids.slice(offset, offset + 3).map((each) => ({ id: each, orderNumber: `SO${each}` }));
      return json({ data, pagination: { offset, limit: 3, total: ids.length } });
    },
    { rateLimit: false, retry: false },
  ).imcloud.orders;
}

async function collect<T>(rows: AsyncIterable<T>): Promise<{ given: T[]; error: unknown }> {
  const given: T[] = [];
  try {
    for await (const row of rows) given.push(row);
  } catch (error) {
    return { given, error };
  }
  return { given, error: undefined };
}

describe("orders.details", () => {
  test("gives what was read before a list ends early, and then its error", async () => {
    const orders = ordersOf(["9", "8", "7", "6", "5"], (path, offset) =>
      path === "/orders" && offset > 0 ? json({}) : undefined,
    );
    const { given, error } = await collect(orders.details());
    expect(given.map(({ id }) => id)).toEqual(["9", "8", "7"]);
    expect(error).toBeInstanceOf(IncompleteListError);
  });

  test("tells of both where a list ends early and some could not be read", async () => {
    const orders = ordersOf(["9", "8", "7", "6"], (path, offset) => {
      if (path === "/orders/8") return json({ message: "No order" }, { status: 404 });
      return path === "/orders" && offset > 0 ? json({}) : undefined;
    });
    const { given, error } = await collect(orders.details());
    expect(given.map(({ id }) => id)).toEqual(["9", "7"]);
    expect(error).toBeInstanceOf(DetailsError);
    expect((error as Error).message).toMatch(/^1 could not be read: 8\. The list did not come to its end: orders_list/);
    expect((error as Error).cause).toBeInstanceOf(IncompleteListError);
  });

  test.each([2 ** 53 + 2, undefined, null])(
    "reads nothing by the id %j, under which there is another order",
    async (id) => {
      const { given, error } = await collect(ordersOf(["9", id, "7"]).details());
      expect(given.map((order) => order.id)).toEqual(["9", "7"]);
      expect(error).toMatchObject({ name: "DetailsError", failures: [{ id: String(id) }] });
    },
  );

  test("tells how far it is, of how many, and how long the rest will take", async () => {
    const orders = ordersOf(["5", "4", "3", "2", "1"], (path) =>
      path === "/orders/4" ? json({}, { status: 404 }) : undefined,
    );
    const seen: ListProgress[] = [];
    await failureOf(Array.fromAsync(orders.details({}, { onProgress: (progress) => seen.push(progress) })));
    expect(seen.map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
    expect(seen.map(({ remaining }) => Number(remaining) >= 0)).toEqual([true, true, true, true, true]);
    expect(seen.at(-1)?.remaining).toBe(0);
  });
});

describe("orders.list", () => {
  const ids = ["5", "4", "3", "2", "1"];

  test("withProgress, tells after each row that the loop is done with how far it is", async () => {
    const seen: (number | undefined)[][] = [];
    const rows: unknown[] = [];
    const list = ordersOf(ids)
      .list()
      .withProgress(({ done, total }) => seen.push([done, total, rows.length]));
    for await (const { id } of list) rows.push(id);
    expect(rows).toEqual(ids);
    expect(seen).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5, done]));
  });

  test("counts what is left from an offset on", async () => {
    const seen: ListProgress[] = [];
    const rows = ordersOf(ids)
      .list({ offset: 2 })
      .toArray({ onProgress: (progress) => seen.push(progress) });
    expect(await rows).toHaveLength(3);
    expect(seen).toMatchObject([{ done: 3, total: 3, remaining: 0 }]);
  });

  test("tells only what is done when there is no total to believe", async () => {
    const orders = ordersOf([], () => json({ data: [{ id: "1" }], pagination: { total: null } }));
    const seen: ListProgress[] = [];
    await orders.list().toArray({ onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ done: 1, total: undefined, remaining: undefined }]);
  });
});
