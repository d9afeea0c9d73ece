import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

const rows = Array.from({ length: 12 }, (_, n) => ({
  id: `${n}`,
  status: ["submitted", "processing", "completed"][n % 3],
}));

/** Orders of a platform that takes one status at a time. */
const platform = (limit = 500) =>
  apiOf(
    (request) => {
      const query = new URL(request.url).searchParams;
      const data = rows.filter(({ status }) => !query.has("status") || status === query.get("status"));
      const offset = Number(query.get("offset") ?? 0);
      const size = Math.min(limit, Number(query.get("limit") ?? 10));
      return json({ data: data.slice(offset, offset + size), pagination: { offset, limit: size, total: data.length } });
    },
    { rateLimit: false },
  );

describe("orders.list({ status: [...] })", () => {
  test("is a call for each status, and every row once", async () => {
    const { imcloud, calls } = platform();
    const all = await imcloud.orders.list({ status: ["submitted", "processing", "submitted"] }).toArray({ max: 100 });
    expect(all.map(({ id }) => id)).toEqual(["0", "3", "6", "9", "1", "4", "7", "10"]);
    expect(calls.map(({ url }) => new URL(url).searchParams.getAll("status"))).toEqual([["submitted"], ["processing"]]);
  });

  test("loops over every page of each", async () => {
    const { imcloud } = platform(3);
    const looped = await Array.fromAsync(imcloud.orders.list({ status: ["submitted", "completed"] }));
    expect(looped).toHaveLength(8);
  });

  test("awaited, is a page of each with the total of all, and the pages after it", async () => {
    const { imcloud } = platform();
    const page = await imcloud.orders.list({ status: ["submitted", "completed"], limit: 3 });
    expect([page.data.length, page.pagination.total]).toEqual([6, 8]);
    const next = await page.next();
    expect(next?.data.map(({ id }) => id)).toEqual(["9", "11"]);
    expect(await next?.next()).toBeUndefined();
  });

  test("gives a row once that moved from one status to the next meanwhile", async () => {
    const { imcloud } = apiOf(() => json({ data: [{ id: "1" }], pagination: { offset: 0, limit: 500, total: 1 } }), {
      rateLimit: false,
    });
    expect(await Array.fromAsync(imcloud.orders.list({ status: ["submitted", "completed"] }))).toEqual([{ id: "1" }]);
  });

  test("gives rows that have no id, and rows whose ids were rounded", async () => {
    const all = [
      { id: null, orderNumber: "a" },
      { id: 2 ** 53, orderNumber: "b" },
      { id: 2 ** 53, orderNumber: "c" },
    ];
    const { imcloud } = apiOf(
      (request) => json({ data: request.url.includes("completed") ? all.slice(1) : all, pagination: { total: 3 } }),
      { rateLimit: false },
    );
    const { imcloud: single } = apiOf(() => json({ data: all, pagination: { total: 3 } }), { rateLimit: false });
    expect(await single.orders.list({ status: "error" }).toArray()).toHaveLength(3);
    expect(
      (await imcloud.orders.list({ status: ["error", "submitted"] }).toArray()).map(({ orderNumber }) => orderNumber),
    ).toEqual(["a", "b", "c", "a"]);
  });

  test("leaves out a status that is undefined, and does without anybody to tell", async () => {
    const { imcloud, calls } = platform();
    const status = [undefined, "submitted", "completed"] as "submitted"[];
    expect(await Array.fromAsync(imcloud.orders.list({ status }).withProgress(undefined as never))).toHaveLength(8);
    expect(calls.map(({ url }) => new URL(url).searchParams.getAll("status"))).toEqual([["submitted"], ["completed"]]);
  });

  test("is sent once nobody waited, refuses none and more than max, and one value is a list as any other", async () => {
    const { imcloud, calls } = platform();
    imcloud.orders.list({ status: ["submitted", "completed"] });
    expect(calls).toHaveLength(0);
    expect(await failureOf(imcloud.orders.list({ status: [] }))).toBeInstanceOf(TypeError);
    expect(await failureOf(imcloud.orders.list({ status: ["submitted", "done" as "completed"] }))).toBeInstanceOf(
      TypeError,
    );
    expect(
      await failureOf(imcloud.orders.list({ status: ["submitted", "completed"] }).toArray({ max: 7 })),
    ).toMatchObject({
      name: "IncompleteListError",
    });
    expect((await imcloud.orders.list({ status: ["submitted"] })).pagination.total).toBe(4);
  });
});

describe("orders.list({ status: [...] }).pages", () => {
  test("is plain data: it can be cloned, sent and compared", async () => {
    const { imcloud } = platform();
    for (const page of [
      await imcloud.orders.list({ limit: 1 }),
      await imcloud.orders.list({ status: ["submitted", "completed"] }),
    ]) {
      expect(Object.keys(page).sort()).toEqual(["data", "pagination"]);
      expect(structuredClone(page)).toEqual(page);
      expect(Object.hasOwn(page, "next")).toBe(false);
      expect(typeof page.next).toBe("function");
    }
  });
});
