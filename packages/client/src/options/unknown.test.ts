import { describe, expect, test } from "vitest";
import { createHttp } from "../http/create-http.ts";
import { type ClientOptions, createClient, createRateLimiter, type RequestOptions } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { validator } from "../validate/validator.ts";

const good = { baseUrl: "https://api.example", marketplace: "se", auth: { username: "a", password: "S3cret" } };
type Wrong = Record<string, unknown>;

describe("createClient", () => {
  test.each([1500.5, 0.25, 1e6 + 0.1])("accepts %d milliseconds for every duration", async (milliseconds) => {
    const time = {
      minDelay: milliseconds,
      maxDelay: milliseconds,
      maxRetryAfter: milliseconds,
      deadline: milliseconds,
    };
    const { imcloud } = apiOf(() => json({ id: "1", status: "completed" }), { timeout: 1500.5, retry: time });
    await imcloud.orders.get("1", { timeout: 1500.5, retry: time });
    await imcloud.orders.wait("1", { timeout: 1500.5 });
    await createHttp({
      ...good,
      timeout: milliseconds,
      fetch: async () => json({ token: "t", expiresInSeconds: 1500 }),
    }).GET("/plans");
  });
});

test("withOptions starts from the original options, even if the object was changed later", async () => {
  const hosts: string[] = [];
  const options: ClientOptions = {
    ...good,
    fetch: async ({ url }) => {
      hosts.push(new URL(url).host);
      return json(url.endsWith("/token") ? { token: "t", expiresInSeconds: 1500 } : { id: "1" });
    },
  };
  const imcloud = createClient(options);
  await imcloud.orders.get("1");
  options.baseUrl = "https://other.example";
  await imcloud.withOptions({ timeout: 5_000 }).orders.get("1");
  expect(new Set(hosts)).toEqual(new Set(["api.example"]));
});

describe("createClient", () => {
  test.each<[Wrong, string]>([
    [{ retry: 5 }, "retry must be an object of limit, minDelay, maxDelay, maxRetryAfter, deadline; got number."],
    // A secret instead of an object.
    [{ auth: { oauth2: "S3cret" } }, "auth.oauth2 must be an object of"],
    [{ auth: { oauth2: ["S3cret"] } }, "auth.oauth2 must be an object of"],
    [{ timeout: Symbol("x") }, "timeout must be a number of milliseconds from 0 to 2147483647; got symbol."],
    [
      { baseUrl: Symbol("x") },
      "baseUrl must be an http or https URL without credentials, query or fragment; got symbol.",
    ],
    [{ retry: true }, "retry must be an object of"],
    [{ retry: { limits: 3 } }, "retry.limits is not an option. There are: limit, minDelay"],
    [{ retry: { limit: -1 } }, "retry.limit must be a whole number from 0 to 2147483647; got -1."],
    [{ retry: { limit: "3" } }, 'retry.limit must be a whole number from 0 to 2147483647; got "3".'],
    [{ retry: { limit: Number.POSITIVE_INFINITY } }, "retry.limit must be a whole number"],
    [{ rateLimit: 60 }, "rateLimit must be an object of perMinute, perDay, queue"],
    [{ rateLimit: true }, "rateLimit must be an object of"],
    [{ rateLimit: { perSecond: 1 } }, "rateLimit.perSecond is not an option"],
    [{ rateLimit: { perMinute: 0 } }, "rateLimit.perMinute must be a whole number from 1"],
    [{ logger: true }, "logger must be an object with debug, info, warn, error; got boolean."],
    [{ logger: { info() {} } }, "logger must be an object with debug, info, warn, error; got Object."],
    [{ logLevel: "silent" }, 'logLevel must be "debug" or "info" or "warn" or "error" or "off"; got "silent".'],
    [{ logLevel: 3 }, "logLevel must be"],
    [{ validate: "warn" }, "validate must be validator() from @imcloud/client/validate; got string."],
    [{ validate: true }, "validate must be validator() from"],
    [{ tracer: {} }, "tracer must be an object with startSpan; got Object."],
    [{ tokenStore: new Map(), fetch: 5 }, "tokenStore must"],
    [{ tokenStore: { get() {} } }, "tokenStore must be an object with get, set; got Object."],
    [{ fetch: "https://x" }, "fetch must be a function; got string."],
    [{ timeout: "5000" }, 'timeout must be a number of milliseconds from 0 to 2147483647; got "5000".'],
    [{ timeout: null }, "timeout must be a number of milliseconds from 0 to 2147483647; got null."],
    [{ timeOut: 5 }, "timeOut is not an option. There are: baseUrl, marketplace, auth"],
    [{ toString: 5 }, "toString is not an option."],
    [{ constructor: 5 }, "constructor is not an option."],
    [{ auth: { user: "a", password: "S3cret" } }, "auth.username must be a string that is not empty; got undefined."],
    [
      { auth: { username: "a", password: "S3cret", realm: "x" } },
      "auth.realm is not an option. There are: username, password.",
    ],
    [{ auth: { username: "a", password: 53232 } }, "auth.password must be a string that is not empty; got number."],
    [{ auth: "S3cret" }, "auth must be { username, password }, { oauth2 } or { token }; got string."],
    [{ auth: { token: "S3cret" } }, "auth.token must be a function; got string."],
    [
      { auth: { oauth2: { url: "https://x", username: "a", password: "S3cret", clientId: "c", secret: "S3cret" } } },
      "auth.oauth2.secret is not an option",
    ],
    [{ subscriptionKey: 5 }, "subscriptionKey must be ASCII text; got number."],
    [{ subscriptionKey: "S3cret\n" }, "subscriptionKey must be ASCII text; got string."],
    [
      { baseUrl: "https://user:S3cret@api.example" },
      "baseUrl must be an http or https URL without credentials, query or fragment; got string.",
    ],
  ])("refuses %j with a clear message", (options, sentence) => {
    const make = () => createClient({ ...good, ...options } as ClientOptions);
    if (sentence === "tokenStore must") return expect(make).toThrow("fetch must be a function; got number.");
    expect(make).toThrow(TypeError);
    expect(make).toThrow(sentence);
    expect(make).not.toThrow(/S3cret|53232/);
  });

  test("refuses an array of BigInt instead of a number", () => {
    expect(() => createClient({ ...good, timeout: [1n] as never })).toThrow("from 0 to 2147483647; got Array.");
  });

  test.each(["S3cret", [["S3cret"]]])(
    "refuses a possible secret instead of options, without showing it: %j",
    (given) => {
      const make = () => createClient(given as never);
      expect(make).toThrow("options must be an object of");
      expect(make).not.toThrow(/S3cret/);
    },
  );

  test.each([undefined, null, 5, "x", []])("refuses %j instead of options", (options) => {
    expect(() => createClient(options as never)).toThrow("options must be an object of baseUrl, marketplace, auth");
  });
});

test("createHttp refuses options of createClient, which it would ignore", () => {
  expect(() => createHttp({ ...good, retry: { limit: 1 } } as never)).toThrow("retry is not an option.");
});

test("createRateLimiter and validator refuse unknown options", () => {
  expect(() => createRateLimiter({ perHour: 3 } as never)).toThrow(
    "perHour is not an option. There are: perMinute, perDay",
  );
  expect(() => createRateLimiter(60 as never)).toThrow("options must be an object of perMinute");
  expect(() => validator({ mode: "warn" } as never)).toThrow("mode is not an option. There are: onDifference.");
});

describe("request options", () => {
  test.each<[Wrong, string]>([
    [
      { signal: new AbortController() },
      "customers_get.signal must be an AbortSignal, such as controller.signal; got AbortController.",
    ],
    [{ signal: 5000 }, "customers_get.signal must be an AbortSignal"],
    [{ timeout: -1 }, "customers_get.timeout must be a number of milliseconds from 0 to 2147483647; got -1."],
    [{ timeOut: 5 }, "customers_get.timeOut is not an option. There are: signal, timeout, headers, retry."],
    [{ retry: 3 }, "customers_get.retry must be an object of limit"],
    [{ retry: { limit: 1.5 } }, "customers_get.retry.limit must be a whole number"],
    [{ headers: { "x-a": 5 } }, "customers_get.headers must be an object of strings; got Object."],
    [{ headers: "x-a: S3cret" }, "customers_get.headers must be an object of strings; got string."],
  ])("are rejected: %j", async (options, sentence) => {
    const { imcloud, calls } = apiOf(() => json({ id: "1" }));
    const error = await failureOf(imcloud.customers.get("1", options as RequestOptions));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toContain(sentence);
    expect((error as Error).message).not.toContain("S3cret");
    expect(calls).toHaveLength(0);
  });

  test("may have a signal of another realm and a Headers object", async () => {
    const { imcloud, calls } = apiOf(() => json({ id: "1" }));
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} } as never;
    await imcloud.customers.get("1", { signal, headers: new Headers({ "x-a": "1" }) as never });
    expect(calls[0]?.headers.get("x-a")).toBe("1");
  });
});

describe("list options", () => {
  test.each<[string, Wrong, string]>([
    [
      "orders",
      { stauts: "completed" },
      "orders_list: stauts is not a filter. There are: customerId, subscriptionId, orderNumber, status",
    ],
    [
      "orders",
      { status: "complete" },
      'orders_list: status must be "submitted" or "processing" or "error" or "completed" or "cancelled"; got "complete".',
    ],
    ["orders", { status: "" }, "orders_list: status must be"],
    ["subscriptions", { status: "active,hold" }, "subscriptions_list: status must be"],
    ["orders", { customerId: 1.5 }, "orders_list: customerId must be a string that is not empty; got number."],
    ["customers", { externalId: "" }, "customers_list: externalId must be a string that is not empty; got string."],
    ["customers", { externalId: null }, "customers_list: externalId must be a string that is not empty"],
    ["orders", { limit: "50" }, "orders_list: limit must be a number; got string."],
    ["orders", { creationTimeFrom: "yesterday" }, "orders_list: creationTimeFrom must be a Date or a time in ISO 8601"],
    [
      "orders",
      { creationTimeFrom: new Date("x") },
      "orders_list: creationTimeFrom must be a Date or a time in ISO 8601",
    ],
    ["orders", { toString: "x" }, "orders_list: toString is not a filter."],
    ["plans", { name: "Acme" }, "plans_list: name is not a filter. There are: offset, limit."],
  ])("are rejected before anything is sent: %s.list(%j)", async (resource, query, sentence) => {
    const { imcloud, calls } = apiOf(() => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } }));
    const list = (
      imcloud as unknown as Record<string, { list(query: Wrong): Promise<unknown> & AsyncIterable<unknown> }>
    )[resource];
    expect((await failureOf(Promise.resolve(list?.list(query)))) as Error).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining(sentence),
    });
    const loop = async () => {
      for await (const _ of list?.list(query) ?? []) expect.unreachable();
    };
    await expect(loop()).rejects.toThrow(sentence);
    expect(calls).toHaveLength(0);
  });

  test("are sent with every documented filter", async () => {
    const { imcloud, calls } = apiOf(() => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } }));
    await imcloud.orders.list({
      status: "completed",
      creationTimeFrom: new Date(Date.UTC(2026, 8, 1)),
      creationTimeTo: "2026-10-01T00:00:00Z",
    });
    await imcloud.reports.list({ from: new Date(Date.UTC(2026, 8, 1)), to: "2026-10-01" });
    expect(calls.map(({ url }) => decodeURIComponent(new URL(url).search))).toEqual([
      "?status=completed&creationTimeFrom=2026-09-01T00:00:00Z&creationTimeTo=2026-10-01T00:00:00Z",
      "?from=2026-09-01&to=2026-10-01",
    ]);
  });
});
