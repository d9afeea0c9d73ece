import { afterEach, describe, expect, test, vi } from "vitest";
import { createClient, createProxy } from "../index.ts";
import { apiOf, json } from "../testing.ts";

const allow = ["orders_list", "orders_get", "orders_create", "orders_estimate"];
const good = () =>
  json({ id: "900301" }, { headers: { "x-correlation-id": "a8n-1", "set-cookie": "session=c00kie", server: "x" } });

/** A back end with a proxy, and the requests that reached the API. */
function backEnd(api: Parameters<typeof apiOf>[0] = good) {
  const { imcloud, calls } = apiOf(api, { retry: false, rateLimit: false });
  const proxy = createProxy({ client: imcloud, allow, basePath: "/api" });
  const get = (path: string, init?: RequestInit) => proxy(new Request(`https://app.example${path}`, init));
  return { proxy, calls, get };
}

const post = (body: string, type = "application/json", headers = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": type, ...headers },
});

describe("createProxy", () => {
  test("responds with 502 to a status that no response can have", async () => {
    const { get } = backEnd(
      () =>
        ({
          ...{ status: 999, statusText: "", ok: false },
          body: null,
          headers: new Headers(),
          text: async () => "{}",
        }) as unknown as Response,
    );
    expect((await get("/api/orders/900301")).status).toBe(502);
  });

  test.each([new TypeError("The visitor must not see this."), new Error("Nor this.")])(
    "reports an unknown outcome when a middleware fails after an order was placed: %s",
    async (failure) => {
      const { imcloud, calls } = apiOf(good);
      imcloud.use(async (call, next) => {
        await next(call);
        throw failure;
      });
      const proxy = createProxy({ client: imcloud, allow });
      const response = await proxy(new Request("https://app.example/orders", post('{"type":"sales"}')));
      expect(response.status).toBe(502);
      expect(await response.text()).not.toContain(failure.message);
      expect(calls).toHaveLength(1);
    },
  );

  test.each([new TypeError("The visitor must not see this."), new Error("Nor this."), undefined])(
    "throws what a middleware throws at a read, and does not call it the front end's fault: %s",
    async (failure) => {
      const { imcloud } = apiOf(good);
      imcloud.use(() => Promise.reject(failure));
      const proxy = createProxy({ client: imcloud, allow });
      const outcome = proxy(new Request("https://app.example/orders/900301"));
      expect(await outcome.catch((error: unknown) => ({ thrown: error }))).toEqual({ thrown: failure });
    },
  );

  test("calls it the front end's fault where its body has half a character", async () => {
    const { get, calls } = backEnd();
    expect((await get("/api/orders", post('{"type":"sales","poNumber":"\\ud800"}'))).status).toBe(400);
    expect(calls).toHaveLength(0);
  });

  test.each(["1e3", "0x10", "%2B5", "-0", "5.0"])("refuses a limit that is not a whole number: %s", async (limit) => {
    const { get, calls } = backEnd();
    expect((await get(`/api/orders?limit=${limit}`)).status).toBe(400);
    expect(calls).toHaveLength(0);
  });

  test("makes an allowed call with the server's credentials, and passes on only status, body and correlation id", async () => {
    const { calls, get } = backEnd();
    const response = await get("/api/orders/900301", {
      headers: { authorization: "Bearer visitor", cookie: "visitor=1", "x-client-id": "v" },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: "900301" });
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-correlation-id": "a8n-1",
    });
    expect(calls[0]?.url).toBe("https://api.example/marketplace/orders/900301");
    expect(calls[0]?.headers.get("authorization")).toBe("Bearer demo-token");
    expect(calls[0]?.headers.get("x-subscription-key")).toBe("demo-key");
    for (const name of ["cookie", "x-client-id"]) expect(calls[0]?.headers.has(name)).toBe(false);
  });

  test("passes on documented filters, and bodies", async () => {
    const { calls, get } = backEnd();
    await get("/api/orders?status=completed&limit=5");
    await get("/api/orders", post('{"type":"sales"}'));
    expect(calls.map(({ method, url }) => `${method} ${new URL(url).pathname}${new URL(url).search}`)).toEqual([
      "GET /marketplace/orders?status=completed&limit=5",
      "POST /marketplace/orders",
    ]);
    expect(await calls[1]?.json()).toEqual({ type: "sales" });
  });

  test.each<[string, string, RequestInit | undefined, number]>([
    ["an operation that is not allowed", "/api/customers", undefined, 404],
    ["another method", "/api/orders/900301", { method: "PATCH", body: "{}" }, 404],
    ["the sign-in", "/api/token", post("{}"), 404],
    ["a path outside of it", "/orders/900301", undefined, 404],
    ["a path that the document does not have", "/api/orders/1/secret", undefined, 404],
    ["an encoded slash", "/api/orders/..%2Fcustomers", undefined, 404],
    ["encoded dots", "/api/orders/%2e%2e%2fcustomers", undefined, 404],
    ["an encoded question mark", "/api/orders/1%3Fx=1", undefined, 404],
    ["a filter that there is not", "/api/orders?stauts=completed", undefined, 400],
    ["a form of another page", "/api/orders", post("{}", "text/plain"), 415],
    ["a body that is not JSON", "/api/orders", post("{"), 400],
    ["a body that is too large", "/api/orders", post(JSON.stringify("x".repeat(1_000_001))), 413],
    [
      "a request of another site",
      "/api/orders",
      post("{}", "application/json", { "sec-fetch-site": "cross-site" }),
      403,
    ],
  ])("refuses %s, and sends nothing", async (_what, path, init, status) => {
    const { calls, get } = backEnd();
    const response = await get(path, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status });
    expect(calls).toEqual([]);
  });

  test("passes on the API's refusals, and nothing of the server's own sign-in", async () => {
    const refused = await backEnd(() => json({ message: "No order" }, { status: 404 })).get("/api/orders/1");
    expect([refused.status, await refused.json()]).toEqual([404, { message: "No order" }]);
    const signIn = await backEnd(() => json({ message: "demo.api is locked" }, { status: 401 })).get("/api/orders/1");
    expect(signIn.status).toBe(502);
    expect(await signIn.text()).not.toContain("demo.api");
    const broken = await backEnd(() => Promise.reject(new TypeError("fetch failed to 10.0.0.7"))).get("/api/orders/1");
    expect(broken.status).toBe(502);
    expect(await broken.text()).not.toContain("10.0.0.7");
  });

  test("refuses unknown operations, and the sign-in", () => {
    const { imcloud } = apiOf(good);
    expect(() => createProxy({ client: imcloud, allow: ["orders_lst", "token_create"] })).toThrow(
      "allow has operations that cannot be: orders_lst, token_create.",
    );
    expect(() => createProxy({ client: {} as never, allow })).toThrow("client must be a client of createClient");
    expect(() => createProxy({ client: imcloud, allow, base: "/x" } as never)).toThrow("base is not an option.");
  });
});

test.each([
  ["a page with status 200", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
  ["a redirect", () => new Response(null, { status: 302 })],
])("createProxy passes on %s neither as a success nor as a redirect", async (_what, respond) => {
  const response = await backEnd(respond).get("/api/orders/900301");
  expect(response.status).toBe(502);
});

describe("createClient in a page, behind the proxy", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("needs the path alone, and sends no credentials", async () => {
    vi.stubGlobal("location", { href: "https://app.example/orders/list?page=1" });
    const { proxy, calls } = backEnd();
    const seen: Request[] = [];
    const imcloud = createClient({
      baseUrl: "/api",
      fetch: (request) => {
        seen.push(request.clone());
        return proxy(request);
      },
    });
    expect(await imcloud.orders.get("900301")).toEqual({ id: "900301" });
    expect(seen.map(({ url }) => url)).toEqual(["https://app.example/api/orders/900301"]);
    expect(seen[0]?.headers.has("authorization")).toBe(false);
    expect(calls[0]?.headers.get("authorization")).toBe("Bearer demo-token");
  });

  test("throws outside of a page, and requires credentials everywhere else", () => {
    expect(() => createClient({ baseUrl: "/api" })).toThrow(
      'baseUrl is relative, and here is no page that it is relative to; got "/api".',
    );
    expect(() => createClient({ baseUrl: "//evil.example" } as never)).toThrow("baseUrl must be an http or https URL");
    expect(() => createClient({ baseUrl: "https://app.example/api" } as never)).toThrow("marketplace must be");
  });
});
