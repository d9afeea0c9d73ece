import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../core/secrets/redact-by-name.ts";
import { createHttp } from "../http/create-http.ts";
import {
  createClient,
  createProxy,
  createRateLimiter,
  days,
  distinctRows,
  isMarketplaceError,
  money,
} from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { numRuns } from "../testing-runs.ts";
import { validator } from "../validate/validator.ts";

/** Any value, for calls without types. */
// biome-ignore lint/suspicious/noExplicitAny: what is tried is what types would refuse.
type Loose = any;

const deep = (levels: number): object => {
  let value = {};
  for (let level = 0; level < levels; level++) value = { value };
  return value;
};

class Instance {
  readonly #hidden = 1;
  shown = () => this.#hidden;
}

/** Values that untyped scripts and foreign JSON pass by mistake. */
const ODD = [
  ...[
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0,
    1.5,
    2 ** 53,
    2n,
    true,
    "",
    " ",
    "\ud800",
    "a\nb",
    "5",
    ".",
    "\\",
  ],
  ...[
    Symbol("odd"),
    () => 1,
    Instance,
    new Instance(),
    new Map([["a", 1]]),
    new Set([1]),
    new Date(0),
    new Date(Number.NaN),
  ],
  ...[[], ["x"], [null], ["https://api.example"], Array(3), {}, { a: 1 }, { toString: null }, Object.create(null)],
  ...[Promise.resolve(1), deep(20_000), new URL("https://x.example/"), new Headers(), /x/, new Uint8Array(3)],
  ...[new AbortController(), new Proxy({}, {}), Object("text"), Object(3)],
];

const anything = fc.oneof(
  fc.constantFrom(...ODD),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
);

const page = { data: [], pagination: { offset: 0, limit: 10, total: 0 } };
const thing = { id: "1", status: "completed", customerId: "1", products: [{ id: "1", quantity: 1 }] };

const setUp = (): Loose =>
  apiOf((request) => json(request.method === "GET" && /\/\w+s$/.test(new URL(request.url).pathname) ? page : thing), {
    rateLimit: false,
    retry: false,
  }).imcloud;

const connection = { baseUrl: "https://api.example", marketplace: "se", auth: { token: () => "demo-token" } };
const order = { type: "sales", customerId: "1", poNumber: "T-1", products: [] };
const foreign = { status: 200, ok: true, statusText: "", headers: new Headers(), body: null, text: async () => "{}" };
const through = (fetch: Loose) => createClient({ ...connection, fetch, retry: false, rateLimit: false }) as Loose;
const used = (...middleware: Loose[]) => {
  const imcloud = setUp();
  imcloud.use(...middleware);
  return imcloud.orders.get("1");
};

/** The functions under test, and how an error names each argument. */
const TARGETS: [what: string, named: RegExp, call: (value: Loose, imcloud: Loose) => unknown][] = [
  ["orders.get(id)", /orders_get/, (value, { orders }) => orders.get(value)],
  ["orders.get(id, options)", /orders_get/, (value, { orders }) => orders.get("1", value)],
  ...["signal", "timeout", "headers", "retry"].map((name): (typeof TARGETS)[number] => [
    `orders.get, ${name}`,
    new RegExp(`orders_get(\\.${name}| has a header)`),
    (value, { orders }) => orders.get("1", { [name]: value }),
  ]),
  ["orders.get, a header", /orders_get/, (value, { orders }) => orders.get("1", { headers: { "x-a": value } })],
  ["orders.create(body)", /The body of orders_create/, (value, { orders }) => orders.create(value)],
  ["orders.create, a field", /The body of orders_create/, (value, { orders }) => orders.create({ field: value })],
  ["orders.create, a field of an array", /The body of orders/, (value, { orders }) => orders.create({ rows: [value] })],
  ["orders.list(query)", /orders_list/, (value, { orders }) => orders.list(value)],
  ...["status", "customerId", "creationTimeFrom", "limit", "offset"].flatMap((name): typeof TARGETS => [
    [`orders.list, ${name}`, new RegExp(`orders_list: ${name}`), (value, { orders }) => orders.list({ [name]: value })],
    [
      `orders.list, ${name}, as an array`,
      new RegExp(`orders_list: ${name}`),
      (value, { orders }) => orders.list({ [name]: value }).toArray(),
    ],
    [
      `request to an operation, ${name}`,
      new RegExp(`orders_list: ${name}`),
      (value, { request }) => request("GET", "/orders", { query: { [name]: value } }),
    ],
  ]),
  ["toArray", /toArray/, (value, { orders }) => orders.list().toArray(value)],
  ["toArray, max", /toArray/, (value, { orders }) => orders.list().toArray({ max: value })],
  ["withProgress", /withProgress/, (value, { orders }) => Array.fromAsync(orders.list().withProgress(value))],
  ["pages", /pages/, (value, { orders }) => Array.fromAsync(orders.list().pages(value))],
  ["pages, after", /pages.after/, (value, { orders }) => Array.fromAsync(orders.list().pages({ after: value }))],
  ["request, method", /The method/, (value, { request }) => request(value, "/x")],
  ["request, path", /path/i, (value, { request }) => request("GET", value)],
  ["request, options", /The options of request|POST \/x/, (value, { request }) => request("POST", "/x", value)],
  ["request, body", /The body of POST \/x/, (value, { request }) => request("POST", "/x", { body: value })],
  ["request, query", /The query of GET \/x|GET \/x: /, (value, { request }) => request("GET", "/x", { query: value })],
  ["request, a filter", /GET \/x: a/, (value, { request }) => request("GET", "/x", { query: { a: value } })],
  ["http, path", /path|string|http|call/i, (value, { http }) => http.GET(value)],
  ["http, init", /init must be|init\./, (value, { http }) => http.GET("/plans", value)],
  ...["params", "headers", "signal", "parseAs", "middleware", "fetch", "baseUrl", "bodySerializer"].map(
    (name): (typeof TARGETS)[number] => [
      `http, ${name}`,
      new RegExp(`${name}|http|call would leave|A path|header|Middleware|function|constructor`, "i"),
      (value, { http }) => http.POST("/elsewhere", { body: {}, [name]: value }),
    ],
  ),
  ["http, a body", /[Bb]ody of /, (value, { http }) => http.POST("/orders", { body: value })],
  ["http, a field", /[Bb]ody of /, (value, { http }) => http.POST("/orders", { body: { field: value } })],
  ["http, a field of an array", /[Bb]ody of /, (value, { http }) => http.POST("/orders", { body: { rows: [value] } })],
  [
    "http, an id",
    /id|call would leave/,
    (value, { http }) => http.GET("/plans/{id}", { params: { path: { id: value } } }),
  ],
  ["http, a filter", /name/, (value, { http }) => http.GET("/customers", { params: { query: { name: value } } })],
  ["http, a header", /header/, (value, { http }) => http.GET("/plans", { headers: { "x-a": value } })],
  [
    "http, a header among params",
    /header/,
    (value, { http }) => http.GET("/plans", { params: { header: { "x-a": value } } }),
  ],
  ["use", /middleware|Class constructor/i, (value) => used(value)],
  ["use, options", /use/, (value) => used((request: Loose, next: Loose) => next(request), value)],
  ["use, what it returns", /A middleware gave no response/, (value) => used(() => value)],
  ["use, what it passes on", /A middleware gave no request/, (value) => used((_: Loose, next: Loose) => next(value))],
  ["withOptions", /withOptions|is not an option/, (value, { withOptions }) => void withOptions(value)],
  ...Object.keys({ ...connection, subscriptionKey: 0, timeout: 0, fetch: 0, retry: 0, rateLimit: 0, logger: 0 }).map(
    (name): (typeof TARGETS)[number] => [
      `createClient, ${name}`,
      new RegExp(`^${name}`),
      (value) => void createClient({ ...connection, [name]: value } as Loose),
    ],
  ),
  [
    "a token",
    /token/,
    (value) =>
      createClient({ ...connection, auth: { token: () => value } as Loose, fetch: async () => json(thing) }).orders.get(
        "1",
      ),
  ],
  ["what fetch gives", /never/, (value) => through(async () => value).orders.get("1")],
  ...["status", "headers", "text", "body"].flatMap((name): typeof TARGETS => [
    [
      `${name} of what fetch gives`,
      /never/,
      (value) => through(async () => ({ ...foreign, [name]: value })).orders.get("1"),
    ],
    [
      `${name} of what fetch gives a download`,
      /never/,
      (value) =>
        through(async () => ({ ...foreign, [name]: value })).reports.download({
          id: "1",
          downloadUrl: "https://files.example/1",
        }),
    ],
  ]),
  ["createOnce(body)", /createOnce|The body of orders_create/, (value, { orders }) => orders.createOnce(value)],
  ...["customerId", "poNumber", "type", "products"].map((name): (typeof TARGETS)[number] => [
    `createOnce, ${name}`,
    /createOnce|The body of orders_create/,
    (value, { orders }) => orders.createOnce({ ...order, [name]: value }),
  ]),
  ["createOnce, options", /createOnce/, (value, { orders }) => orders.createOnce(order, value)],
  ["createOnce, outbox", /createOnce/, (value, { orders }) => orders.createOnce(order, { outbox: value })],
  ["findOrCreate(body)", /findOrCreate|externalId|The body/, (value, { customers }) => customers.findOrCreate(value)],
  ["orders.wait(id)", /orders.wait|orders_get/, (value, { orders }) => orders.wait(value)],
  ["orders.wait(id, options)", /wait/, (value, { orders }) => orders.wait("1", value)],
  ["reports.run", /The body of reports_create/, (value, { reports }) => reports.run(value)],
  ["details, options", /details/, (value, { orders }) => Array.fromAsync(orders.details({}, value))],
  ["due", /due|subscriptions_list/, (value, { subscriptions }) => Array.fromAsync(subscriptions.due(value))],
  ["changeSeats(id)", /subscriptions_get/, (value, { subscriptions }) => subscriptions.changeSeats(value, { to: 3 })],
  ["changeSeats, target", /changeSeats/, (value, { subscriptions }) => subscriptions.changeSeats("1", value)],
  [
    "changeSeats, options",
    /changeSeats/,
    (value, { subscriptions }) => subscriptions.changeSeats("1", { to: 3 }, value),
  ],
  ["reports.download", /reports.download|reports_get/, (value, { reports }) => reports.download(value)],
  ["reports.download, id", /reports.download|reports_get/, (value, { reports }) => reports.download({ id: value })],
  ["days", /days/, (value) => void days(value)],
  ["distinctRows", /distinctRows/, (value) => void distinctRows(value)],
  ["distinctRows, a row", /distinctRows/, (value) => void distinctRows([value])],
  ["money.sum", /sum|amount/i, (value) => void money.sum(value)],
  ["money.sum, amount", /amount/i, (value) => void money.sum([{ currency: "EUR", amount: value }])],
  ["money.format", /amount|format/i, (value) => void money.format(value)],
  ["money.format, currency", /format/, (value) => void money.format({ currency: value, amount: "1" })],
  ["money.format, locales", /format/, (value) => void money.format({ currency: "EUR", amount: "1" }, value)],
  ["createRateLimiter", /options|option/, (value) => void createRateLimiter(value)],
  ["createRateLimiter, acquire", /acquire/, (value) => createRateLimiter({}).acquire(value)],
  ["createProxy", /options|option|client|allow/, (value) => void createProxy(value)],
  ["createProxy, allow", /allow/, (value, client) => void createProxy({ client, allow: value })],
  ["createProxy, an operation", /allow/, (value, client) => void createProxy({ client, allow: [value] })],
  ["a proxy", /proxy/, (value, client) => createProxy({ client, allow: ["orders_list"] })(value)],
  ["createHttp", /options|option|baseUrl|marketplace|auth/, (value) => void createHttp(value)],
  ["createRedactor", /createRedactor/, (value) => void createRedactor(value)],
  ["createRedactor, a secret", /createRedactor/, (value) => void createRedactor([value]).text("text")],
  ["createRedactor, text", /text/, (value) => void createRedactor(["demo-secret"]).text(value)],
  ["createRedactor, value", /never/, (value) => void createRedactor(["demo-secret"]).value(value)],
  ["createRedactor, learn", /learn/, (value) => void createRedactor(["demo-secret"]).learn(value)],
  ["withOptions, logger", /logger/, (value, client) => void client.withOptions({ logger: value })],
  ["withOptions, logLevel", /logLevel/, (value, client) => void client.withOptions({ logLevel: value })],
  ["withOptions, tracer", /tracer/, (value, client) => void client.withOptions({ tracer: value })],
  ["withOptions, meter", /meter/, (value, client) => void client.withOptions({ meter: value })],
  ["validator, onDifference", /onDifference/, (value) => void validator({ onDifference: value })],
  ["validator", /options|option/, (value) => void validator(value)],
];

describe.each(TARGETS)("%s", (_what, named, call) => {
  const imcloud = setUp();

  test("accepts any value, or refuses it with a message that names it", async () => {
    const property = fc.asyncProperty(anything, async (value) => {
      const error = await failureOf((async () => call(value, imcloud))().then(() => Promise.reject("done")));
      if (error === "done" || isMarketplaceError(error)) return;
      expect(error).toMatchObject({ name: "TypeError", message: expect.stringMatching(named) });
    });
    await fc.assert(property, { ...numRuns(ODD.length + 5), examples: ODD.map((value) => [value]) });
  });
});
