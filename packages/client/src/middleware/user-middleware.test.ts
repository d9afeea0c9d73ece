import { describe, expect, test } from "vitest";
import { type ClientOptionChanges, type Middleware, type PipelineRequest, UnknownOutcomeError } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";

const good = () => json({ id: "1" });
const quick = { retry: { limit: 3, minDelay: 1, maxDelay: 1 } };

describe("client.use", () => {
  test("runs around a call, with its operation, and outside of its retries", async () => {
    const seen: string[] = [];
    const { imcloud, calls } = apiOf((_request, count) => (count < 3 ? json({}, { status: 503 }) : good()), quick);
    imcloud.use(async (call, next) => {
      seen.push(`> ${call.operation} ${call.method} ${call.path} ${call.headers.authorization}`);
      const { response } = await next(call);
      seen.push(`< ${response.status}`);
      return { response, text: '{"id":"changed"}' };
    });
    expect(await imcloud.customers.get("7")).toEqual({ id: "changed" });
    expect(seen).toEqual(["> customers_get GET /customers/7 undefined", "< 200"]);
    expect(calls).toHaveLength(3);
  });

  test("runs around each attempt, inside retries and limit, where the token is", async () => {
    const seen: string[] = [];
    const { imcloud } = apiOf((_request, count) => (count < 3 ? json({}, { status: 503 }) : good()), quick);
    imcloud.use(
      async (call, next) => {
        const { response, text } = await next(call);
        seen.push(
          `${call.operation} ${call.state.attempt} ${call.headers.authorization?.split(" ")[0]} ${response.status}`,
        );
        return { response, text };
      },
      { around: "attempt" },
    );
    await imcloud.customers.get("7");
    expect(seen).toEqual([
      "token_create 1 Basic 200",
      "customers_get 1 Bearer 503",
      "customers_get 2 Bearer 503",
      "customers_get 3 Bearer 200",
    ]);
  });

  test("puts the first outermost, also for http and request, and for calls from then on", async () => {
    const { imcloud, calls } = apiOf(good);
    const mark =
      (name: string): Middleware =>
      (call, next) =>
        next({ ...call, headers: { ...call.headers, "x-mark": `${call.headers["x-mark"] ?? ""}${name}` } });
    await imcloud.customers.get("1");
    imcloud.use(mark("a"));
    imcloud.use(mark("b"));
    imcloud.use(mark("c"), { around: "attempt" });
    await imcloud.customers.get("1");
    await imcloud.http.GET("/plans/{id}", { params: { path: { id: "1" } } });
    await imcloud.request("GET", "/else");
    expect(calls.map(({ headers }) => headers.get("x-mark"))).toEqual([null, "abc", "abc", "abc"]);
  });

  test("may return a response itself, and then nothing is sent", async () => {
    const { imcloud, calls } = apiOf(good);
    imcloud.use(async () => ({ response: new Response(null, { status: 200 }), text: '{"id":"cached"}' }));
    expect(await imcloud.customers.get("1")).toEqual({ id: "cached" });
    expect(calls).toHaveLength(0);
  });

  test("keeps what is known of a write whose request a middleware copied", async () => {
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("terminated")), { retry: false });
    imcloud.use((call, next) => next({ ...call }));
    imcloud.use(
      (call, next) => next(structuredClone({ ...call, signal: undefined, state: undefined }) && { ...call }),
      {
        around: "attempt",
      },
    );
    const order = { type: "sales", customerId: "1" } as never;
    expect(await failureOf(imcloud.orders.create(order))).toMatchObject({ name: "UnknownOutcomeError" });
  });

  test.each(["call", "attempt"] as const)(
    "says so when a middleware forgets its response, around a %s",
    async (around) => {
      const { imcloud } = apiOf(good, { auth: { token: () => "t" } });
      imcloud.use((async () => {}) as never, { around });
      expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({
        name: "TypeError",
        message: "A middleware gave no response to customers_get: it must return what next(request) gives.",
      });
    },
  );

  test.each(["call", "attempt"] as const)(
    "sends a write once, whatever a middleware does around a %s",
    async (around) => {
      const order = { type: "sales", customerId: "1" } as never;
      const twice: Middleware[] = [
        async (call, next) => {
          await next(call);
          return next(call);
        },
        (call, next) => next(call).catch(() => next(call)),
        async (call, next) => {
          const first = next(call);
          await next({ ...call }).finally(() => first);
          return first;
        },
      ];
      for (const [index, middleware] of twice.entries()) {
        const lost = () => (index === 1 ? Promise.reject(new TypeError("terminated")) : good());
        const { imcloud, calls } = apiOf(lost, { retry: false });
        imcloud.use((call, next) => (call.operation === "orders_create" ? middleware(call, next) : next(call)), {
          around,
        });
        expect(await failureOf(imcloud.orders.create(order))).toMatchObject({
          name: "TypeError",
          message: "A middleware sent orders_create again, which may have been done: a write is sent once.",
        });
        expect(calls).toHaveLength(1);
      }
    },
  );

  test("sends a read again, and a write that was refused, for a middleware that asks for it", async () => {
    const { imcloud, calls } = apiOf((_request, count) => (count % 2 ? json({}, { status: 429 }) : good()), {
      retry: false,
      rateLimit: false,
    });
    imcloud.use(async (call, next) => {
      const first = await next(call);
      return first.response.ok ? first : next(call);
    });
    await imcloud.orders.create({ type: "sales", customerId: "1" } as never);
    await imcloud.orders.get("1");
    expect(calls).toHaveLength(4);
  });

  test.each<[string, Middleware, string]>([
    [
      "a signal that is a controller",
      (call, next) => next({ ...call, signal: new AbortController() as never }),
      "signal",
    ],
    ["an object as its body", (call, next) => next({ ...call, body: {} as never }), "a body to customers_update"],
    [
      "a header that no platform sends",
      (call, next) => next({ ...call, headers: { ...call.headers, "x-tenant": "a\nb" } }),
      "customers_update has a header whose name or value no header can have.",
    ],
    ["a request without its state", ({ url }, next) => next({ url } as never), "no request to customers_update"],
    [
      "a response of its own making",
      async () => ({ response: {} as never, text: "{}" }),
      "no response to customers_update",
    ],
    ["a Response", async () => good() as never, "no response to customers_update"],
  ])("refuses %s before anything is sent", async (_what, middleware, message) => {
    const { imcloud, calls } = apiOf(good, { auth: { token: () => "t" } });
    imcloud.use(middleware);
    expect(await failureOf(imcloud.customers.update("1", { name: "x" }))).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining(message),
    });
    expect(calls).toHaveLength(0);
  });

  test.each<[string, (call: PipelineRequest) => PipelineRequest]>([
    ["all of it", (call) => structuredClone(call)],
    ["its state", (call) => ({ ...call, state: { ...call.state } })],
    ["it as one that changes nothing", (call) => ({ ...call, isSafe: true })],
  ])("cannot make an order twice of a call by copying %s", async (_what, copy) => {
    const { imcloud, calls } = apiOf(() => Promise.reject(new TypeError("fetch failed")), {
      auth: { token: () => "t" },
      retry: { limit: 1, minDelay: 1 },
    });
    imcloud.use((call, next) => next(copy(call)).catch(() => next(copy(call))));
    await failureOf(imcloud.orders.create({ type: "sales", customerId: "1" } as never));
    expect(calls).toHaveLength(1);
  });

  test("leaves the outcome of a write unknown that was lost, also where it copied the call", async () => {
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("fetch failed")), { auth: { token: () => "t" } });
    imcloud.use((call, next) => next(structuredClone(call)));
    expect(await failureOf(imcloud.orders.create({ type: "sales", customerId: "1" } as never))).toBeInstanceOf(
      UnknownOutcomeError,
    );
  });

  describe.each(["call", "attempt"] as const)("around a %s", (around) => {
    const headersBy = async (change: (headers: Record<string, string>) => unknown) => {
      const { imcloud, calls } = apiOf(good, { auth: { token: () => "t" } });
      imcloud.use((call, next) => next({ ...call, headers: change(call.headers) as never }), { around });
      await imcloud.customers.update("1", { name: "x" });
      return calls[0]?.headers;
    };

    test("gives a header in place of the one that has its name in another case", async () => {
      const names = {
        Accept: "application/problem+json",
        "Content-Type": "application/json",
        Authorization: "Bearer x",
      };
      const headers = await headersBy((given) => ({ ...given, ...names }));
      expect(["accept", "content-type", "authorization"].map((name) => headers?.get(name))).toEqual(
        Object.values(names),
      );
    });

    test("may give a Headers, and what is undefined is not given", async () => {
      const headers = await headersBy((given) => new Headers({ ...given, "x-tenant": "7" }));
      expect(headers?.get("x-tenant")).toBe("7");
      expect(headers?.get("authorization")).toBe("Bearer t");
      expect((await headersBy((given) => ({ ...given, "x-tenant": undefined })))?.get("x-tenant")).toBeNull();
      expect((await headersBy(() => undefined))?.get("authorization")).toBe("Bearer t");
    });
  });

  test.each<[string, Middleware]>([
    ["waits for something else", () => new Promise(() => {})],
    ["has dropped the signal", (call, next) => next({ ...call, signal: undefined })],
  ])("cannot keep a call from its abort, where it %s", async (_what, middleware) => {
    const { imcloud } = apiOf(() => new Promise(() => {}));
    imcloud.use(middleware);
    const signal = AbortSignal.timeout(20);
    expect(await failureOf(imcloud.customers.get("1", { signal }))).toBe(signal.reason);
    const order = { type: "sales", customerId: "1" } as never;
    expect(await failureOf(imcloud.orders.create(order, { signal }))).toBe(signal.reason);
    expect(await failureOf(imcloud.http.GET("/plans", { signal: AbortSignal.timeout(20) }))).toMatchObject({
      name: "TimeoutError",
    });
  });

  test("sends nothing after an abort by a middleware that has another signal, and goes on by itself", async () => {
    const { imcloud, calls } = apiOf(good, { auth: { token: () => "t" } });
    const { signal } = new AbortController();
    let goOn = () => {};
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let end: Promise<unknown> | undefined;
    imcloud.use((call, next) => {
      const sent = waiting.then(() => next({ ...call, signal }));
      end = sent.catch((error) => error);
      return sent;
    });
    const reason = new Error("enough");
    const order = { type: "sales", customerId: "1" } as never;
    const controller = new AbortController();
    const created = failureOf(imcloud.orders.create(order, { signal: controller.signal }));
    controller.abort(reason);
    expect(await created).toBe(reason);
    goOn();
    expect(await end).toBe(reason);
    expect(calls).toHaveLength(0);
  });

  test("sends a read again no more that it made a write of", async () => {
    const { imcloud, calls } = apiOf(() => json({}, { status: 503 }), quick);
    imcloud.use((call, next) => next({ ...call, method: "POST" }));
    await failureOf(imcloud.customers.get("1"));
    expect(calls).toHaveLength(1);
  });

  test("refuses what is no middleware, and a place that there is not", () => {
    const { imcloud } = apiOf(good);
    expect(() => imcloud.use({} as never)).toThrow("use needs a middleware");
    expect(() => imcloud.use((call, next) => next(call), { around: "retry" as never })).toThrow(
      'use.around must be "call" or "attempt"; got "retry".',
    );
  });
});

describe("client.withOptions", () => {
  test.each<[string, ClientOptionChanges]>([
    ["the same base URL and marketplace", { baseUrl: "https://api.example/marketplace/", marketplace: "se" }],
    ["another password of the same user", { auth: { username: "demo.api", password: "new-password" } }],
  ])("places an order once by two copies that are used at once, given %s", async (_what, changes) => {
    const { imcloud, calls } = apiOf(async ({ method, url }) => {
      if (method === "GET" && !/orders\/./.test(url)) return json({ data: [], pagination: { total: 0 } });
      if (method === "POST") await new Promise((resolve) => setTimeout(resolve, 20));
      return json({ id: "900001" });
    });
    const order = { type: "sales", customerId: "1", poNumber: "PO-1", products: [{ mpn: "A", quantity: 1 }] } as const;
    const both = [imcloud, imcloud.withOptions(changes)].map(({ orders }) => orders.createOnce(order as never));
    expect(await Promise.all(both)).toMatchObject([{ id: "900001" }, { id: "900001" }]);
    expect(calls.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("signs in once where it is given the options that it has", async () => {
    const { imcloud, signIns } = apiOf(good);
    await imcloud.customers.get("1");
    await imcloud.withOptions({ baseUrl: "https://api.example/marketplace", marketplace: "se" }).customers.get("1");
    expect(signIns()).toBe(1);
  });

  test("shares the token and the limiter, and begins with the middleware", async () => {
    const { imcloud, calls, signIns } = apiOf(good, { rateLimit: { perMinute: 3 } });
    const seen: string[] = [];
    imcloud.use((call, next) => {
      seen.push(call.operation);
      return next(call);
    });
    const copy = imcloud.withOptions({ timeout: 300_000 });
    await imcloud.customers.get("1");
    await copy.customers.get("1");
    expect(signIns()).toBe(1);
    expect(seen).toHaveLength(2);
    // Three a minute: the sign-in and two calls.
    expect(
      await Promise.race([copy.customers.get("1").then(() => "sent"), new Promise((r) => setTimeout(r, 50, "waits"))]),
    ).toBe("waits");
    expect(calls).toHaveLength(2);
    copy.use((call, next) => next(call));
    expect(imcloud).not.toBe(copy);
  });

  test("signs in by its own options and middleware, and for the client that it is a copy of too", async () => {
    const { imcloud, calls, signIns } = apiOf(good);
    const sent: string[] = [];
    const seen: string[] = [];
    const copy = imcloud.withOptions({
      fetch: async ({ url }) => {
        sent.push(new URL(url).pathname);
        return url.endsWith("/token") ? json({ token: "t", expiresInSeconds: 1500 }) : good();
      },
    });
    copy.use(
      (call, next) => {
        seen.push(call.operation);
        return next(call);
      },
      { around: "attempt" },
    );
    await copy.customers.get("1");
    await imcloud.customers.get("2");
    expect(sent).toEqual(["/marketplace/token", "/marketplace/customers/1"]);
    expect(seen).toEqual(["token_create", "customers_get"]);
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer t"]);
    expect(signIns()).toBe(0);
  });

  test("has a token of its own for another user, and a limiter of its own for another limit", async () => {
    const { imcloud, signIns } = apiOf(good);
    await imcloud.customers.get("1");
    await imcloud.withOptions({ auth: { username: "other.api", password: "other" } }).customers.get("1");
    expect(signIns()).toBe(2);
    await imcloud.withOptions({ rateLimit: { perMinute: 1 } }).customers.get("1");
    expect(signIns()).toBe(2);
  });

  test("takes undefined for not given, and refuses what createClient refuses", async () => {
    const { imcloud } = apiOf(good, { timeout: 7 });
    await imcloud.withOptions({ timeout: undefined, auth: undefined }).customers.get("1");
    expect(() => imcloud.withOptions({ timeOut: 5 } as never)).toThrow("timeOut is not an option.");
    expect(() => imcloud.withOptions({ retry: 5 } as never)).toThrow("retry must be an object of");
  });
});
