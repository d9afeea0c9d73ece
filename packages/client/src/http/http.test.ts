import { describe, expect, test } from "vitest";
import { type ConnectionOptions, createClient } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { serve } from "../testing-server.ts";
import { createHttp } from "./create-http.ts";

const customer = { id: "1002101", name: "Brightwater Dental Group" };

describe("client.http", () => {
  test("applies middlewares in the order in which they were added, and removes them on eject", async () => {
    const { imcloud, calls } = apiOf(() => json(customer));
    const mark = (value: string) => ({
      onRequest: ({ request }: { request: Request }) => request.headers.append("x-mark", value),
    });
    const [one, two] = [mark("one"), mark("two")] as unknown as Parameters<typeof imcloud.http.use>;
    imcloud.http.use(one as never, two as never);
    await imcloud.http.GET("/plans");
    imcloud.http.eject(one as never);
    await imcloud.http.GET("/plans");
    expect(calls.map(({ headers }) => headers.get("x-mark"))).toEqual(["one, two", "two"]);
  });

  test("has the headers that are used of a fetch whose headers can only be asked by name", async () => {
    const given: Record<string, string> = { "x-correlation-id": "a8n-1", "retry-after": "7" };
    const headers = { get: (name: string) => given[name] ?? null, has: (name: string) => name in given };
    const { http } = createClient({
      ...{ baseUrl: "https://api.example/marketplace", marketplace: "se", auth: { token: () => "t" } },
      fetch: async () => ({ status: 404, statusText: "No", ok: false, headers, body: null, text: async () => "{}" }),
    });
    const { response } = await http.GET("/plans");
    expect(Object.fromEntries(response.headers)).toMatchObject(given);
    expect([...response.headers.keys()]).not.toContain("get");
  });

  test("gives the error of a server whose status in words is in another encoding", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/token") return response.end('{"token":"t","expiresInSeconds":900}');
      // Node writes it in Latin 1 and reads it as UTF-8.
      response.writeHead(400, "Requ\u00eate incorrecte").end('{"message":"no"}');
    });
    const { http } = createClient({ baseUrl: url, marketplace: "se", auth: { username: "demo.api", password: "p" } });
    const { error, response } = await http.POST("/orders", { body: { type: "sales", customerId: "1", products: [] } });
    expect(error).toEqual({ message: "no" });
    expect(response.statusText).toBe("Requ?te incorrecte");
  });

  test("refuses a value that is not a middleware", () => {
    const { imcloud } = apiOf(() => json(customer));
    expect(() => imcloud.http.use("nothing" as never)).toThrow("Middleware must be an object");
  });

  test("writes a query as the resources do", async () => {
    const { imcloud, calls } = apiOf(() => json({ data: [] }));
    const query = { name: "Å & B+C", limit: 5 };
    await imcloud.customers.list(query);
    await imcloud.http.GET("/customers", { params: { query } });
    expect(calls[1]?.url).toBe(calls[0]?.url);
    expect(calls[0]?.url).toBe("https://api.example/marketplace/customers?name=%C3%85%20%26%20B%2BC&limit=5");
  });
});

describe("client.http", () => {
  const page = () => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } });

  test.each<[string, object, string]>([
    ["/orders", { stauts: "completed" }, "orders_list: stauts is not a filter. There are: customerId,"],
    ["/orders", { status: "complete" }, 'orders_list: status must be "submitted" or "processing"'],
    ["/orders", { status: ["submitted", "processing"] }, "orders_list: status can have one value in a call."],
    ["/orders", { customerId: "" }, "orders_list: customerId must be a string that is not empty"],
    ["/orders", { limit: "ten" }, "orders_list: limit must be a number"],
    [
      "/orders",
      { creationTimeFrom: "yesterday" },
      "orders_list: creationTimeFrom must be a Date or a time in ISO 8601",
    ],
    ["/plans/{id}", { limit: 5 }, "plans_get: limit is not a filter. It has none."],
  ])("refuses, before anything is sent, GET %s with %j", async (path, query, message) => {
    const { imcloud, calls } = apiOf(page);
    const params = { query, path: { id: "200110" } };
    const calling = imcloud.http.GET(path as "/orders", { params } as never);
    expect(await failureOf(calling)).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  test("names its operation in errors, logs and middleware, and retries safe calls", async () => {
    const lines: object[] = [];
    const log = (_line: string, details: object) => void lines.push(details);
    const logger = { debug: log, info: log, warn: log, error: log };
    const { imcloud, calls } = apiOf(
      (_, count) => (count === 1 ? json({ message: "busy" }, { status: 503 }) : page()),
      {
        logger,
        retry: { minDelay: 1, maxDelay: 1 },
      },
    );
    const seen: object[] = [];
    imcloud.use((call, next) => {
      seen.push({ operation: call.operation, template: call.template });
      return next(call);
    });
    await imcloud.http.POST("/orders/estimate", { body: { customerId: "1002101", products: [] } });
    expect(seen).toEqual([{ operation: "orders_estimate", template: "/orders/estimate" }]);
    expect(lines).toMatchObject([{}, { operation: "orders_estimate", status: 503 }, { operation: "orders_estimate" }]);
    expect(calls).toHaveLength(2);
  });
});

describe("client.request", () => {
  const page = () => json({ data: [], pagination: { offset: 0, limit: 10, total: 0 } });

  test("knows the document's operations, and checks their queries", async () => {
    const { imcloud, calls } = apiOf(page);
    const refused = imcloud.request("GET", "/orders", { query: { stauts: "completed" } });
    expect(await failureOf(refused)).toMatchObject({ name: "TypeError", message: expect.stringContaining("stauts") });
    expect(await failureOf(imcloud.request("GET", "/plans/.."))).toMatchObject({ name: "TypeError" });
    expect(calls).toEqual([]);
    await imcloud.request("GET", "/orders?status=completed", { query: { limit: 5 } });
    await imcloud.request("get", "/orders/900301/lines?more=1", { query: { anything: true } });
    expect(calls.map(({ url }) => url.replace(/.*marketplace/, ""))).toEqual([
      "/orders?status=completed&limit=5",
      "/orders/900301/lines?more=1&anything=true",
    ]);
  });

  test.each<[path: string, query: object, message: string]>([
    ["/orders?statuz=1", {}, "orders_list: statuz is not a filter."],
    ["/orders?status=complete", {}, 'orders_list: status must be "submitted" or "processing"'],
    ["/orders?status=", {}, "orders_list: status must be"],
    ["/orders?%73tatuz=1", {}, "orders_list: statuz is not a filter."],
    ["/%6Frders?statuz=1", {}, "orders_list: statuz is not a filter."],
    ["/resellers/1/orders?poNumber=1", {}, "resellers_listOrders: poNumber is not a filter."],
    ["/plans/200110?limit=1", {}, "plans_get: limit is not a filter. It has none."],
    ["/orders?status=completed&status=error", {}, "orders_list: status can have one value in a call."],
    ["/orders?status=completed", { status: "error" }, "orders_list: status can have one value in a call."],
    ["/orders?limit=ten", {}, "orders_list: limit must be a number"],
    ["/orders?a?b=1", {}, "orders_list: a?b is not a filter."],
    ["/orders?", { statuz: 1 }, "orders_list: statuz is not a filter."],
    ["/orders#x?statuz=1", {}, "A path must have no line break, tab, backslash or fragment."],
    ["/ord\ners?statuz=1", {}, "A path must have no line break, tab, backslash or fragment."],
  ])("refuses, before anything is sent, GET %s with %j", async (path, query, message) => {
    const { imcloud, calls } = apiOf(page);
    const error = await failureOf(imcloud.request("GET", path, { query: query as never }));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  test("names the operation in errors, with the path as it was sent", async () => {
    const { imcloud } = apiOf(() => json({ message: "no" }, { status: 404 }));
    const names = { operation: "orders_get", path: "/orders/900%20301" };
    expect(await failureOf(imcloud.request("GET", "/orders/900%20301"))).toMatchObject(names);
    const other = { operation: "GET /nowhere", path: "/nowhere" };
    expect(await failureOf(imcloud.request("GET", "/nowhere?key=1"))).toMatchObject(other);
  });
});

describe("client.http, its response", () => {
  const responding = (text: string) =>
    apiOf(() => new Response(text, { headers: { "x-correlation-id": "demo-1" } })).imcloud.http;
  const text = JSON.stringify(customer);

  test("is the platform's own Response, with its url", async () => {
    const own = Object.defineProperty(json(customer), "url", { value: "https://api.example/marketplace/plans" });
    const { data, response } = await apiOf(() => own).imcloud.http.GET("/plans");
    expect(data).toEqual(customer);
    expect(response).toBe(own);
  });

  test("keeps its response", async () => {
    const { response } = await responding(text).GET("/plans");
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.headers.get("x-correlation-id")]).toEqual([200, "demo-1"]);
  });

  test.each([
    ["json", async (data: unknown) => data, customer],
    ["text", async (data: unknown) => data, text],
    ["blob", (data: unknown) => (data as Blob).text(), text],
    ["arrayBuffer", async (data: unknown) => new TextDecoder().decode(data as ArrayBuffer), text],
    ["stream", (data: unknown) => new Response(data as ReadableStream).text(), text],
  ] as const)("can be asked for as %s", async (parseAs, read, expected) => {
    const { data } = await responding(text).GET("/plans", { parseAs });
    expect(await read(data)).toEqual(expected);
  });

  test("goes through a middleware of this call only, which gets a Request and a Response", async () => {
    const seen: unknown[] = [];
    const middleware = [
      {
        onRequest({ request }: { request: Request }) {
          seen.push(request instanceof Request);
          return new Request(request, { headers: { "x-mark": "one" } });
        },
        onResponse: async ({ response }: { response: Response }) => {
          seen.push(await response.clone().json());
        },
      },
    ];
    const { imcloud, calls } = apiOf(() => json(customer));
    expect((await imcloud.http.GET("/plans", { middleware })).data).toEqual(customer);
    expect(seen).toEqual([true, customer]);
    expect(calls[0]?.headers.get("x-mark")).toBe("one");
  });
});

describe("client.http", () => {
  test.each([
    ["a page", "<html>Please wait</html>", {}],
    ["a text whose length is known", "Please wait", { "content-length": "11" }],
    ["JSON that was cut off", '{"id":"10', {}],
  ])("throws a MarketplaceError for a success that is %s", async (_what, text, headers) => {
    const { imcloud } = apiOf(() => new Response(text, { headers }), { retry: false });
    const direct = await failureOf(imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } } }));
    imcloud.http.use({ onRequest: ({ request }) => request });
    const seen = await failureOf(imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } } }));
    for (const error of [direct, seen]) {
      expect(error).toMatchObject({ name: "GatewayError", operation: "customers_get", status: 200, body: text });
      expect((error as Error).message).toBe("200 response (not the API's JSON)");
    }
    const { data } = await imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } }, parseAs: "text" });
    expect(data).toBe(text);
  });

  test("does not change a SyntaxError thrown by a middleware", async () => {
    const { imcloud } = apiOf(() => json(customer));
    imcloud.http.use({ onResponse: () => void JSON.parse("{") });
    expect(await failureOf(imcloud.http.GET("/plans"))).toBeInstanceOf(SyntaxError);
  });

  test.each([
    ["a signal that is a controller", { signal: new AbortController() }, "signal must be an AbortSignal"],
    ["a body that GET cannot have", { body: "{}" }, "GET"],
  ])("refuses %s before anything is sent", async (_what, init, message) => {
    const { imcloud, calls } = apiOf(() => json(customer));
    const error = await failureOf(imcloud.http.GET("/plans", init as never));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });

  test("sends a form and a file as the platform's fetch encodes them", async () => {
    const { imcloud, calls } = apiOf(() => json({}));
    const body = new FormData();
    body.set("name", "Brightwater");
    await imcloud.http.POST("/somewhere" as never, { body, bodySerializer: (form: unknown) => form } as never);
    expect(calls[0]?.headers.get("content-type")).toContain("multipart/form-data; boundary=");
    expect(await calls[0]?.text()).toContain("Brightwater");
  });

  test("uses a fetch of this call only, which gets the platform's Request", async () => {
    const { imcloud, calls } = apiOf(() => json({}));
    const seen: unknown[] = [];
    const fetch = async (request: Request) => {
      seen.push(request instanceof Request, request.url);
      return json(customer);
    };
    expect((await imcloud.http.GET("/plans", { fetch })).data).toEqual(customer);
    expect([seen, calls]).toEqual([[true, "https://api.example/marketplace/plans"], []]);
  });
});

/** openapi-fetch with sign-in only, with a function as the API, and the requests that reached it. */
function httpOf(respond: (request: Request, signIns: number) => Response, options: Partial<ConnectionOptions> = {}) {
  const calls: Request[] = [];
  let signIns = 0;
  const http = createHttp({
    baseUrl: "https://api.example/marketplace/",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    subscriptionKey: "demo-key",
    ...options,
    fetch: async (request) => {
      calls.push(request.clone());
      if (request.url.endsWith("/token")) return json({ token: `token-${++signIns}`, expiresInSeconds: 1500 });
      return respond(request, signIns);
    },
  });
  return { http, calls };
}

describe("createHttp", () => {
  test("signs in once for many calls, and sends the subscription key with each", async () => {
    const { http, calls } = httpOf(() => json(customer));
    const responses = await Promise.all(
      ["1", "2", "3"].map((id) => http.GET("/customers/{id}", { params: { path: { id } } })),
    );
    expect(responses.map(({ data }) => data)).toEqual([customer, customer, customer]);
    expect(calls.map(({ url }) => new URL(url).pathname)).toEqual([
      "/marketplace/token",
      "/marketplace/customers/1",
      "/marketplace/customers/2",
      "/marketplace/customers/3",
    ]);
    expect(calls[1]?.headers.get("authorization")).toBe("Bearer token-1");
    expect(new Set(calls.map(({ headers }) => headers.get("x-subscription-key")))).toEqual(new Set(["demo-key"]));
  });

  test("signs in again when the token is refused, and repeats the call with its body", async () => {
    const { http, calls } = httpOf((_request, signIns) => (signIns === 1 ? json({}, { status: 401 }) : json(customer)));
    const body = { name: "Nørrebro Foods" };
    const { data } = await http.PATCH("/customers/{id}", { params: { path: { id: "1" } }, body });
    expect(data).toEqual(customer);
    const sent = calls.filter(({ method }) => method === "PATCH");
    expect(await Promise.all(sent.map((call) => call.json()))).toEqual([body, body]);
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer token-1", "Bearer token-2"]);
  });

  test.each<[path: string, query: object, message: string]>([
    ["/orders", { statuz: "completed" }, "orders_list: statuz is not a filter."],
    ["/orders", { status: "complete" }, 'orders_list: status must be "submitted"'],
    ["/orders?statuz=1", {}, "orders_list: statuz is not a filter."],
    ["/resellers/{id}/orders", { poNumber: "T-1" }, "resellers_listOrders: poNumber is not a filter."],
  ])("refuses, before anything is sent, GET %s with %j", async (path, query, message) => {
    const { http, calls } = httpOf(() => json(customer));
    const params = { query, path: { id: "1" } };
    const error = await failureOf(http.GET(path as "/orders", { params } as never));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
    await http.GET("/elsewhere" as "/orders", { params: { query } } as never);
    expect(calls).toHaveLength(2);
  });

  test("throws when the sign-in is refused, and never on another status", async () => {
    const { http } = httpOf(() => json({ message: "No customer" }, { status: 404 }));
    const { error, response } = await http.GET("/customers/{id}", { params: { path: { id: "1" } } });
    expect([error, response.status]).toEqual([{ message: "No customer" }, 404]);
    const refusing = createHttp({
      ...{ baseUrl: "https://api.example", marketplace: "se", auth: { username: "demo.api", password: "wrong" } },
      fetch: async () => json({ status: 401, message: "Wrong password" }, { status: 401 }),
    });
    await expect(refusing.GET("/plans")).rejects.toMatchObject({
      name: "AuthenticationError",
      operation: "token_create",
    });
  });

  test("rejects an aborted call at once, also during a sign-in that other calls share", async () => {
    let respond = (_token: Response): void => {};
    const calls: string[] = [];
    const http = createHttp({
      ...{ baseUrl: "https://api.example", marketplace: "se", auth: { username: "demo.api", password: "demo" } },
      fetch: async ({ url }) => {
        calls.push(new URL(url).pathname);
        if (!url.endsWith("/token")) return json(customer);
        return new Promise((resolve) => {
          respond = resolve;
        });
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const [aborted, other] = [failureOf(http.GET("/plans", { signal })), http.GET("/plans")];
    await expect.poll(() => calls).toEqual(["/token"]);
    controller.abort(new Error("enough"));
    expect(await aborted).toMatchObject({ message: "enough" });
    expect(await failureOf(http.GET("/plans", { signal }))).toMatchObject({ message: "enough" });
    respond(json({ token: "t", expiresInSeconds: 1500 }));
    expect((await other).data).toEqual(customer);
    expect(calls).toEqual(["/token", "/plans"]);
  });

  test("distinguishes a sign-in that times out from one without a connection", async () => {
    const failing = (fetch: ConnectionOptions["fetch"]) =>
      createHttp({
        ...{ baseUrl: "https://api.example", marketplace: "se", auth: { username: "demo.api", password: "demo" } },
        timeout: 20,
        fetch,
      }).GET("/plans");
    await expect(failing(() => new Promise(() => {}))).rejects.toMatchObject({ name: "TimeoutError" });
    const refused = failing(() => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })));
    await expect(refused).rejects.toMatchObject({ name: "ConnectionError", neverSent: true });
  });

  test("keeps the Authorization header of the call, and never leaves the base URL", async () => {
    const { http, calls } = httpOf(() => json({}));
    await http.GET("/plans", { headers: { authorization: "Bearer own" } });
    expect(calls.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer own"]);
    const away = http.GET("/plans", { baseUrl: "https://elsewhere.example" });
    await expect(away).rejects.toThrow("The call would leave the base URL");
    expect(calls).toHaveLength(1);
    expect(() => httpOf(() => json({}), { marketplace: "" })).toThrow("marketplace must be a string");
  });
});
