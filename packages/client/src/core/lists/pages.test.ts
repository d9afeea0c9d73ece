import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apiOf, json } from "../../testing.ts";
import { numRuns } from "../../testing-runs.ts";

interface Row {
  id: string;
}

const rowsUpTo = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ id: String(count - index) }));

/** A client of an API with one list, newest first, and the pages that were asked for. */
function clientOf(pageOf: (offset: number, limit: number, calls: number) => { data?: Row[]; total?: number }) {
  const asked: { offset: number; limit: number }[] = [];
  const { imcloud } = apiOf(
    ({ url }) => {
      const { searchParams } = new URL(url);
      const offset = Number(searchParams.get("offset") ?? 0);
      const limit = Number(searchParams.get("limit") ?? 10);
      asked.push({ offset, limit });
      const { data, total } = pageOf(offset, limit, asked.length);
      return json({ data, pagination: { offset, limit, total } });
    },
    { rateLimit: false },
  );
  return { imcloud, asked };
}

/** An API that has these rows and gives at most `most` of them at a time. */
const serving = (rows: Row[], most = 500) =>
  clientOf((offset, limit) => ({ data: rows.slice(offset, offset + Math.min(limit, most)), total: rows.length }));

const ids = async (rows: AsyncIterable<{ id?: string }>) => (await Array.fromAsync(rows)).map(({ id }) => String(id));

describe("await list", () => {
  /** What React checks of an object that a server component hands to a client component. */
  const isPlainToReact = (value: object) => {
    const parent = Object.getPrototypeOf(value);
    return parent === Object.prototype || (parent !== null && Object.getPrototypeOf(parent) === null);
  };

  test("is plain data to what copies, compares, prints or sends it, and has next() all the same", async () => {
    const { imcloud } = serving(rowsUpTo(3));
    const page = await imcloud.customers.list({ limit: 2 });
    const data = { data: [{ id: "3" }, { id: "2" }], pagination: { offset: 0, limit: 2, total: 3 } };
    expect(Reflect.ownKeys(page)).toEqual(["data", "pagination"]);
    expect(structuredClone(page)).toStrictEqual(data);
    expect(JSON.parse(JSON.stringify(page))).toStrictEqual(data);
    expect({ ...page }).toStrictEqual(data);
    expect(inspect(page)).toBe(inspect(data));
    expect(`${page} ${"data" in page}`).toBe("[object Object] true");
    expect(isPlainToReact(page)).toBe(true);
    expect((await page.next())?.data).toEqual([{ id: "1" }]);
  });

  test("keeps next() where the server has a field of that name", async () => {
    const { imcloud } = apiOf(() => json({ data: [], pagination: { total: 0 }, next: "/customers?offset=10" }));
    expect(await (await imcloud.customers.list()).next()).toBeUndefined();
  });
});

describe("list", () => {
  test("awaited, a list is one page of the API's own size, and next() gives the page after it", async () => {
    const { imcloud, asked } = serving(rowsUpTo(25));
    const first = await imcloud.customers.list();
    expect(first.data).toHaveLength(10);
    expect(first.pagination.total).toBe(25);
    const second = await first.next();
    const third = await second?.next();
    expect(third?.data.map(({ id }) => id)).toEqual(["5", "4", "3", "2", "1"]);
    expect(await third?.next()).toBeUndefined();
    expect(asked.map(({ offset }) => offset)).toEqual([0, 10, 20]);
  });

  test("nothing is sent for a list that nobody waits for, and one that is waited for twice is sent once", async () => {
    const { imcloud, asked } = serving(rowsUpTo(3));
    const list = imcloud.customers.list();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(asked).toHaveLength(0);
    expect(await list).toBe((await list.withResponse()).data);
    expect(asked).toHaveLength(1);
  });

  test.each([
    // Where a page has a single row, each is followed by a look whether the one before it stands where it stood.
    [1, 81],
    [3, 20],
    [7, 7],
    [500, 1],
  ])("a loop gives every row once from a server that gives %i rows at a time", async (most, calls) => {
    const rows = rowsUpTo(40);
    const { imcloud, asked } = serving(rows, most);
    expect(await ids(imcloud.customers.list())).toEqual(rows.map(({ id }) => id));
    expect(asked).toHaveLength(calls);
    expect(asked[0]).toEqual({ offset: 0, limit: 500 });
  });

  test.each([1, 4, 5, 10])("no old row is lost or doubled while %i rows arrive before each page", async (arriving) => {
    const old = rowsUpTo(23).map(({ id }) => id);
    const { imcloud } = clientOf((offset, limit, calls) => {
      // Ten pages of arrivals, then peace.
      const rows = rowsUpTo(23 + arriving * Math.min(calls - 1, 10));
      return { data: rows.slice(offset, offset + limit), total: rows.length };
    });
    const seen = await ids(imcloud.customers.list({ limit: 5 }));
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen.filter((id) => old.includes(id))).toEqual(old);
  });

  test("a server that ignores offset and limit ends the loop", async () => {
    for (const total of [8, undefined]) {
      const rows = rowsUpTo(8);
      const { imcloud, asked } = clientOf(() => ({ data: rows, ...(total !== undefined && { total }) }));
      expect(await ids(imcloud.reports.list())).toHaveLength(8);
      expect(asked.length).toBeLessThanOrEqual(3);
    }
  });

  test("a loop that is left fetches no further page", async () => {
    const { imcloud, asked } = serving(rowsUpTo(40), 10);
    for await (const { id } of imcloud.customers.list()) if (id === "35") break;
    expect(asked).toHaveLength(1);
  });

  test("an empty list has no rows", async () => {
    expect(await ids(serving([]).imcloud.customers.list())).toEqual([]);
  });

  test("a loop keeps its filters, offset and limit", async () => {
    const { imcloud, asked } = serving(rowsUpTo(12));
    expect(await ids(imcloud.customers.list({ offset: 4, limit: 5 }))).toHaveLength(8);
    expect(asked).toEqual([
      { offset: 4, limit: 5 },
      // With the last row of the page before it.
      { offset: 8, limit: 6 },
    ]);
  });

  test("every old row comes once and in order, from any server and with any rows arriving", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(60),
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        // How many rows arrive before each page; after these, none.
        fc.array(fc.nat(12), { maxLength: 12 }),
        // Whether the server tells a total, and respects the offset.
        fc.boolean(),
        fc.boolean(),
        async (count, most, limit, arrivals, hasTotal, heedsOffset) => {
          const old = rowsUpTo(count).map(({ id }) => id);
          let arrived = 0;
          const { imcloud, asked } = clientOf((offset, size, calls) => {
            arrived += calls > 1 ? (arrivals[calls - 2] ?? 0) : 0;
            const rows = rowsUpTo(count + arrived);
            if (!heedsOffset) return { data: rows, ...(hasTotal && { total: rows.length }) };
            const data = rows.slice(offset, offset + Math.min(size, most));
            return { data, ...(hasTotal && { total: rows.length }) };
          });
          const seen = await ids(imcloud.customers.list(limit === undefined ? {} : { limit }));
          expect(seen).toEqual([...new Set(seen)]);
          expect(seen.filter((id) => old.includes(id))).toEqual(old);
          // It ends, and soon after there is nothing new.
          expect(asked.length).toBeLessThanOrEqual(arrivals.length + 3 * (count + arrived) + 6);
        },
      ),
      {
        ...numRuns(200),
        // Rows arrive so that pages show only rows that came before, and then an empty page is the last.
        examples: [
          [1, 9, undefined, [1, 9, 0, 6, 12, 0, 9], false, true],
          [5, 8, undefined, [0, 1, 8, 4, 0, 4, 4], false, true],
          [1, 11, undefined, [9, 11, 0, 0, 2, 9], false, true],
        ],
      },
    );
  });
});
