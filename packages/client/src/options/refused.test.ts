import { describe, expect, test } from "vitest";
import { createClient, createProxy, days, money } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

type Loose = Record<string, Record<string, (...values: unknown[]) => unknown>> & {
  request: (...values: unknown[]) => unknown;
};

/** Awaits a result, or iterates over it. */
async function done(result: unknown): Promise<void> {
  if (typeof (result as { next?: unknown }).next !== "function") return void (await result);
  for await (const _ of result as AsyncIterable<unknown>);
}

const cyclic: Record<string, unknown> = { customerId: "1", poNumber: "T-1" };
cyclic.products = [{ inner: cyclic }];

describe("createClient, called without types", () => {
  test.each<[what: string, call: (imcloud: Loose) => unknown, message: string]>([
    [
      "due without a query",
      ({ subscriptions }) => subscriptions?.due?.(),
      "The query of subscriptions.due must be an object",
    ],
    [
      "due of null",
      ({ subscriptions }) => subscriptions?.due?.(null),
      "with within, for example { within: days(30) }; got null.",
    ],
    [
      "due beyond all days",
      ({ subscriptions }) => subscriptions?.due?.({ within: 1e300 }),
      "needs within to be milliseconds",
    ],
    ["details with null", ({ orders }) => orders?.details?.({}, null), "details must be an object of signal"],
    [
      "findOrCreate with null",
      ({ customers }) => customers?.findOrCreate?.({ externalId: "1" }, null),
      "findOrCreate must be an object",
    ],
    [
      "findOrCreate with an outbox that is none",
      ({ customers }) => customers?.findOrCreate?.({ externalId: "1" }, { outbox: { claim() {} } }),
      "findOrCreate.outbox must be an object with createOnce, goOn",
    ],
    [
      "a filter of white space",
      ({ orders }) => orders?.list?.({ customerId: "  " }),
      "customerId must be a string that is not empty",
    ],
    [
      "a day that is none",
      ({ orders }) => orders?.list?.({ creationTimeFrom: "2026-02-30" }),
      "must be a Date or a time in ISO 8601",
    ],
    [
      "a time where the API takes a day",
      ({ subscriptions }) => subscriptions?.list?.({ creationDateFrom: "2026-02-20T00:00:00Z" }),
      "creationDateFrom must be a Date or a day such as 2026-01-31",
    ],
    [
      "a path that is no text",
      ({ request }) => request("GET", { toString: () => "/plans" }),
      "The path must be a string that starts with a slash",
    ],
    [
      "a timeout that is a BigInt",
      ({ plans }) => plans?.get?.("1", { timeout: 5n }),
      "milliseconds from 0 to 2147483647; got 5.",
    ],
    ["a timeout that is no number", ({ plans }) => plans?.get?.("1", { timeout: Number.NaN }), "2147483647; got NaN."],
    ["a query of null", ({ orders }) => orders?.list?.(null), "must be an object of filters; got null."],
    [
      "a body that holds itself",
      ({ orders }) => orders?.create?.(cyclic),
      "The body of orders_create: inner is a part of itself",
    ],
    [
      "the same for createOnce",
      ({ orders }) => orders?.createOnce?.(cyclic),
      "The body of orders_create: inner is a part of itself",
    ],
    [
      "a BigInt in a body",
      ({ orders }) => orders?.create?.({ quantity: 5n }),
      "quantity must be a number that JSON can hold; got 5.",
    ],
    [
      "a date that is none in a body",
      ({ orders }) => orders?.create?.({ orderDate: new Date(Number.NaN) }),
      "orderDate must be a value that JSON can hold; got Date.",
    ],
    [
      "a function in a body",
      ({ orders }) => orders?.create?.({ quantity() {} }),
      "quantity must be a value that JSON can hold; got function.",
    ],
    [
      "nothing in an array of a body",
      ({ orders }) => orders?.create?.({ products: [undefined] }),
      "The body of orders_create: 0 must be a value that JSON can hold; got undefined.",
    ],
    ...[new Date(0), {}, [], null, new Map()].map((value): [string, (client: Loose) => unknown, string] => [
      `${String(value)} as a filter of http`,
      ({ http }) => http?.GET?.("/orders", { params: { query: { creationTimeFrom: value } } }),
      "The query of a call by http: creationTimeFrom must be a string, a number, true or false",
    ]),
    ...["status=completed", new Map([["status", "completed"]]), null].map(
      (query): [string, (client: Loose) => unknown, string] => [
        `${String(query)} as the query of http`,
        ({ http }) => http?.GET?.("/orders", { params: { query } }),
        "The query of a call by http must be an object of values",
      ],
    ),
    ["a method that fetch does not send", ({ request }) => request("TRACE", "/x"), "The method must be one of HTTP"],
    ["a method that is null", ({ request }) => request(null, "/x"), "The method must be one of HTTP"],
    [
      "a path that is a symbol",
      ({ request }) => request("GET", Symbol("x")),
      "The path must be a string that starts with a slash",
    ],
    ["a GET with a body", ({ request }) => request("GET", "/x", { body: {} }), "A GET can have no body."],
    [
      "a misspelled query of http",
      ({ http }) => http?.GET?.("/orders", { querry: {} }),
      "init.querry is not an option. There are: params, body",
    ],
    [
      "a misspelled query in the params of http",
      ({ http }) => http?.GET?.("/orders", { params: { querry: { status: "completed" } } }),
      "init.params.querry is not an option. There are: path, query, header, cookie.",
    ],
    ["a timeout of http", ({ http }) => http?.GET?.("/orders", { timeout: 5 }), "init.timeout is not an option."],
    [
      "a parseAs that is none",
      ({ http }) => http?.GET?.("/orders", { parseAs: "yaml" }),
      'parseAs must be "json" or "text"',
    ],
    ["http with null", ({ http }) => http?.GET?.("/orders", null), "init must be an object of params, body"],
  ])("refuses %s with a TypeError, before anything is sent", async (_what, call, message) => {
    const { imcloud, calls } = apiOf(() => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } }));
    const error = await failureOf((async () => done(call(imcloud as never)))());
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect((error as Error).message).not.toContain("\n");
    expect(calls).toEqual([]);
  });

  test("accepts the same object at two places of a body", async () => {
    const { imcloud, calls } = apiOf(() => json({ id: "1" }));
    const product = { id: "500201", quantity: 1 };
    await imcloud.orders.create({ type: "sales", customerId: "1", products: [product, product] });
    expect(await calls[0]?.json()).toMatchObject({ products: [product, product] });
  });

  test.each<[what: string, make: () => unknown, message: string]>([
    ["fromEnv with null", () => createClient.fromEnv(null as never), "fromEnv must be an object of options; got null."],
    ["days of a text", () => days("5" as never), "days must be a number; got string."],
    ["days of NaN", () => days(Number.NaN), "days must be a number"],
    [
      "a sum with null",
      () => money.sum([null as never]),
      "An amount must be an object of currency and amount; got null.",
    ],
    [
      "a comparison with nothing",
      () => money.compare({ currency: "EUR", amount: "1" }, undefined as never),
      "several currencies",
    ],
    [
      "a proxy below a path without a slash",
      () => createProxy({ client: apiOf(() => json({})).imcloud, allow: ["orders_list"], basePath: "api" }),
      "basePath must be a path that begins with a slash",
    ],
  ])("refuses %s with a TypeError", (_what, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});
