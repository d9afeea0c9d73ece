import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createClient, GatewayError, IncompleteListError } from "../../index.ts";
import { json } from "../../testing.ts";
import { PAGE_FAULTS as FAULTS, type PageBody } from "../../testing-faults.ts";
import { numRuns } from "../../testing-runs.ts";

interface Row {
  id?: unknown;
  name: string;
}

const TOTALS: [name: string, totalOf: (count: number, page: number) => unknown][] = [
  ["right", (count) => count],
  ["right, as text", String],
  ["null", () => null],
  ["left out", () => undefined],
  ["-1", () => -1],
  ["empty text", () => ""],
  ["0", () => 0],
  ["text", () => "many"],
  ["NaN", (count) => `${count} rows`],
  ["half a row more", (count) => count + 0.5],
  ["false", () => false],
  ["too large", (count) => count * 2 + 1],
  ["shrinking", (count, page) => count + 50 - page],
  ["growing", (count, page) => count + page],
];

const IDS: [name: string, idOf: (index: number) => unknown][] = [
  ["text", String],
  ["numbers", (index) => index],
  ["all equal", () => "1"],
  ["missing", () => undefined],
  ["null", () => null],
  ["rounded", (index) => 2 ** 53 + index],
  ["equal in pairs", (index) => String(index >> 1)],
];

interface Server {
  rows: Row[];
  most: number;
  totalOf: (count: number, page: number) => unknown;
  respond?: (page: PageBody, calls: number) => Response | undefined;
  change?: (rows: Row[], calls: number) => void;
  ignores?: "offset" | "offset and limit" | undefined;
}

function listOf({ rows, most, totalOf, respond, change, ignores }: Server) {
  let calls = 0;
  const imcloud = createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "password" },
    rateLimit: false,
    retry: false,
    async fetch(request) {
      const url = new URL(request.url);
      if (url.pathname === "/token") return json({ token: "t", expiresInSeconds: 600 });
      calls += 1;
      if (calls > 500) throw new Error("It never ends.");
      change?.(rows, calls);
      const offset = ignores ? 0 : Number(url.searchParams.get("offset") ?? 0);
      const limit =
        ignores === "offset and limit" ? Infinity : Math.min(most, Number(url.searchParams.get("limit") ?? 10));
      const data = rows.slice(offset, offset + limit);
      const page = { data, pagination: { offset, limit, total: totalOf(rows.length, calls) } };
      return respond?.(page, calls) ?? json(page);
    },
  });
  return imcloud.customers;
}

/** The names of what a loop gives, and what it ends with. */
async function readAll(rows: AsyncIterable<{ name: string }>, work: (name: string) => void = () => {}) {
  const names: string[] = [];
  try {
    for await (const { name } of rows) {
      names.push(name);
      work(name);
    }
  } catch (error) {
    expect(error instanceof IncompleteListError || error instanceof GatewayError, String(error)).toBe(true);
    return { names, error };
  }
  return { names, error: undefined };
}

const servers = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  most: fc.integer({ min: 1, max: 15 }),
  limit: fc.option(fc.integer({ min: 1, max: 15 }), { nil: undefined }),
  totals: fc.constantFrom(...TOTALS),
  ids: fc.constantFrom(...IDS),
});

const rowsOf = (count: number, idOf: (index: number) => unknown): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: idOf(index), name: `row ${index}` }));

describe("for await over a list", () => {
  test("gives every row, in order, or an error, whatever totals and ids are", async () => {
    await fc.assert(
      fc.asyncProperty(servers, async ({ count, most, limit, totals: [, totalOf], ids: [, idOf] }) => {
        const rows = rowsOf(count, idOf);
        const { names, error } = await readAll(
          listOf({ rows, most, totalOf }).list(limit === undefined ? {} : { limit }),
        );
        const all = rows.map(({ name }) => name);
        expect(names).toEqual(error ? all.slice(0, names.length) : all);
      }),
      numRuns(100),
    );
  });

  test("gives every row from a server whose totals are right or say nothing", async () => {
    const harmless = TOTALS.filter(([name]) => !["too large", "shrinking", "growing"].includes(name));
    await fc.assert(
      fc.asyncProperty(
        servers,
        fc.constantFrom(...harmless),
        async ({ count, most, limit, ids: [, idOf] }, [, totalOf]) => {
          const rows = rowsOf(count, idOf);
          const { names, error } = await readAll(
            listOf({ rows, most, totalOf }).list(limit === undefined ? {} : { limit }),
          );
          expect(error).toBeUndefined();
          expect(names).toEqual(rows.map(({ name }) => name));
        },
      ),
      numRuns(100),
    );
  });

  test("gives no row less without an error when a page in the middle is broken", async () => {
    await fc.assert(
      fc.asyncProperty(
        servers,
        fc.constantFrom(...FAULTS),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        async ({ count, most, limit }, [, fault], from, staysBroken) => {
          const rows = rowsOf(count, String);
          const respond = (page: PageBody, calls: number) =>
            calls === from || (staysBroken && calls > from) ? fault(page) : undefined;
          const { names, error } = await readAll(
            listOf({ rows, most, totalOf: (all) => all, respond }).list(limit === undefined ? {} : { limit }),
          );
          const all = rows.map(({ name }) => name);
          // A first page that is wrong without contradiction cannot be told from the page of a shorter list.
          if (from === 1 && !error) return;
          expect(names).toEqual(error ? all.slice(0, names.length) : all);
        },
      ),
      numRuns(150),
    );
  });

  test("gives no row less without an error when the loop changes what it reads, so that rows leave the list", async () => {
    await fc.assert(
      fc.asyncProperty(servers, fc.nat(4), async ({ count, most, limit }, keepsEach) => {
        const rows = rowsOf(count, String);
        const all = rows.map(({ name }) => name);
        const list = listOf({ rows, most, totalOf: (now) => now }).list(limit === undefined ? {} : { limit });
        const { names, error } = await readAll(list, (name) => {
          const at = rows.findIndex((row) => row.name === name);
          if (keepsEach === 0 || at % keepsEach === 0) rows.splice(at, 1);
        });
        if (!error) expect(names).toEqual(all);
      }),
      numRuns(80),
    );
  });

  test("ends with every row, or an error, at a server that ignores offset", async () => {
    await fc.assert(
      fc.asyncProperty(
        servers,
        fc.constantFrom("offset" as const, "offset and limit" as const),
        async ({ count, most, totals: [, totalOf] }, ignores) => {
          const rows = rowsOf(count, String);
          // A list of one row and a server that gives one row at a time look the same.
          const { names, error } = await readAll(listOf({ rows, most: most + 1, totalOf, ignores }).list());
          if (!error) expect(names).toEqual(rows.map(({ name }) => name));
        },
      ),
      numRuns(80),
    );
  });
});

describe("toArray", () => {
  test("collects every row or throws, whatever the server does", async () => {
    await fc.assert(
      fc.asyncProperty(
        servers,
        fc.constantFrom(...FAULTS),
        fc.nat(8),
        async ({ count, most, limit }, [, fault], at) => {
          const rows = rowsOf(count, String);
          const list = listOf({
            rows,
            most,
            totalOf: (all) => all,
            respond: (page, calls) => (calls === at ? fault(page) : undefined),
          });
          const all = await list
            .list(limit === undefined ? {} : { limit })
            .toArray()
            .catch((error: unknown) => error);
          if (at === 1) return;
          if (Array.isArray(all)) expect(all).toHaveLength(count);
          else expect(all instanceof IncompleteListError || all instanceof GatewayError, String(all)).toBe(true);
        },
      ),
      numRuns(80),
    );
  });
});
