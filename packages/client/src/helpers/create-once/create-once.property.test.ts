import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UnknownOutcomeError } from "../../index.ts";
import { inTime } from "../../testing.ts";
import { PAGE_FAULTS, type PageBody } from "../../testing-faults.ts";
import { createGateway, type Fate, type Kept, timeForms } from "../../testing-gateway.ts";
import { numRuns } from "../../testing-runs.ts";
import { isRecognizable } from "./text-match.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR = 3_600_000;

const texts = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    fc.stringMatching(/^[A-Za-z]{1,4}[-_/ ]\d{1,10}$/),
    fc.stringMatching(/^ ?[A-Za-zåäöÅÄÖßéﬁ]{1,8} {1,2}[0-9]{1,6} ?$/),
    fc.nat().map(String),
    fc.stringMatching(/^[1-9]\d{16,22}$/),
  )
  .filter(isRecognizable);

const forms: fc.Arbitrary<(text: string) => unknown> = fc.oneof(
  fc.constantFrom<(text: string) => unknown>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.normalize("NFC"),
    (text) => text.normalize("NFD"),
    (text) => text.normalize("NFKC"),
    (text) => text.trim(),
    (text) => text.trim().replace(/\s+/g, " "),
    (text) => text.replace(/\s+/g, ""),
    (text) => text.padStart(12, "0"),
    (text) => text.padEnd(40),
    (text) => (/^\d+$/.test(text) ? Number(text) : text),
    (text) => text.replace(/[^\0-\x7f]/g, "?"),
    () => null,
    () => undefined,
    () => "",
  ),
  fc.integer({ min: 1, max: 30 }).map((length) => (text: string) => text.slice(0, length)),
  fc.integer({ min: 1, max: 30 }).map((length) => (text: string) => text.trim().toUpperCase().slice(0, length)),
);

const fates = fc.array(
  fc.constantFrom<Fate>(
    "well",
    "lost",
    "never came",
    "late",
    "timeout page",
    "empty response",
    "cut response",
    "no id",
  ),
  { minLength: 1, maxLength: 4 },
);

/** In which order its lists are, how large their pages, and what they say of how many there are. */
const lists = fc.record(
  {
    isOldestFirst: fc.boolean(),
    largestPage: fc.integer({ min: 3, max: 12 }),
    totalOf: fc.constantFrom(
      () => undefined,
      () => null,
      () => -1,
      (count: number) => String(count),
    ),
  },
  { requiredKeys: ["isOldestFirst"] },
);

const cases = fc.record({
  text: texts,
  keep: forms,
  typeOf: fc.constantFrom(
    (type: string) => type,
    (type: string) => type.toUpperCase(),
    (type: string) => `${type[0]?.toUpperCase()}${type.slice(1)}`,
  ),
  fates,
  platformSkew: fc.integer({ min: -HOUR, max: HOUR }),
  dateSkew: fc.oneof(fc.integer({ min: -HOUR, max: HOUR }), fc.constant("hidden" as const)),
  timeOf: fc.constantFrom(...timeForms),
  lag: fc.nat(8_000),
  // What happens to the machine's clocks while the outcome is open.
  correction: fc.integer({ min: -HOUR, max: HOUR }),
  sleep: fc.nat(HOUR),
  // Orders that were there before: how many, and how many of them have the same number.
  before: fc.nat(30),
  sameBefore: fc.nat(2),
  lists,
});

const order = { type: "sales" as const, customerId: "1002101", products: [] };
const start = Date.UTC(2026, 8, 14);

describe("orders.createOnce", () => {
  test("never places a second order, and never takes another's for its own, whatever server and clocks do", async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        async ({ text, keep, fates, before, sameBefore, correction, sleep, timeOf, lists, ...rest }) => {
          const old = Array.from(
            { length: before + sameBefore },
            (_, index): Kept => ({
              ...order,
              id: String(800_000 - index),
              poNumber: index < sameBefore ? keep(text) : `old ${index}`,
              creationDate: timeOf(new Date(Math.min(Date.now(), start) - index * 60_000)),
            }),
          );
          const gateway = createGateway({
            ...rest,
            ...lists,
            keep,
            timeOf,
            fate: (write) => fates[write - 1] ?? "well",
            orders: old,
            client: { retry: { limit: 1 } },
          });
          const placing = gateway.imcloud.orders
            .createOnce({ ...order, poNumber: text }, { settleTimeout: 25_000 })
            .catch((error: unknown) => error);
          setTimeout(() => gateway.correctClock(correction), 1_500);
          setTimeout(() => gateway.sleepMachine(sleep), 5_500);
          const outcome = await inTime(placing);
          const placed = gateway.orders.filter(({ id }) => Number(id) >= 900_000);
          expect(placed.length).toBeLessThanOrEqual(1);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UnknownOutcomeError);
          else expect(String((outcome as Kept).id)).toBe(String(placed[0]?.id));
        },
      ),
      numRuns(100),
    );
  });

  test("finds the order itself where the server keeps its number in another form, and the clocks are up to an hour apart", async () => {
    const lossless = forms.filter((keep) => {
      const kept = keep("Ab-1001 x");
      return typeof kept === "string" && /^\s*0*ab-1001 ?x\s*$/i.test(kept);
    });
    await fc.assert(
      fc.asyncProperty(
        cases,
        lossless,
        async ({ fates: _, before: __, sameBefore: ___, lists: ____, ...rest }, keep) => {
          const gateway = createGateway({ ...rest, keep, fate: () => "lost", client: { retry: { limit: 1 } } });
          const placing = gateway.imcloud.orders.createOnce(
            { ...order, poNumber: "Ab-1001 x" },
            { settleTimeout: 25_000 },
          );
          setTimeout(() => gateway.correctClock(rest.correction), 1);
          expect(await inTime(placing)).toMatchObject({ id: gateway.orders[0]?.id });
          expect(gateway.orders).toHaveLength(1);
        },
      ),
      numRuns(20),
    );
  });
});

/** Without an empty list that says with all its words that it is empty: it cannot be told from a true one. */
const faultsThatShow = PAGE_FAULTS.filter(([name]) => !name.startsWith("is empty, with a total")).map(
  ([, fault]) => fault,
);

const shrunkTotal = new Map(PAGE_FAULTS).get("has a total that shrank");

describe("orders.createOnce, when reads come back broken", () => {
  test("never places a second order, and never takes another's for its own", async () => {
    const faults = fc.dictionary(fc.integer({ min: 1, max: 8 }).map(String), fc.constantFrom(...faultsThatShow), {
      maxKeys: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        cases,
        faults,
        fc.boolean(),
        async ({ text, fates, before, sameBefore, lists, ...rest }, broken, wasLast) => {
          const old = Array.from(
            { length: before + sameBefore },
            (_, index): Kept => ({
              ...order,
              id: String(800_000 - index),
              poNumber: index < sameBefore ? text : `old ${index}`,
            }),
          );
          const { imcloud, orders } = createGateway({
            ...rest,
            ...lists,
            // Without it, a page that is empty by fault cannot be told from the end.
            totalOf: undefined,
            fate: (write) => fates[write - 1] ?? "well",
            orders: old,
            breakRead: (body, read) => {
              const fault = broken[read] ?? (wasLast && read > 8 ? broken["1"] : undefined);
              // A first total cannot have shrunk: as many rows as it says are a whole list.
              if (fault === shrunkTotal && (body as PageBody).pagination.offset === 0) return undefined;
              return fault?.(body as PageBody);
            },
            client: { retry: false },
          });
          const placing = imcloud.orders
            .createOnce({ ...order, poNumber: text }, { settleTimeout: 25_000 })
            .catch((error: unknown) => error);
          const outcome = await inTime(placing);
          const placed = orders.filter(({ id }) => Number(id) >= 900_000);
          expect(placed.length).toBeLessThanOrEqual(1);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UnknownOutcomeError);
          else expect(String((outcome as Kept).id)).toBe(String(placed[0]?.id));
        },
      ),
      numRuns(100),
    );
  });
});

describe("orders.createOnce, several at a time", () => {
  test("places one order for each number at most, and gives it to all that ask for it alone", async () => {
    const numbers = fc.constantFrom("T-1", "T-10", "T-100", "t-1", "T-2", "T 1", "0001", "1");
    const products = fc.option(
      fc.constantFrom("NWB-1001-M", "NWP-1002-M").map((mpn) => [{ mpn, quantity: 2 }]),
      {
        nil: undefined,
      },
    );
    const calls = fc.array(fc.record({ poNumber: numbers, products, after: fc.nat(20_000) }), {
      minLength: 2,
      maxLength: 8,
    });
    const others = fc.array(fc.record({ poNumber: numbers, at: fc.nat(30_000) }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        calls,
        others,
        fc.array(fc.constantFrom<Fate>("well", "lost", "never came", "late"), { maxLength: 12 }),
        forms,
        fc.nat(5_000),
        async (asked, otherOrders, fates, keep, lag) => {
          const gateway = createGateway({
            keep,
            lag,
            fate: (write) => fates[write - 1] ?? "well",
            client: { retry: false },
          });
          const outcomes = asked.map(async ({ after, ...given }) => {
            await new Promise((resolve) => setTimeout(resolve, after));
            const body = { ...order, ...given } as Parameters<typeof gateway.imcloud.orders.createOnce>[0];
            return gateway.imcloud.orders.createOnce(body, { settleTimeout: 25_000 }).catch((error: unknown) => error);
          });
          for (const { poNumber, at } of otherOrders) {
            setTimeout(() => {
              const id = String(700_000 + gateway.orders.length);
              gateway.orders.unshift({
                ...order,
                id,
                poNumber: keep(poNumber),
                creationDate: new Date().toISOString(),
              });
            }, at);
          }
          const ended = await inTime(Promise.all(outcomes));
          const placed = gateway.orders.filter(({ id }) => Number(id) >= 900_000);
          expect(placed.length).toBeLessThanOrEqual(new Set(asked.map(({ poNumber }) => poNumber)).size);
          const numbersOf = new Map<unknown, Set<string>>();
          for (const [index, outcome] of ended.entries()) {
            const { poNumber } = asked[index] as (typeof asked)[number];
            if (outcome instanceof UnknownOutcomeError) continue;
            if (outcome instanceof Error) expect(outcome.message).toContain("Something else was created with");
            else {
              const { id } = outcome as Kept;
              numbersOf.set(id, (numbersOf.get(id) ?? new Set()).add(poNumber));
            }
          }
          for (const numbers of numbersOf.values()) expect(numbers.size).toBe(1);
        },
      ),
      numRuns(100),
    );
  });
});

describe("customers.createOnce", () => {
  test("never creates a second customer, and never takes another's for its own", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ text, keep, fates, before, sameBefore, correction, lists, ...rest }) => {
        const old = Array.from(
          { length: before },
          (_, index): Kept => ({
            id: String(800_000 - index),
            name: `Old ${index}`,
            externalId: `old ${index}`,
          }),
        );
        const gateway = createGateway({
          ...rest,
          ...lists,
          keep,
          fate: (write) => fates[write - 1] ?? "well",
          customers: old,
          client: { retry: { limit: 1 } },
        });
        const body = { name: "Brightwater Dental Group", externalId: text } as Parameters<
          typeof gateway.imcloud.customers.createOnce
        >[0];
        const creating = gateway.imcloud.customers
          .createOnce(body, { settleTimeout: 25_000 })
          .catch((error: unknown) => error);
        setTimeout(() => gateway.correctClock(correction), 1_500);
        const outcome = await inTime(creating);
        const created = gateway.customers.filter(({ id }) => Number(id) >= 900_000);
        expect(created.length).toBeLessThanOrEqual(1);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UnknownOutcomeError);
        else expect(String((outcome as Kept).id)).toBe(String(created[0]?.id));
      }),
      numRuns(100),
    );
  });
});
