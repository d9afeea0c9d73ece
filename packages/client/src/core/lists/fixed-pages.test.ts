import { describe, expect, test, vi } from "vitest";
import { IncompleteListError, type ListCursor, type ListProgress } from "../../index.ts";
import { apiOf, applicationError, failureOf, json } from "../../testing.ts";

type Row = { id: string };

/** What a user's `fetch` may be, as far as types go: one that is exhausted gives nothing. */
type Respond = (url: URL, call: number) => Response | undefined;

/** A client as in a user's own test: with the retries of the defaults. */
function clientOf(respond: Respond) {
  const asked: string[] = [];
  const { imcloud } = apiOf(
    ({ url }) => {
      asked.push(new URL(url).search);
      return respond(new URL(url), asked.length - 1) as Response;
    },
    { rateLimit: false },
  );
  return { imcloud, asked };
}

const rowsOf = (count: number, prefix = ""): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}` }));

/** Rows, cut into pages of some size by their offsets. */
function pagesOf(rows: Row[], size: number): Map<number, object> {
  const pages = new Map<number, object>();
  for (let offset = 0; offset < rows.length; offset += size) {
    const pagination = { offset, limit: size, total: rows.length };
    pages.set(offset, { data: rows.slice(offset, offset + size), pagination });
  }
  return pages;
}

/** What comes after the last page of a sequence. */
const ENDS: [name: string, end: () => Response | undefined][] = [
  ["undefined", () => undefined],
  ["a body of undefined", () => json(undefined)],
  ["an empty page", () => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } })],
  ["a 404", () => json(applicationError("No page.", 404), { status: 404 })],
  [
    "an error that it throws",
    () => {
      throw new Error("No more pages.");
    },
  ],
];

function sequenceOf(rows: Row[], size: number, end = ENDS[0]?.[1]) {
  const pages = [...pagesOf(rows, size).values()];
  return clientOf((_url, call) => (pages[call] ? json(pages[call]) : end?.()));
}

/** What is at an offset for which there is no page. */
const GAPS: [name: string, gap: () => Response][] = [
  ["an empty page", () => json({ data: [], pagination: { total: 0 } })],
  ["a 404", () => json(applicationError("No page.", 404), { status: 404 })],
  ["a 400", () => json(applicationError("No such offset.", 400), { status: 400 })],
  ["a body of undefined", () => json(undefined)],
  ["{}", () => json({})],
  ["null", () => json(null)],
];

const offsetOf = (url: URL) => Number(url.searchParams.get("offset") ?? 0);

function mapOf(rows: Row[], size: number, gap = () => json({})) {
  const pages = pagesOf(rows, size);
  return clientOf((url) => {
    const page = pages.get(offsetOf(url));
    return page ? json(page) : gap();
  });
}

const SIZES: [count: number, size: number, query: { limit?: number }][] = [
  [5, 2, {}],
  [5, 2, { limit: 2 }],
  [6, 2, {}],
  [6, 2, { limit: 2 }],
  [3, 1, { limit: 1 }],
  [501, 500, {}],
  [1_000, 500, {}],
];

describe("list where a fetch gives pages in a fixed sequence", () => {
  describe.each(SIZES)("of %i rows, %i a page, asked for with %j", (count, size, query) => {
    test.each(ENDS)("gives every row where %s comes after the last", async (_name, end) => {
      const rows = rowsOf(count);
      expect(await sequenceOf(rows, size, end).imcloud.customers.list(query).toArray()).toEqual(rows);
      expect(await Array.fromAsync(sequenceOf(rows, size, end).imcloud.customers.list(query))).toEqual(rows);
    });
  });

  test("asks for nothing after a last page that is shorter than the others", async () => {
    const { imcloud, asked } = sequenceOf(rowsOf(5), 2);
    await imcloud.customers.list().toArray();
    expect(asked).toHaveLength(3);
  });

  test("tells its progress", async () => {
    const told: ListProgress[] = [];
    const list = sequenceOf(rowsOf(5), 2)
      .imcloud.customers.list()
      .withProgress((progress) => told.push(progress));
    expect(await Array.fromAsync(list)).toEqual(rowsOf(5));
    expect(told.map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4, 5].map((done) => [done, 5]));
  });

  test("gives every row where each page is read by a loop of its own", async () => {
    const { imcloud } = sequenceOf(rowsOf(5), 2);
    const given: unknown[] = [];
    let after: ListCursor | undefined;
    do {
      const { value } = await imcloud.customers.list().pages({ after }).next();
      given.push(...(value?.data ?? []));
      after = value?.cursor;
    } while (after);
    expect(given).toEqual(rowsOf(5));
  });

  test("gives every row of several statuses, each of which has its own sequence", async () => {
    const rows = { active: rowsOf(5, "a"), hold: rowsOf(3, "h") };
    // Each list is looked through twice.
    const queues = new Map(
      Object.entries(rows).map(([status, all]) => {
        const pages = [...pagesOf(all, 2).values()];
        return [status, [...pages, ...pages]];
      }),
    );
    const { imcloud } = clientOf((url) => json(queues.get(url.searchParams.get("status") ?? "")?.shift()));
    const list = imcloud.subscriptions.list({ status: ["active", "hold"] });
    expect(await list.toArray()).toEqual([...rows.active, ...rows.hold]);
  });

  test.each([
    ["empty", { data: [], pagination: { total: 6 } }],
    ["{}", {}],
    ["null", null],
    ["an error with status 200", { status: 500, message: "Internal error" }],
    ["a bare array", rowsOf(2)],
  ])("is an IncompleteListError where a page in the middle is %s", async (_name, broken) => {
    const [first, , third] = [...pagesOf(rowsOf(6), 2).values()];
    for (const pages of [
      [first, broken],
      [first, broken, third],
      [first, broken, third, third],
    ]) {
      const { imcloud } = clientOf((_url, call) => json(pages[call]));
      expect(await failureOf(imcloud.customers.list().toArray())).toBeInstanceOf(IncompleteListError);
    }
  });

  test("is an IncompleteListError where fewer rows come than the total says", async () => {
    const pages = [...pagesOf(rowsOf(6), 2).values()];
    const { imcloud } = clientOf((_url, call) => json(pages[[0, 2][call] as number]));
    expect(await failureOf(imcloud.customers.list().toArray())).toBeInstanceOf(IncompleteListError);
  });

  test("rejects with the reason of a signal that is aborted while it asks whether more rows come", async () => {
    const controller = new AbortController();
    const pages = [...pagesOf(rowsOf(4), 2).values()];
    const { imcloud } = clientOf((_url, call) => {
      if (call === 2) controller.abort(new Error("The user left."));
      return json(pages[call]);
    });
    const list = imcloud.customers.list({}, { signal: controller.signal });
    await expect(list.toArray()).rejects.toThrow("The user left.");
  });
});

describe("list where a fetch has a page for each exact offset", () => {
  // A page of one row makes the client ask whether the server respects offsets far beyond the list.
  describe.each(SIZES.filter(([, size]) => size > 1))(
    "of %i rows, %i a page, asked for with %j",
    (count, size, query) => {
      test.each(GAPS)("gives every row where %s is at each other offset", async (_name, gap) => {
        const rows = rowsOf(count);
        const list = () => mapOf(rows, size, gap).imcloud.customers.list(query);
        expect(await list().toArray()).toEqual(rows);
        expect(await Array.fromAsync(list().withProgress(vi.fn()))).toEqual(rows);
      });
    },
  );

  test("gives every row of several statuses", async () => {
    const rows = { active: rowsOf(5, "a"), hold: rowsOf(3, "h") };
    const { imcloud } = clientOf((url) => {
      const all = url.searchParams.get("status") === "hold" ? rows.hold : rows.active;
      return json(pagesOf(all, 2).get(offsetOf(url)) ?? {});
    });
    const list = imcloud.subscriptions.list({ status: ["active", "hold"] });
    expect(await list.toArray()).toEqual([...rows.active, ...rows.hold]);
  });

  test("is an IncompleteListError where the page of an exact offset is missing", async () => {
    for (const [, gap] of GAPS.slice(3)) {
      const pages = pagesOf(rowsOf(5), 2);
      pages.delete(2);
      const { imcloud } = clientOf((url) => (pages.has(offsetOf(url)) ? json(pages.get(offsetOf(url))) : gap()));
      expect(await failureOf(imcloud.customers.list().toArray())).toBeInstanceOf(IncompleteListError);
    }
  });
});

describe("list at a server", () => {
  test.each(GAPS.slice(3))("is an IncompleteListError where one page is once %s", async (_name, gap) => {
    const rows = rowsOf(25);
    const { imcloud } = clientOf((url, call) => {
      const data = rows.slice(offsetOf(url), offsetOf(url) + 10);
      return call === 1 ? gap() : json({ data, pagination: { total: rows.length } });
    });
    expect(await failureOf(imcloud.customers.list().toArray())).toMatchObject({
      name: "IncompleteListError",
      offset: 10,
      received: 10,
    });
  });

  test.each([2, 3, 4])("is an IncompleteListError where rows moved up before each page of %i", async (most) => {
    for (let count = most + 1; count <= 4 * most; count++) {
      const rows = rowsOf(count);
      let joined = 0;
      const { imcloud } = clientOf((url, call) => {
        // Two leave, so that one is passed, and two join behind: the total stays.
        if (call > 0) {
          rows.splice(0, 2);
          rows.push({ id: `new ${joined++}` }, { id: `new ${joined++}` });
        }
        const data = rows.slice(offsetOf(url), offsetOf(url) + most);
        return json({ data, pagination: { total: rows.length } });
      });
      expect(await failureOf(imcloud.customers.list().toArray())).toBeInstanceOf(IncompleteListError);
    }
  });
});
