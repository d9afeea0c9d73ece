import { describe, expect, test } from "vitest";
import { IncompleteListError } from "../../index.ts";
import { apiOf, failureOf, json } from "../../testing.ts";

const rows = Array.from({ length: 25 }, (_, index) => ({ id: String(index), name: `Customer ${index}` }));

/** A list of 25 rows, 10 at a time, with one page of it as it is said. */
function listOf(
  respond: (page: { data: object[]; pagination: object }, offset: number) => Response | undefined,
  all = rows,
) {
  const { imcloud, calls } = apiOf(
    (request) => {
      const offset = Number(new URL(request.url).searchParams.get("offset") ?? 0);
      const page = { data: all.slice(offset, offset + 10), pagination: { offset, limit: 10, total: all.length } };
      return respond(page, offset) ?? json(page);
    },
    { rateLimit: false, retry: false },
  );
  return { list: imcloud.customers.list(), calls };
}

const BROKEN: [name: string, respond: (page: { pagination: object }) => Response][] = [
  ["empty", ({ pagination }) => json({ data: [], pagination })],
  ["{}", () => json({})],
  ["null", () => json(null)],
  ["a 204", () => new Response(null, { status: 204 })],
  ["an error with status 200", () => json({ status: 500, message: "Internal error" })],
  ["a bare array", () => json(rows.slice(10, 20))],
  [
    "one whose rows have objects for their ids",
    ({ pagination }) => json({ data: [{ id: { toString: null } }], pagination }),
  ],
];

const nested = `${'{"more":'.repeat(20_000)}1${"}".repeat(20_000)}`;

describe("customers.list in for await", () => {
  test.each(BROKEN)("is an IncompleteListError where a page in the middle is %s", async (_what, broken) => {
    const { list } = listOf((page, offset) => (offset > 0 && offset < 20 ? broken(page) : undefined));
    const seen: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const { id } of list) seen.push(id);
      })(),
    );
    expect(error).toBeInstanceOf(IncompleteListError);
    expect(error).toMatchObject({ operation: "customers_list", offset: 10, received: 10, total: 25 });
    expect((error as Error).message).toMatch(/^customers_list stopped at offset 10 after 10 of 25 rows\. /);
    expect(seen).toHaveLength(10);
  });

  test.each([null, -1, "", 0, "many", undefined])("gives every row where the total is %j", async (total) => {
    const { list } = listOf(({ data, pagination }) => json({ data, pagination: { ...pagination, total } }));
    expect(await Array.fromAsync(list, ({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test("gives rows that are nested deeper than JSON can be written", async () => {
    const { list } = listOf((page, offset) =>
      offset === 9 ? new Response(JSON.stringify(page).replace('"Customer 12"', nested)) : undefined,
    );
    expect(await Array.fromAsync(list, ({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test.each([
    { limit: null },
    { offset: null },
    { limit: 1.5 },
    { limit: 0 },
    { limit: -1 },
    { offset: -1 },
    { offset: 2 ** 31 },
  ])("refuses %j before anything is sent", async (query) => {
    const { imcloud, calls } = apiOf(() => json({ data: [], pagination: { total: 0 } }));
    const list = () => imcloud.customers.list(query as never);
    for (const way of [list().toArray(), Array.fromAsync(list()), Array.fromAsync(list().pages()), list()]) {
      expect(await failureOf(way as Promise<unknown>)).toMatchObject({
        name: "TypeError",
        message: expect.stringMatching(/^customers_list: (limit|offset) must be a /),
      });
    }
    expect(calls).toEqual([]);
  });

  test("is an IncompleteListError where the loop changes what it reads, so that rows leave the list", async () => {
    const open = [...rows];
    const { list } = listOf(() => undefined, open);
    const work = async () => {
      for await (const { id } of list)
        open.splice(
          open.findIndex((row) => row.id === id),
          1,
        );
    };
    await expect(work()).rejects.toThrow("It had 25 rows, and now has 15: rows left it");
  });

  test.each<[string, (index: number) => unknown]>([
    ["equal", () => "1"],
    ["missing", () => undefined],
    ["rounded", (index) => 2 ** 53 + index],
  ])("gives every row where ids are %s", async (_what, idOf) => {
    const all = rows.map(({ name }, index) => ({ id: idOf(index), name }));
    const { list } = listOf(() => undefined, all as typeof rows);
    expect(await Array.fromAsync(list, ({ name }) => name)).toEqual(rows.map(({ name }) => name));
  });

  test("is an IncompleteListError where rows cannot be told apart by anything", async () => {
    const { list } = listOf(
      () => undefined,
      rows.map(() => ({ id: "1", name: "same" })),
    );
    await expect(Array.fromAsync(list)).rejects.toThrow("Its rows cannot be told apart");
  });

  test("is an IncompleteListError at a server that ignores offset and gives a part", async () => {
    const { list } = listOf(() => json({ data: rows.slice(0, 10), pagination: { offset: 0, limit: 10, total: 25 } }));
    await expect(Array.fromAsync(list)).rejects.toThrow("The same page came again.");
  });
});

describe("customers.list at a server that ignores offset and tells no total", () => {
  /** @param sizeOf rows that it gives for a limit */
  const listWith = (count: number, sizeOf: (limit: number) => number, query = {}) => {
    const all = Array.from({ length: count }, (_, n) => ({ id: `${n}` }));
    const respond = (request: Request) =>
      json({ data: all.slice(0, sizeOf(Number(new URL(request.url).searchParams.get("limit")))), pagination: {} });
    return apiOf(respond, { rateLimit: false, retry: false }).imcloud.customers.list(query);
  };

  test.each([
    ["respects a limit of 1", 30, (limit: number) => limit, { limit: 1 }],
    ["gives no fewer than 10", 300, (limit: number) => Math.min(100, Math.max(10, limit)), {}],
    ["gives no fewer than 10 where 5 are asked for", 30, (limit: number) => Math.max(10, limit), { limit: 5 }],
  ])("is an IncompleteListError where it %s", async (_how, count, sizeOf, query) => {
    await expect(listWith(count, sizeOf, query).toArray()).rejects.toBeInstanceOf(IncompleteListError);
  });

  test.each([1, 2, 30])("is whole where it ignores the limit too, with %i rows", async (count) => {
    for (const query of [{}, { limit: 1 }, { limit: 10 }])
      expect(await listWith(count, () => count, query).toArray()).toHaveLength(count);
  });
});

describe("await customers.list", () => {
  test.each(BROKEN.slice(1))("is an IncompleteListError where the page is %s", async (_what, broken) => {
    const { list } = listOf(broken);
    await expect(list).rejects.toBeInstanceOf(IncompleteListError);
  });

  test("has a next() that is an IncompleteListError where the list ends early, or shrinks", async () => {
    const { list } = listOf(({ pagination }, offset) => (offset === 10 ? json({ data: [], pagination }) : undefined));
    const early = await list;
    await expect(early.next()).rejects.toThrow("the page was empty");
    const open = [...rows];
    const page = await listOf(() => undefined, open).list;
    open.splice(0, 3);
    await expect(page.next()).rejects.toThrow("It had 25 rows, and now has 22");
  });
});

describe("customers.list().toArray", () => {
  test("collects every row", async () => {
    expect(await listOf(() => undefined).list.toArray()).toEqual(rows);
    expect(await listOf(() => undefined).list.toArray({ max: 25 })).toEqual(rows);
  });

  test("fails at once where there are more rows than max", async () => {
    const { list, calls } = listOf(() => undefined);
    await expect(list.toArray({ max: 24 })).rejects.toThrow("It has more rows than the 24 of toArray({ max }).");
    expect(calls).toHaveLength(1);
  });

  test.each([0, -1, 1.5, "10", Number.NaN])("refuses %j as max", async (max) => {
    const { list, calls } = listOf(() => undefined);
    await expect(list.toArray({ max: max as number })).rejects.toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(0);
  });
});
