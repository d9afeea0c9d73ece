import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type OrderProductInput, UnknownOutcomeError } from "../../index.ts";
import { failureOf, inTime, json } from "../../testing.ts";
import { createGateway, type Fate, type GatewayOptions, type Kept } from "../../testing-gateway.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR = 3_600_000;
const order = (poNumber = "T-1001") => ({
  ...{ type: "sales" as const, customerId: "1002101", poNumber },
  products: [] as OrderProductInput[],
});
const lost: GatewayOptions = { fate: (write) => (write === 1 ? "lost" : "well") };
const neverCame: GatewayOptions = { fate: (write) => (write === 1 ? "never came" : "well") };

/** Orders of the same customer, newest first. */
const olderOrders = (count: number, more: Partial<Kept> = {}): Kept[] =>
  Array.from({ length: count }, (_, index) => ({
    ...order(`old ${index}`),
    id: String(800_000 - index),
    creationDate: new Date(Date.now() - index * 10_000).toISOString(),
    ...more,
  }));

test("an order that was placed before, and cannot be read, is not given as something else", async () => {
  const { imcloud, state } = createGateway({ breakRead: (body) => ("data" in body ? undefined : json({})) });
  await inTime(imcloud.orders.createOnce(order("PO-1")));
  expect(await inTime(failureOf(imcloud.orders.createOnce(order("PO-1"))))).toMatchObject({
    message: 'What was created with "PO-1" before, 900001, came as something else.',
  });
  expect(state.writes).toBe(1);
});

describe("orders.createOnce, after a lost response", () => {
  test.each<[string, string, (text: string) => unknown]>([
    ["in upper case", "t-1001", (text) => text.toUpperCase()],
    ["in lower case", "T-1001", (text) => text.toLowerCase()],
    ["in NFC", "Ma\u0308rz-7", (text) => text.normalize("NFC")],
    ["in NFKC", "ﬁx-7", (text) => text.normalize("NFKC")],
    ["trimmed", " T-1001 ", (text) => text.trim()],
    ["with white space collapsed", "T  1001", (text) => text.replace(/\s+/g, " ")],
    ["padded with zeros", "1001", (text) => text.padStart(10, "0")],
    ["as a number", "0001001", Number],
  ])("finds the order whose number is kept %s", async (_form, poNumber, keep) => {
    const { imcloud, orders, state } = createGateway({ ...lost, keep });
    expect(await inTime(imcloud.orders.createOnce(order(poNumber)))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test("finds the order whose type comes in another case, or is not known yet", async () => {
    for (const typeOf of [(type: string) => type.toUpperCase(), () => "unknown"]) {
      const { imcloud, orders, state } = createGateway({ ...lost, typeOf });
      expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
      expect(state.writes).toBe(1);
    }
  });

  test.each<[string, GatewayOptions]>([
    ["the gateway's clock is 8 s ahead of the platform's", { dateSkew: 8_000 }],
    ["the gateway's clock is an hour behind, the platform's an hour ahead", { dateSkew: -HOUR, platformSkew: HOUR }],
    ["the Date header is hidden and the clocks are 11 minutes apart", { dateSkew: "hidden", platformSkew: -660_000 }],
    ["the Date header is hidden and the clocks are an hour apart", { dateSkew: "hidden", platformSkew: -HOUR }],
    ["it appears in the lists 20 seconds later", { lag: 20_000 }],
    ["times have no zone", { timeOf: (time) => time.toISOString().slice(0, 19).replace("T", " "), orders: [] }],
    ["times are no times", { timeOf: () => "yesterday" }],
  ])("though %s", async (_what, options) => {
    const { imcloud, orders, state } = createGateway({ ...lost, ...options });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test.each([-HOUR, -10_000, 10_000, HOUR])("though the machine's clock is turned by %i ms meanwhile", async (by) => {
    const gateway = createGateway({ fate: () => "late" });
    setTimeout(() => gateway.correctClock(by), 1_500);
    expect(await inTime(gateway.imcloud.orders.createOnce(order()))).toMatchObject({ id: gateway.orders[0]?.id });
    expect(gateway.state.writes).toBe(1);
  });

  test("though the machine sleeps meanwhile", async () => {
    const gateway = createGateway({ ...lost, lag: 2 * HOUR });
    setTimeout(() => gateway.sleepMachine(3 * HOUR), 1_500);
    expect(await inTime(gateway.imcloud.orders.createOnce(order()))).toMatchObject({ id: gateway.orders[0]?.id });
    expect(gateway.state.writes).toBe(1);
  });

  test("among 5,040 others of 14 hours, with a handful of calls", async () => {
    const { imcloud, orders, state } = createGateway({
      ...lost,
      orders: olderOrders(5_040),
      timeOf: (time) => time.toISOString().slice(0, 19).replace("T", " "),
    });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.reads).toBeLessThan(6);
  });

  test.each<[string, number, GatewayOptions]>([
    ["the oldest first", 140, { isOldestFirst: true }],
    ["the oldest first, without a total", 20, { isOldestFirst: true, totalOf: () => undefined }],
    ["the oldest first, without a total", 140, { isOldestFirst: true, totalOf: () => undefined }],
    [
      "the oldest first, without a total, in small pages",
      140,
      {
        isOldestFirst: true,
        totalOf: () => null,
        largestPage: 7,
      },
    ],
    ["the oldest first, without times", 700, { isOldestFirst: true, totalOf: () => -1, timeOf: () => "" }],
    ["the newest first, without a total", 700, { totalOf: () => undefined }],
  ])("finds the order in a list that has %s, among %i others", async (_what, count, options) => {
    const { imcloud, orders, state } = createGateway({
      ...lost,
      orders: olderOrders(count, options.timeOf && { creationDate: "" }),
      ...options,
    });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test.each<Fate>(["empty response", "cut response", "no id", "timeout page"])("after a %s", async (fate) => {
    const { imcloud, orders, state } = createGateway({ fate: () => fate });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test("though the API cannot be read for a while", async () => {
    const { imcloud, orders, state } = createGateway({
      ...lost,
      client: { retry: false },
      isDown: (_path, read) => read > 1 && read < 5,
    });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test("though its number is in its details only later", async () => {
    const { imcloud, orders, state } = createGateway({
      ...lost,
      breakRead: (body, read) =>
        "data" in body || read > 7 ? undefined : new Response(JSON.stringify({ ...body, poNumber: null })),
    });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id, poNumber: "T-1001" });
    expect(state.writes).toBe(1);
  });

  test.each<[string, object]>([
    ["another number at first", { poNumber: "PENDING" }],
    ["other products at first", { products: [{ mpn: "NWP-1002-M", quantity: 1 }] }],
  ])("though it reads with %s", async (_what, early) => {
    let details = 0;
    const { imcloud, orders, state } = createGateway({
      ...lost,
      breakRead(body) {
        if ("data" in body) return undefined;
        details += 1;
        return details > 2 ? undefined : new Response(JSON.stringify({ ...body, ...early }));
      },
    });
    const placing = imcloud.orders.createOnce({ ...order(), products: [{ mpn: "NWB-1001-M", quantity: 1 }] });
    expect(await inTime(placing)).toMatchObject({ id: orders[0]?.id, poNumber: "T-1001" });
    expect(state.writes).toBe(1);
  });

  test("finds the order for each of several bodies that the caller makes of one object", async () => {
    const { imcloud, orders } = createGateway({ fate: (write) => (write < 4 ? "lost" : "well") });
    const body = order();
    const placing = ["A-1", "B-2", "C-3"].map((poNumber) =>
      imcloud.orders.createOnce(Object.assign(body, { poNumber })),
    );
    const placed = await inTime(Promise.all(placing));
    expect(placed.map(({ poNumber }) => poNumber)).toEqual(["A-1", "B-2", "C-3"]);
    expect(orders).toHaveLength(3);
  });

  test("finds the order for a customer id that is a number", async () => {
    const { imcloud, orders, state } = createGateway(lost);
    const body = { ...order(), customerId: 1002101 as unknown as string };
    expect(await inTime(imcloud.orders.createOnce(body))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });
});

describe("orders.createOnce, with orders of others", () => {
  test.each<[string, GatewayOptions]>([
    ["an order that had its number before", { orders: olderOrders(3, { poNumber: "T-1001" }) }],
    [
      "an order whose number is like its own as the server keeps it",
      { orders: olderOrders(3, { poNumber: "t1001" }), keep: String },
    ],
  ])("does not take %s for its own", async (_what, options) => {
    const { imcloud, orders, state } = createGateway({ ...neverCame, ...options });
    const placed = await inTime(imcloud.orders.createOnce(order(), { maxAttempts: 2 }));
    expect(orders).toHaveLength(4);
    expect(placed).toMatchObject({ id: "900002" });
    expect(state.writes).toBe(2);
  });

  test("does not take an order for its own that it placed for another call with a number like it", async () => {
    const { imcloud, orders } = createGateway({ fate: (write) => (write === 2 ? "never came" : "well") });
    const again = { maxAttempts: 2 };
    const placed = [
      await inTime(imcloud.orders.createOnce(order("T-1001"), again)),
      await inTime(imcloud.orders.createOnce(order("t 1001"), again)),
    ];
    expect(placed.map(({ id }) => id)).toEqual(["900001", "900003"]);
    expect(orders).toHaveLength(2);
  });
});

describe("orders.createOnce, called with a number that was used before", () => {
  test.each<[string, GatewayOptions]>([
    ["all is well", {}],
    ["the first response is lost", lost],
    ["the first is slow", { fate: (write) => (write === 1 ? "late" : "well") }],
  ])("gives all that ask at once the order that was placed, where %s", async (_when, options) => {
    const { imcloud, orders, state } = createGateway(options);
    const copy = imcloud.withOptions({ timeout: 100_000 });
    const clients = [imcloud, copy, imcloud, copy, imcloud];
    const placed = await inTime(Promise.all(clients.map((client) => client.orders.createOnce(order()))));
    expect(new Set(placed.map(({ id }) => id)).size).toBe(1);
    expect(orders).toHaveLength(1);
    expect(state.writes).toBe(1);
    expect(await imcloud.orders.createOnce(order())).toMatchObject({ id: placed[0]?.id });
    expect(orders).toHaveLength(1);
  });

  test("sends what the one before could not", async () => {
    const { imcloud, orders } = createGateway({ fate: (write) => (write === 1 ? "conflict" : "well") });
    const both = [1, 2].map(() => imcloud.orders.createOnce(order()).catch((error: Error) => error));
    expect(await inTime(Promise.all(both))).toMatchObject([{ name: "ServerError" }, { id: orders[0]?.id }]);
  });

  test.each(["at once", "later"])("refuses another body, %s", async (when) => {
    const { imcloud, orders } = createGateway({});
    const bodies = ["NWB-1001-M", "NWP-1002-M"].map((mpn) => ({ ...order(), products: [{ mpn, quantity: 1 }] }));
    const place = (body: (typeof bodies)[number]) => imcloud.orders.createOnce(body).catch((error: Error) => error);
    const outcomes: unknown[] = [];
    if (when === "at once") outcomes.push(...(await inTime(Promise.all(bodies.map(place)))));
    else for (const body of bodies) outcomes.push(await inTime(place(body)));
    expect(outcomes).toMatchObject([
      { id: orders[0]?.id },
      {
        name: "MarketplaceError",
        message: expect.stringMatching(/^Something else was created with "T-1001" before: /),
      },
    ]);
    expect(orders).toHaveLength(1);
  });
});

const api = { isDown: false };

describe("orders.createOnce, in doubt", () => {
  const doubtOf = async (options: GatewayOptions, body = order(), during: (orders: Kept[]) => void = () => {}) => {
    const gateway = createGateway(options);
    setTimeout(() => during(gateway.orders), 5_000);
    const error = await inTime(failureOf(gateway.imcloud.orders.createOnce(body, { maxAttempts: 2 })));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    return { ...gateway, error: error as UnknownOutcomeError };
  };

  test.each<[string, (text: string) => unknown]>([
    ["cuts it to a length", (text) => text.slice(0, 4)],
    ["keeps nothing of it", () => null],
    ["keeps only what is ASCII", (text) => text.replace(/[^ -~]/g, "?")],
  ])("throws UnknownOutcomeError with the order as a candidate when the server %s", async (_what, keep) => {
    const { error, orders } = await doubtOf({ ...lost, keep }, order("Größe 1001"));
    expect(orders).toHaveLength(1);
    expect(error.candidates).toMatchObject([{ id: orders[0]?.id }]);
    expect(error.message).toContain(`It may be ${orders[0]?.id}: compare before you send it again.`);
  });

  test.each<[string, string, (text: string) => unknown]>([
    ["percent-encoded", "T 1001", encodeURIComponent],
    ["in other letters", "ЗАКАЗ", () => "ZAKAZ"],
    ["in upper case, with what looks like an entity", "r&d;7", (text) => text.toUpperCase()],
    ["by its digits alone", "PO2026-T1001", (text) => text.replace(/\D/g, "")],
    ["cut, behind a prefix", "T-1234567890123456", (text) => `WEB-${text}`.slice(0, 16)],
    ["cut in the middle", "PO-12345-ABCD-6789", (text) => `${text.slice(0, 8)}...${text.slice(-4)}`],
  ])(
    "throws UnknownOutcomeError with the order as a candidate when its number is kept %s",
    async (_form, poNumber, keep) => {
      const body = { ...order(poNumber), products: [{ mpn: "NWB-1001-M", quantity: 1 }] };
      const { error, orders, state } = await doubtOf({ ...lost, keep }, body);
      expect(error.candidates).toMatchObject([{ id: orders[0]?.id }]);
      expect(state.writes).toBe(1);
    },
  );

  test("throws UnknownOutcomeError when the number is cut and the quantity is written in a way of its own", async () => {
    const body = { ...order("PO-1234567890"), products: [{ mpn: "NWB-1001-M", quantity: 1_000 }] };
    const { error, state } = await doubtOf(
      {
        ...lost,
        keep: (text) => text.slice(0, 8),
        breakRead: (read) =>
          "data" in read
            ? undefined
            : new Response(JSON.stringify({ ...read, products: [{ mpn: "NWB-1001-M", quantity: "1,000" }] })),
      },
      body,
    );
    expect(error.candidates).toMatchObject([{ id: "900001" }]);
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when it was sent again and nobody can look for the first; the next call finds both", async () => {
    const { error, imcloud, orders, state } = await doubtOf({
      ...lost,
      client: { retry: false },
      lag: 200_000,
      isDown: () => api.isDown,
      delayOf(write) {
        api.isDown = write === 2;
        return 0;
      },
    });
    expect(error.message).toContain("It was sent again, and may be there twice.");
    expect(error.candidates).toMatchObject([{ id: "900002" }]);
    api.isDown = false;
    await vi.advanceTimersByTimeAsync(200_000);
    expect(await inTime(failureOf(imcloud.orders.createOnce(order())))).toBeInstanceOf(UnknownOutcomeError);
    expect(orders).toHaveLength(2);
    expect(state.writes).toBe(2);
  });

  test("throws UnknownOutcomeError when two new orders have its number", async () => {
    const { error, state } = await doubtOf({ fate: () => "late" }, order(), (orders) => {
      for (const id of ["700001", "700002"]) orders.unshift({ ...order(), id });
    });
    expect(error.candidates.map((each) => (each as Kept).id)).toEqual(expect.arrayContaining(["700001", "700002"]));
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when a new order has its number and other products", async () => {
    const body = { ...order(), products: [{ mpn: "NWB-1001-M", quantity: 1 }] };
    const { error, state } = await doubtOf(neverCame, body, (orders) => {
      orders.unshift({ ...order(), id: "700001", products: [{ mpn: "NWP-1002-M", quantity: 1 }] });
    });
    expect(error.candidates).toMatchObject([{ id: "700001" }]);
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when the list says that it has more than it gives", async () => {
    const { error, state } = await doubtOf({
      ...neverCame,
      orders: olderOrders(600),
      totalOf: (count, lists) => (lists === 1 ? count : count + 1),
    });
    expect(error.message).toContain("Of 1 new rows 0 came.");
    expect(state.writes).toBe(1);
  });

  test.each<[string, GatewayOptions]>([
    ["are too many to note", {}],
    ["could not be noted", { isDown: (_path, read) => read === 1 }],
  ])("throws UnknownOutcomeError when the oldest come first, and those before %s", async (_what, options) => {
    const { error, orders, state } = await doubtOf({
      ...lost,
      orders: olderOrders(3_000),
      isOldestFirst: true,
      totalOf: () => undefined,
      client: { retry: false },
      ...options,
    });
    expect(error.message).toContain("The search was ended after 120 calls.");
    expect(orders).toHaveLength(3_001);
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when it could not look before, there are too many, and the search was ended for the quota's sake", async () => {
    const { error, state } = await doubtOf({
      ...neverCame,
      client: { retry: false },
      orders: olderOrders(5_040),
      isDown: (_path, read) => read === 1,
    });
    expect(error.message).toContain("The search was ended after 120 calls.");
    expect(state.writes).toBe(1);
    expect(state.reads).toBeLessThan(125);
  });

  test("throws UnknownOutcomeError when it could not look before, and an order with its number is there", async () => {
    const { error, state } = await doubtOf({ ...lost, client: { retry: false }, isDown: (_path, read) => read === 1 });
    expect(error.candidates).toMatchObject([{ id: "900001" }]);
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when it was sent again, and the first appears after all", async () => {
    const { error, state } = await doubtOf({ ...lost, lag: 200_000, delayOf: (write) => (write === 1 ? 0 : 30_000) });
    expect(error.message).toContain("It was sent again, and may be there twice.");
    expect(error.candidates.map((each) => (each as Kept).id)).toEqual(["900002", "900001"]);
    expect(state.writes).toBe(2);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["{}", {}],
    ["another order", { id: "1", poNumber: "X" }],
  ])("throws UnknownOutcomeError when the details of the new order are %s", async (_what, details) => {
    const { error, state } = await doubtOf({
      ...lost,
      breakRead: (body) => ("data" in body ? undefined : new Response(JSON.stringify(details))),
    });
    expect(error.candidates).toMatchObject([{ id: "900001" }]);
    expect(state.writes).toBe(1);
  });

  test("throws UnknownOutcomeError when the API cannot be read", async () => {
    const { error, state } = await doubtOf({ ...lost, client: { retry: false }, isDown: (_path, read) => read > 1 });
    expect(error.cause).toMatchObject({ name: "BadRequestError" });
    expect(state.writes).toBe(1);
  });

  test("prints neither what was sent nor the candidates", async () => {
    const { error } = await doubtOf({ ...lost, keep: () => null }, order("secret 12"));
    expect(inspect(error, { depth: null })).not.toContain("secret");
    expect(inspect(error, { depth: null })).not.toContain("1002101");
  });
});

describe("orders.createOnce, called again after an unknown outcome", () => {
  test("looks for the order first, also when it was aborted while it was sent", async () => {
    const gateway = createGateway({ hang: true });
    const controller = new AbortController();
    const first = failureOf(gateway.imcloud.orders.createOnce(order(), { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(30_000);
    controller.abort(new Error("too slow"));
    expect(await first).toMatchObject({ message: "too slow" });
    expect(await inTime(gateway.imcloud.orders.createOnce(order()))).toMatchObject({ id: gateway.orders[0]?.id });
    expect(gateway.state.writes).toBe(1);
  });

  test("looks for the first order before it sends another", async () => {
    const { imcloud, orders, state } = createGateway({ ...lost, lag: 300_000 });
    const create = () => imcloud.orders.createOnce(order(), { maxAttempts: 1 });
    expect(await inTime(failureOf(create()))).toBeInstanceOf(UnknownOutcomeError);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await inTime(create())).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test.each([null, undefined, "stop"])("looks for it first where it was aborted with %j", async (reason) => {
    const { imcloud, orders, state } = createGateway({ hang: true });
    const controller = new AbortController();
    const first = imcloud.orders.createOnce(order(), { signal: controller.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    controller.abort(reason);
    expect(await first).toBe(controller.signal.reason);
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  const leftOpen = async () => {
    let isDown = true;
    const gateway = createGateway({ ...lost, client: { retry: false }, isDown: (_path, read) => isDown && read > 1 });
    const first = gateway.imcloud.orders.createOnce(order(), { settleTimeout: 0 });
    expect(await inTime(failureOf(first))).toBeInstanceOf(UnknownOutcomeError);
    isDown = false;
    return gateway;
  };
  type Gateway = ReturnType<typeof createGateway>;
  const { type: _type, ...untyped } = order();

  test.each<[string, (gateway: Gateway) => PromiseLike<unknown>]>([
    ["by a client with other options", ({ imcloud }) => imcloud.withOptions({ timeout: 9 }).orders.createOnce(order())],
    ["with its fields in another order", ({ imcloud }) => imcloud.orders.createOnce({ ...untyped, type: "sales" })],
    ["without the type that is the default", ({ imcloud }) => imcloud.orders.createOnce(untyped as never)],
  ])("looks for it first where it is called %s", async (_how, again) => {
    const gateway = await leftOpen();
    expect(await inTime(Promise.resolve(again(gateway)))).toMatchObject({ id: gateway.orders[0]?.id });
    expect(gateway.state.writes).toBe(1);
  });

  test("sends no other body with its number", async () => {
    const { imcloud, orders, state } = await leftOpen();
    const other = { ...order(), products: [{ mpn: "NWB-1001-M", quantity: 1 }] };
    const error = await inTime(failureOf(imcloud.orders.createOnce(other)));
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect((error as Error).message).toContain('another body with "T-1001" is still open');
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });

  test("goes on looking where an abort ended the search", async () => {
    const { imcloud, orders, state } = createGateway({ ...lost, lag: 60_000 });
    const controller = new AbortController();
    const first = failureOf(imcloud.orders.createOnce(order(), { signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(5_000);
    controller.abort(new Error("enough"));
    expect(await first).toMatchObject({ message: "enough" });
    expect(await inTime(imcloud.orders.createOnce(order()))).toMatchObject({ id: orders[0]?.id });
    expect(state.writes).toBe(1);
  });
});

describe("createOnce", () => {
  test.each(["", "  ", "---", "\ud800", "🚀", 7, null, undefined])(
    "refuses the number %j, which could not be found again",
    async (poNumber) => {
      const { imcloud, state } = createGateway();
      const refused = imcloud.orders.createOnce({ ...order(), poNumber: poNumber as string });
      await expect(refused).rejects.toThrow("orders.createOnce needs poNumber to be a string that is not empty");
      expect(state.writes + state.reads).toBe(0);
    },
  );

  test("refuses an order without a customer, and a customer without an external id", async () => {
    const { imcloud, state } = createGateway();
    const { customerId: _, ...body } = order();
    await expect(imcloud.orders.createOnce(body as never)).rejects.toThrow("needs customerId");
    await expect(imcloud.customers.createOnce({ name: "Brightwater" } as never)).rejects.toThrow("needs externalId");
    expect(state.writes + state.reads).toBe(0);
  });
});

describe("customers.createOnce", () => {
  const body = { name: "Brightwater Dental Group", externalId: "crm-77" } as never;

  test.each<[string, (text: string) => unknown]>([
    ["upper case", (text) => text.toUpperCase()],
    ["another punctuation", (text) => text.replace("-", "")],
  ])("finds the customer whose external id is kept in %s", async (_form, keep) => {
    const { imcloud, customers, state } = createGateway({ ...lost, keep });
    expect(await inTime(imcloud.customers.createOnce(body))).toMatchObject({ id: customers[0]?.id });
    expect(state.writes).toBe(1);
  });

  test("is in doubt about a new customer of its name whose external id is kept in an unknown form", async () => {
    const { imcloud, customers, state } = createGateway({ ...lost, keep: () => "0x63726d" });
    const error = (await inTime(failureOf(imcloud.customers.createOnce(body)))) as UnknownOutcomeError;
    expect(error.candidates).toMatchObject([{ id: customers[0]?.id }]);
    expect(state.writes).toBe(1);
  });

  test("is in doubt about a new customer whose external id was cut, and not about one of another name", async () => {
    const cut = createGateway({ ...lost, keep: (text) => text.slice(0, 4) });
    const error = (await inTime(failureOf(cut.imcloud.customers.createOnce(body)))) as UnknownOutcomeError;
    expect(error.candidates).toMatchObject([{ id: cut.customers[0]?.id }]);

    const other = createGateway(neverCame);
    setTimeout(() => other.customers.unshift({ id: "1", name: "Larkspur Logistics", externalId: "crm-7" }), 5_000);
    await inTime(other.imcloud.customers.createOnce(body, { maxAttempts: 2 }));
    expect(other.customers).toHaveLength(2);
  });
});
