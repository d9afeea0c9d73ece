import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

/** Objects whose content is not in their properties. Taken for empty objects, they would make a call without what was asked for. */
const UNREADABLE: [name: string, value: unknown][] = [
  ["a Promise", Promise.resolve({ status: "completed" })],
  ["a Map", new Map([["status", "completed"]])],
  ["URLSearchParams", new URLSearchParams("status=completed")],
  ["a signal", new AbortController().signal],
  ["a function", () => ({ status: "completed" })],
  ["null", null],
  [
    "an object of getters",
    new (class {
      get status() {
        return "completed";
      }
    })(),
  ],
];

const setUp = () => apiOf(() => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } }));

describe.each(UNREADABLE)("%s instead of an object", (_name, value) => {
  test.each<[string, (imcloud: ReturnType<typeof setUp>["imcloud"], value: never) => unknown]>([
    ["filters of a list", (imcloud, query) => imcloud.orders.list(query)],
    ["filters of a loop", (imcloud, query) => imcloud.orders.list(query).toArray()],
    ["filters of request", (imcloud, query) => imcloud.request("GET", "/orders", { query })],
    ["a query of request", (imcloud, query) => imcloud.request("GET", "/elsewhere", { query })],
    ["options of a call", (imcloud, options) => imcloud.orders.get("1", options)],
    ["options of request", (imcloud, options) => imcloud.request("GET", "/orders", options)],
    ["a body", (imcloud, body) => imcloud.orders.create(body)],
    ["part of a body", (imcloud, attributes) => attributes && imcloud.customers.update("1", { attributes } as never)],
    ["a target", (imcloud, target) => imcloud.subscriptions.changeSeats("1", target)],
    ["a report", (imcloud, report) => imcloud.reports.download(report)],
    ["the changes of withOptions", (imcloud, changes) => imcloud.withOptions(changes)],
  ])("as %s, is refused before anything is sent", async (place, call) => {
    // JSON leaves out functions, and null is a valid value.
    if (place === "part of a body" && (value === null || typeof value === "function")) return;
    const { imcloud, calls } = setUp();
    expect(
      await failureOf(Promise.resolve().then(() => call(imcloud, value as never) as Promise<unknown>)),
    ).toBeInstanceOf(TypeError);
    expect(calls).toEqual([]);
  });
});

test.each([undefined, null, [], 5, "{}"])(
  "request refuses %j as the body of an operation that takes an object",
  async (body) => {
    const { imcloud, calls } = setUp();
    expect(await failureOf(imcloud.request("POST", "/orders", { body }))).toMatchObject({
      name: "TypeError",
      message: expect.stringMatching(/^The body of orders_create must be an object/),
    });
    expect(calls).toEqual([]);
  },
);

describe("unpaired surrogates", () => {
  test.each<[string, (imcloud: ReturnType<typeof setUp>["imcloud"], text: string) => Promise<unknown>]>([
    ["an id", (imcloud, text) => imcloud.orders.get(text)],
    ["a filter", (imcloud, text) => imcloud.customers.list({ name: text })],
    ["a path", (imcloud, text) => imcloud.request("GET", `/orders/${text}`)],
    ["a body", (imcloud, text) => imcloud.customers.update("1", { name: text })],
    ["a header", (imcloud, text) => imcloud.orders.get("1", { headers: { "x-a": text } })],
    ["an order to wait for", (imcloud, text) => imcloud.orders.wait(text)],
    ["a report", (imcloud, text) => imcloud.reports.download(text)],
  ])("are refused in %s before anything is sent", async (_place, call) => {
    const { imcloud, calls } = setUp();
    const error = await failureOf(Promise.resolve().then(() => call(imcloud, "a\ud800")));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringMatching(/whole characters|no header/) });
    expect(calls).toEqual([]);
  });
});

describe("orders.create", () => {
  test.each<[string, unknown, string]>([
    ["bytes", new Uint8Array(2), "must be a value that JSON can hold; got Uint8Array."],
    [
      "what is nested 20,000 deep",
      Array.from({ length: 20_000 }).reduce((inner) => ({ inner }), {}),
      "is nested too deep",
    ],
  ])("refuses %s", async (_what, attributes, message) => {
    const { imcloud, calls } = setUp();
    const error = await failureOf(imcloud.orders.create({ customerId: "1", products: [], attributes } as never));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  const body = (quantity: number) => ({ customerId: "1", poNumber: "T-1", products: [{ id: "5", quantity }] });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, which JSON would write as null", async (quantity) => {
    const { imcloud, calls } = setUp();
    for (const calling of [imcloud.orders.create(body(quantity)), imcloud.orders.createOnce(body(quantity))]) {
      expect(await failureOf(calling)).toMatchObject({
        name: "TypeError",
        message: expect.stringContaining("quantity"),
      });
    }
    expect(calls).toEqual([]);
  });

  test.each([undefined, "{}", 5, []])("refuses %j as its body", async (given) => {
    const { imcloud, calls } = setUp();
    expect(await failureOf(imcloud.orders.create(given as never))).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining("The body of orders_create must be an object"),
    });
    expect(calls).toEqual([]);
  });

  test("accepts a class instance with dates as the body", async () => {
    const { imcloud, calls } = setUp();
    class Order {
      customerId = "1";
      products = [];
      startDate = new Date(0) as never;
    }
    await imcloud.orders.create(new Order());
    expect(await calls[0]?.json()).toEqual({ customerId: "1", products: [], startDate: "1970-01-01T00:00:00.000Z" });
  });
});

describe("createClient({ fetch })", () => {
  test.each<[what: string, response: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "ok"],
    ["a response without headers", { status: 200, ok: true, text: async () => "{}" }],
    ["a response without a status", { headers: new Headers(), ok: true, text: async () => "{}" }],
    ["a response without text", { status: 200, ok: true, headers: new Headers(), text: async () => 5 }],
  ])("fails when it returns %s", async (_what, response) => {
    const { imcloud } = apiOf(() => json({}), { retry: false });
    const odd = imcloud.withOptions({ fetch: (async () => response) as never, auth: { token: () => "demo-token" } });
    expect(await failureOf(odd.orders.get("1"))).toMatchObject({
      name: "ConnectionError",
      code: "fetch gave no Response",
      operation: "orders_get",
    });
    expect(await failureOf(odd.orders.update("1", {}))).toMatchObject({ name: "UnknownOutcomeError" });
  });
});

describe("client.request", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, null, {}, [], [{}], new Map(), Symbol("a"), () => 1, "a\ud800"])(
    "refuses %s as the value of a query parameter that the document does not have",
    async (value) => {
      const { imcloud, calls } = setUp();
      expect(await failureOf(imcloud.request("GET", "/elsewhere", { query: { a: value as never } }))).toMatchObject({
        name: "TypeError",
        message: expect.stringContaining("GET /elsewhere: a must be a"),
      });
      expect(calls).toEqual([]);
    },
  );

  test.each([
    [undefined, "/x"],
    ["GE T", "/x"],
    [{}, "/x"],
    ["GET", undefined],
    ["GET", "x"],
  ])("refuses %j and %j", async (method, path) => {
    const { imcloud, calls } = setUp();
    expect(() => imcloud.request(method as never, path as never)).toThrow(TypeError);
    expect(calls).toEqual([]);
  });
});

describe("subscriptions.changeSeats", () => {
  test("refuses a target that it does not know", async () => {
    const { imcloud, calls } = setUp();
    const target = { to: 5, bye: 1 } as never;
    expect(await failureOf(imcloud.subscriptions.changeSeats("1", target))).toMatchObject({
      message: "changeSeats.bye is not an option. There are: to, by.",
    });
    expect(calls).toEqual([]);
  });
});
