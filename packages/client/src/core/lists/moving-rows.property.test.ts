import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IncompleteListError, type ListCursor } from "../../index.ts";
import { apiOf, applicationError, json } from "../../testing.ts";
import { numRuns } from "../../testing-runs.ts";

/** How a server cuts its pages. */
interface Paging {
  /** Rows that it gives at most. */
  most: number;
  /** Whether it begins a page at a multiple of the limit. */
  isAligned: boolean;
  /** The largest limit that it does not refuse. */
  largest: number;
  hasTotal: boolean;
}

/** What happens to a list before a call: rows leave, and others join, each at a place from 0 to 1. */
interface Move {
  leave: number[];
  join: number[];
}

const name = (row: string) => ({ id: row, name: `Customer ${row}` });

/** A client of a list that moves, and the rows that were in it all the time. */
function movingList(count: number, paging: Paging, moves: readonly Move[]) {
  const rows = Array.from({ length: count }, (_, index) => `old ${index}`);
  const stayed = new Set(rows);
  let joined = 0;
  const move = ({ leave, join }: Move) => {
    for (const at of leave) for (const row of rows.splice(Math.floor(at * rows.length), 1)) stayed.delete(row);
    for (const at of join) rows.splice(Math.round(at * rows.length), 0, `new ${joined++}`);
  };
  const { imcloud, calls } = apiOf(
    (request, made) => {
      const next = made > 1 && moves[made - 2];
      if (next) move(next);
      const query = new URL(request.url).searchParams;
      const limit = Number(query.get("limit") ?? 10);
      if (limit > paging.largest) return json(applicationError("The limit is too large."), { status: 400 });
      const asked = Number(query.get("offset") ?? 0);
      const offset = paging.isAligned ? asked - (asked % limit) : asked;
      const data = rows.slice(offset, offset + Math.min(limit, paging.most)).map(name);
      return json({ data, pagination: paging.hasTotal ? { offset, limit, total: rows.length } : {} });
    },
    { rateLimit: false, retry: false },
  );
  return { imcloud, calls, stayed };
}

const LIMIT = 6;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const moved = fc.record({ leave: fc.array(place, { maxLength: 2 }), join: fc.array(place, { maxLength: 2 }) });
/** As many leave as join, so that the total stays. */
const exchanged = fc.integer({ min: 0, max: 2 }).chain((size) =>
  fc.record({
    leave: fc.array(place, { minLength: size, maxLength: size }),
    join: fc.array(fc.constant(1), { minLength: size, maxLength: size }),
  }),
);

const pagings = fc.record({
  most: fc.constantFrom(1, 2, 3, 100),
  isAligned: fc.constant(false),
  largest: fc.constantFrom(LIMIT, 1_000),
  hasTotal: fc.boolean(),
});

const loopOf = async (rows: AsyncIterable<{ id: string }>) => {
  try {
    return await Array.fromAsync(rows, ({ id }) => id);
  } catch (error) {
    expect(error).toBeInstanceOf(IncompleteListError);
    return undefined;
  }
};

describe("for await over a list", () => {
  test("gives every row that was there all the time, or an error, while others leave and join and the total stays", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        pagings,
        fc.array(exchanged, { maxLength: 8 }),
        async (count, paging, moves) => {
          const { imcloud, stayed } = movingList(count, paging, moves);
          const given = await loopOf(imcloud.customers.list({ limit: LIMIT }));
          if (!given) return;
          expect(given).toEqual([...new Set(given)]);
          expect(given.filter((id) => stayed.has(id))).toEqual([...stayed]);
        },
      ),
      numRuns(80),
    );
  });

  test("gives every row that was there all the time, or an error, wherever others leave and join", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.array(moved, { maxLength: 8 }),
        fc.constantFrom(3, 100),
        async (count, moves, most) => {
          const { imcloud, stayed } = movingList(
            count,
            { most, isAligned: false, largest: 1_000, hasTotal: true },
            moves,
          );
          const given = await loopOf(imcloud.customers.list({ limit: LIMIT }));
          if (given) expect(given.filter((id) => stayed.has(id))).toEqual([...stayed]);
        },
      ),
      numRuns(80),
    );
  });

  test("gives every row of a list that rests, however a server cuts its pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        pagings,
        fc.boolean(),
        fc.integer({ min: 1, max: LIMIT }),
        async (count, paging, isAligned, limit) => {
          // One that begins its pages at multiples and gives fewer than it is asked for skips rows by itself.
          const rests = { ...paging, isAligned, ...(isAligned && { most: 100 }) };
          const { imcloud, stayed } = movingList(count, rests, []);
          expect(await Array.fromAsync(imcloud.customers.list({ limit }), ({ id }) => id)).toEqual([...stayed]);
        },
      ),
      numRuns(80),
    );
  });
});

describe("list.pages", () => {
  test("gives every row that was there all the time, or an error, each page by a loop of its own", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.array(exchanged, { maxLength: 8 }), async (count, moves) => {
        const { imcloud, stayed } = movingList(
          count,
          { most: 100, isAligned: false, largest: 1_000, hasTotal: true },
          moves,
        );
        async function* pageByPage() {
          let after: ListCursor | undefined;
          do {
            const { value } = await imcloud.customers.list({ limit: LIMIT }).pages({ after }).next();
            yield* value?.data ?? [];
            after = value?.cursor && JSON.parse(JSON.stringify(value.cursor));
          } while (after);
        }
        const given = await loopOf(pageByPage());
        if (given) expect(given.filter((id) => stayed.has(id))).toEqual([...stayed]);
      }),
      numRuns(50),
    );
  });

  test("gives pages as large as the limit, with one call for each", async () => {
    const { imcloud, calls } = movingList(25, { most: 100, isAligned: false, largest: 1_000, hasTotal: true }, []);
    const pages = await Array.fromAsync(imcloud.customers.list({ limit: 10 }).pages());
    expect(pages.map(({ data }) => data.length)).toEqual([10, 10, 5]);
    expect(calls).toHaveLength(3);
  });
});
