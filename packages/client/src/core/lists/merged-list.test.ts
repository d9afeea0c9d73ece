import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DetailsError, IncompleteListError, type OrdersListQuery } from "../../index.ts";
import { apiOf, failureOf, json } from "../../testing.ts";
import { numRuns } from "../../testing-runs.ts";

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
    const asked = calls.map(({ url }) => new URL(url).searchParams.getAll("status").join());
    expect(asked).toEqual(["submitted", "processing", "submitted", "processing"]);
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

  test("keeps the total of all when one of its lists ends before the others", async () => {
    const counts: Record<string, number> = { submitted: 1, completed: 5 };
    const { imcloud } = apiOf(
      (request) => {
        const query = new URL(request.url).searchParams;
        const status = query.get("status") ?? "";
        const data = Array.from({ length: counts[status] ?? 0 }, (_, n) => ({ id: `${status}${n}`, status }));
        const [offset, limit] = [Number(query.get("offset") ?? 0), Number(query.get("limit"))];
        return json({ data: data.slice(offset, offset + limit), pagination: { offset, limit, total: data.length } });
      },
      { rateLimit: false },
    );
    const totals: unknown[] = [];
    const first = await imcloud.orders.list({ status: ["submitted", "completed"], limit: 2 });
    for (let page: typeof first | undefined = first; page; page = await page.next()) totals.push(page.pagination.total);
    expect(totals).toEqual([6, 6, 6]);
  });

  test("refuses the cursor of a query that is read as more lists", async () => {
    const { imcloud, calls } = platform();
    const after = { offset: 0, received: 0, list: 2 };
    for (const status of [["submitted", "completed"], ["submitted"], undefined] as const) {
      const pages = async () =>
        Array.fromAsync(imcloud.orders.list(status && { status: [...status] }).pages({ after }));
      expect(await failureOf(pages())).toMatchObject({
        name: "TypeError",
        message: expect.stringContaining("the cursor of a page of this list"),
      });
    }
    expect(calls).toHaveLength(0);
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
    expect(calls.map(({ url }) => new URL(url).searchParams.getAll("status"))).toEqual([
      ["submitted"],
      ["completed"],
      ["submitted"],
      ["completed"],
    ]);
  });

  test("refuses what cannot be told, and tells after each page of toArray, as one list does", async () => {
    const { imcloud } = platform();
    const list = (status: ("submitted" | "completed")[]) => imcloud.orders.list({ status, limit: 2 });
    expect(() => list(["submitted", "completed"]).withProgress(5 as never)).toThrow(/^withProgress must be a function/);
    const told: number[] = [];
    const rows = await list(["submitted", "completed"]).toArray({ onProgress: ({ done }) => told.push(done) });
    expect(told.at(-1)).toBe(rows.length);
    expect(told.length).toBeLessThan(rows.length);
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

/** Orders whose statuses change as the calls come: before the second call, what `moves[1]` names, and so on. */
function moving(statuses: Record<string, string>, moves: Record<string, string>[], limit = 500) {
  const now: Record<string, string> = { ...statuses };
  return apiOf(
    (request, count) => {
      Object.assign(now, moves[count - 1]);
      const { pathname, searchParams } = new URL(request.url);
      const one = pathname.split("/orders/")[1];
      if (one) return json({ id: one, status: now[one] });
      const offset = Number(searchParams.get("offset") ?? 0);
      const rows = Object.keys(now)
        .filter((id) => now[id] === searchParams.get("status"))
        .map((id) => ({ id, status: now[id] }))
        .reverse();
      return json({ data: rows.slice(offset, offset + limit), pagination: { offset, limit, total: rows.length } });
    },
    { rateLimit: false },
  ).imcloud.orders;
}

const STATUSES = ["submitted", "processing", "error", "completed", "cancelled"] as const;

const sorted = (rows: { id?: string | undefined }[]) => rows.map(({ id }) => String(id)).sort();

/** Every way in which all rows of a list can be had. */
const WAYS: [
  name: string,
  read: (orders: ReturnType<typeof moving>, query: OrdersListQuery) => Promise<{ id: string }[]>,
][] = [
  ["toArray", (orders, query) => orders.list(query).toArray()],
  ["a loop", (orders, query) => Array.fromAsync(orders.list(query))],
  ["withProgress", (orders, query) => Array.fromAsync(orders.list(query).withProgress(() => {}))],
  ["pages", async (orders, query) => (await Array.fromAsync(orders.list(query).pages())).flatMap(({ data }) => data)],
  [
    "next",
    async (orders, query) => {
      const rows: { id: string }[] = [];
      for (let page = await orders.list(query); page; page = (await page.next()) as typeof page)
        rows.push(...page.data);
      return rows;
    },
  ],
  ["details", (orders, query) => Array.fromAsync(orders.details(query)) as Promise<{ id: string }[]>],
];

describe.each(WAYS)("orders.list({ status: [...] }) by %s, while orders change their status", (_way, read) => {
  test("gives one that went back to a status whose list was read", async () => {
    const orders = moving({ 1: "submitted", 2: "processing" }, [{}, { 2: "submitted" }]);
    expect(sorted(await read(orders, { status: ["submitted", "processing"] }))).toEqual(["1", "2"]);
  });

  test("gives one that went on, though the later status is named first", async () => {
    const orders = moving({ 1: "submitted", 2: "processing" }, [{}, { 1: "processing" }]);
    expect(sorted(await read(orders, { status: ["processing", "submitted"] }))).toEqual(["1", "2"]);
  });

  test("loses none that moves once, whatever the order and the pages", async () => {
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 6 }),
      fc.shuffledSubarray([...STATUSES], { minLength: 5 }),
      fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...STATUSES)), { maxLength: 4 }),
      fc.nat(14),
      fc.integer({ min: 1, max: 5 }),
      async (first, status, moves, start, limit) => {
        const statuses = Object.fromEntries(first.map((each, id) => [id, each]));
        const taken = new Set<number>();
        const all: Record<string, string>[] = Array.from({ length: start }, () => ({}));
        for (const [id, to] of moves) {
          if (taken.has(id) || id >= first.length) continue;
          taken.add(id);
          all.push({ [id]: to });
        }
        const outcome = await read(moving(statuses, all, limit), { status }).catch((error: unknown) => error);
        if (outcome instanceof IncompleteListError || outcome instanceof DetailsError) return;
        if (!Array.isArray(outcome)) throw outcome;
        expect([...new Set(sorted(outcome))]).toEqual(Object.keys(statuses).sort());
      },
    );
    await fc.assert(property, numRuns(40));
  });
});

describe("orders.list({ status: [...] }), while orders do not stop changing their status", () => {
  test("ends with an error", async () => {
    let next = 3;
    const { imcloud } = apiOf(
      (request) => {
        const status = new URL(request.url).searchParams.get("status");
        const data = [{ id: "1", status }, ...(status === "processing" ? [{ id: String(next++), status }] : [])];
        return json({ data, pagination: { total: data.length } });
      },
      { rateLimit: false },
    );
    expect(await failureOf(imcloud.orders.list({ status: ["submitted", "processing"] }).toArray())).toMatchObject({
      name: "IncompleteListError",
      message: expect.stringContaining("Rows do not stop moving between its lists."),
    });
  });

  test("takes those for arrivals that come in front of all others", async () => {
    let next = 3;
    const { imcloud, calls } = apiOf(
      (request) => {
        const status = new URL(request.url).searchParams.get("status");
        const data = [...(status === "submitted" ? [{ id: String(next++), status }] : []), { id: "1", status }];
        return json({ data, pagination: { total: data.length } });
      },
      { rateLimit: false },
    );
    expect(await imcloud.orders.list({ status: ["submitted", "processing"] }).toArray()).toHaveLength(3);
    expect(calls).toHaveLength(4);
  });
});
