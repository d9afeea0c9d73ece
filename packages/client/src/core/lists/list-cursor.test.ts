import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distinctRows, IncompleteListError, type ListCursor, type ListPage, type PagePromise } from "../../index.ts";
import { apiOf, failureOf, json } from "../../testing.ts";
import { numRuns } from "../../testing-runs.ts";

const rowsUpTo = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(count - index) }));

/** A client of an API whose lists are what `pageOf` gives. */
function clientOf(pageOf: (offset: number, limit: number, query: URLSearchParams, calls: number) => object) {
  return apiOf(
    (request, count) => {
      const query = new URL(request.url).searchParams;
      return json(pageOf(Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 10), query, count));
    },
    { rateLimit: false },
  );
}

const serving = (total: number) =>
  clientOf((offset, limit) => ({ data: rowsUpTo(total).slice(offset, offset + limit), pagination: { total } }));

/** Every page of a list, each asked for by a loop of its own, with a cursor that was kept as text. */
async function pageByPage<T>(list: () => PagePromise<T>, most = 100): Promise<ListPage<T>[]> {
  const pages: ListPage<T>[] = [];
  let after: ListCursor | undefined;
  do {
    const { value } = await list().pages({ after }).next();
    if (!value) throw new Error("A cursor led to no page.");
    pages.push(value);
    after = value.cursor && JSON.parse(JSON.stringify(value.cursor));
  } while (after && pages.length < most);
  return pages;
}

const ids = (pages: ListPage<{ id?: string }>[]) => pages.map(({ data }) => data.map(({ id }) => id).join(" "));

describe("list.pages", () => {
  test("gives the rows page by page, with the total, and no cursor after the last", async () => {
    const { imcloud, calls } = serving(5);
    const pages = await Array.fromAsync(imcloud.customers.list({ limit: 2 }).pages());
    expect(ids(pages)).toEqual(["5 4", "3 2", "1"]);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
    expect(pages.at(-1)?.cursor).toBeUndefined();
    expect(calls).toHaveLength(3);
  });

  test("goes on after a cursor that was kept as text, with a call for each page", async () => {
    const { imcloud, calls } = serving(5);
    expect(ids(await pageByPage(() => imcloud.customers.list({ limit: 2 })))).toEqual(["5 4", "3 2", "1"]);
    expect(calls).toHaveLength(3);
  });

  test("begins at the query's own offset", async () => {
    const { imcloud } = serving(5);
    expect(ids(await pageByPage(() => imcloud.customers.list({ limit: 2, offset: 2 })))).toEqual(["3 2", "1"]);
  });

  test("ends with an empty page where the API tells no total", async () => {
    const { imcloud } = clientOf((offset, limit) => ({ data: rowsUpTo(4).slice(offset, offset + limit) }));
    const pages = await pageByPage(() => imcloud.customers.list({ limit: 2 }));
    expect(ids(pages)).toEqual(["4 3", "2 1", ""]);
    expect(pages.map(({ total }) => total)).toEqual([undefined, undefined, undefined]);
  });

  test("ends after the one page of a server that ignores offset and limit", async () => {
    const { imcloud } = clientOf(() => ({ data: rowsUpTo(3) }));
    expect(ids(await pageByPage(() => imcloud.reports.list({ limit: 3 })))).toEqual(["3 2 1", ""]);
  });

  test("fails where the same page comes again although there are more rows", async () => {
    const { imcloud } = clientOf((_offset, limit) => ({ data: rowsUpTo(9).slice(0, limit), pagination: { total: 9 } }));
    const failure = await failureOf(pageByPage(() => imcloud.customers.list({ limit: 3 })));
    expect(failure).toBeInstanceOf(IncompleteListError);
    expect(String(failure)).toContain("The same page came again");
  });

  test("fails where rows left the list between two pages that were asked for apart", async () => {
    const { imcloud } = clientOf((offset, limit, _query, calls) => {
      const rows = rowsUpTo(calls > 1 ? 6 : 7);
      return { data: rows.slice(offset, offset + limit), pagination: { total: rows.length } };
    });
    expect(String(await failureOf(pageByPage(() => imcloud.customers.list({ limit: 3 }))))).toContain(
      "It had 7 rows, and now has 6",
    );
  });

  test("reads several lists one after the other, each from its beginning", async () => {
    const { imcloud } = clientOf((offset, limit, query) => {
      const rows = rowsUpTo(3).map(({ id }) => ({ id: `${query.get("status")}${id}` }));
      return { data: rows.slice(offset, offset + limit), pagination: { total: rows.length } };
    });
    const list = () => imcloud.orders.list({ status: ["submitted", "error"], limit: 2 });
    const expected = ["submitted3 submitted2", "submitted1", "error3 error2", "error1"];
    expect(ids(await pageByPage(list))).toEqual(expected);
    expect(ids(await Array.fromAsync(list().pages()))).toEqual(expected);
  });

  test("refuses what is no cursor", async () => {
    const { imcloud, calls } = serving(5);
    for (const after of [3, null, {}, { offset: -1, received: 0 }, { offset: 0.5, received: 0 }]) {
      const list = imcloud.customers.list();
      expect(() => list.pages({ after: after as ListCursor })).toThrow(/after must be the cursor of a page/);
    }
    expect(calls).toHaveLength(0);
  });

  test("loses no old row, whatever rows arrive between the pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(6), { maxLength: 8 }),
        async (count, limit, arrivals) => {
          let arrived = 0;
          const { imcloud } = clientOf((offset, size, _query, calls) => {
            arrived += calls > 1 ? (arrivals[calls - 2] ?? 0) : 0;
            const rows = rowsUpTo(count + arrived);
            return { data: rows.slice(offset, offset + size), pagination: { total: rows.length } };
          });
          const pages = await pageByPage(() => imcloud.customers.list({ limit }));
          const seen = distinctRows(pages.flatMap(({ data }) => data)).map(({ id }) => id);
          expect(seen).toEqual([...new Set(seen)]);
          const old = rowsUpTo(count).map(({ id }) => id);
          expect(seen.filter((id) => old.includes(id))).toEqual(old);
        },
      ),
      numRuns(100),
    );
  });
});

describe("distinctRows", () => {
  test("takes out rows that came twice, and keeps two things with one id and rows without", () => {
    const rows = [
      { id: "1", name: "Lindmark Timber" },
      { id: "1", name: "Lindmark Timber" },
      { id: "1", name: "Brightwater Dental Group" },
      { name: "no id" },
      { name: "no id" },
    ];
    expect(distinctRows(rows)).toEqual([rows[0], rows[2], rows[3], rows[4]]);
  });
});
