import { describe, expect, test } from "vitest";
import {
  AuthenticationError,
  type ClientOptions,
  ConnectionError,
  createClient,
  GatewayError,
  NotFoundError,
  QuotaExceededError,
  TimeoutError,
} from "./index.ts";

const json = (body: unknown, init: ResponseInit = {}) =>
  new Response(JSON.stringify(body), { ...init, headers: { "content-type": "application/json", ...init.headers } });

type Responder = (request: Request) => Response | Promise<Response>;

/** A client whose API is a function, and the requests that reached it. */
function clientOf(respond: Responder, options: Partial<ClientOptions> = {}, signIn: Responder = tokens()) {
  const requests: Request[] = [];
  const imcloud = createClient({
    baseUrl: "https://api.example/marketplace/",
    marketplace: "se",
    auth: { username: "demo.api", password: "pässword" },
    retry: false,
    ...options,
    fetch: async (request) => {
      requests.push(request.clone());
      return request.url.endsWith("/token") ? signIn(request) : respond(request);
    },
  });
  const calls = () => requests.filter(({ url }) => !url.endsWith("/token"));
  const signIns = () => requests.filter(({ url }) => url.endsWith("/token"));
  return { imcloud, calls, signIns };
}

/** A sign-in that gives token-1, token-2, … */
function tokens(expiresInSeconds = 1500): Responder {
  let count = 0;
  return () => json({ token: `token-${++count}`, expiresInSeconds });
}

const customer = { id: "1002101", name: "Brightwater Dental Group" };

describe("resource methods", () => {
  test("send token, key and client id below the base URL, and return the body", async () => {
    const { imcloud, calls } = clientOf(() => json(customer), { subscriptionKey: "key", clientId: "psa" });
    expect(await imcloud.customers.get("1002101")).toEqual(customer);
    const [request] = calls();
    expect(request?.url).toBe("https://api.example/marketplace/customers/1002101");
    expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
      accept: "application/json",
      authorization: "Bearer token-1",
      "x-subscription-key": "key",
      "x-client-id": "psa",
    });
  });

  test("send no subscription key without one", async () => {
    const { imcloud, calls, signIns } = clientOf(() => json(customer));
    await imcloud.customers.get("1");
    for (const request of [...calls(), ...signIns()]) expect(request.headers.has("x-subscription-key")).toBe(false);
  });

  test("send their query without undefined values", async () => {
    const { imcloud, calls } = clientOf(() => json({ data: [], pagination: { offset: 0, limit: 5, total: 0 } }));
    await imcloud.customers.list({ name: "Å & B", limit: 5, ...({ email: undefined } as object) });
    expect(calls()[0]?.url).toBe("https://api.example/marketplace/customers?name=%C3%85%20%26%20B&limit=5");
  });

  test("send their body as JSON", async () => {
    const { imcloud, calls } = clientOf(() => json(customer));
    await imcloud.subscriptions.update("700401", { renewalStatus: false });
    expect(calls()[0]?.method).toBe("PATCH");
    expect(calls()[0]?.headers.get("content-type")).toBe("application/json");
    expect(await calls()[0]?.json()).toEqual({ renewalStatus: false });
  });

  test("escape their path and refuse an empty id", async () => {
    const { imcloud, calls } = clientOf(() => json(customer));
    await imcloud.customers.get("a/b?c");
    expect(calls()[0]?.url).toBe("https://api.example/marketplace/customers/a%2Fb%3Fc");
    await expect(imcloud.customers.get("")).rejects.toThrow("customers_get: id must be a string that is not empty");
    await expect(imcloud.customers.get("..")).rejects.toThrow("or become another one");
    expect(calls()).toHaveLength(1);
  });

  test.each(["null", "[]", "5", "true", ""])("reject the body %j where the document has an object", async (text) => {
    const { imcloud } = clientOf(() => new Response(text, { headers: { "x-correlation-id": "a8n-1" } }));
    for (const reading of [
      imcloud.orders.get("1"),
      imcloud.plans.get("1"),
      imcloud.orders.estimate({ customerId: "1", products: [] }),
      imcloud.request("GET", "/orders/1"),
    ]) {
      await expect(reading).rejects.toMatchObject({ name: "GatewayError", status: 200, correlationId: "a8n-1" });
    }
    const creating = imcloud.orders.create({ type: "sales", customerId: "1", products: [] });
    await expect(creating).rejects.toMatchObject({ name: "UnknownOutcomeError", cause: { name: "GatewayError" } });
  });

  test("never leave the base URL", async () => {
    const { imcloud, calls, signIns } = clientOf(() => json({}));
    const away = imcloud.http.GET("/customers", { baseUrl: "https://elsewhere.example" });
    await expect(away).rejects.toThrow("The call would leave the base URL");
    await expect(imcloud.request("GET", "/../../admin")).rejects.toThrow("The call would leave the base URL");
    expect([...calls(), ...signIns()]).toEqual([]);
  });

  test("return the response by withResponse", async () => {
    const { imcloud } = clientOf(() => json(customer, { headers: { "x-correlation-id": "a8n-1" } }));
    const { data, response } = await imcloud.customers.get("1").withResponse();
    expect(data).toEqual(customer);
    expect(response.headers.get("x-correlation-id")).toBe("a8n-1");
  });

  test("return undefined for an empty body", async () => {
    const { imcloud } = clientOf(() => new Response(null, { status: 204 }));
    expect(await imcloud.customers.update("1", {})).toBeUndefined();
  });

  test("add headers and replace the client's own", async () => {
    const { imcloud, calls } = clientOf(() => json(customer), { clientId: "psa" });
    await imcloud.customers.get("1", { headers: { "x-client-id": "other" } });
    expect(calls()[0]?.headers.get("x-client-id")).toBe("other");
  });

  test("return a JSON string, and text for a body that is not JSON", async () => {
    const { imcloud } = clientOf(() => json("done"));
    expect(await imcloud.request("GET", "/x")).toBe("done");
    const { imcloud: other } = clientOf(() => new Response("done"));
    await expect(other.request("GET", "/x")).rejects.toBeInstanceOf(GatewayError);
  });

  test("never throw on a status through http", async () => {
    const { imcloud } = clientOf(() => json({ status: 404, message: "No customer" }, { status: 404 }));
    const { data, error, response } = await imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } } });
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ message: "No customer" });
    expect(response.status).toBe(404);
  });

  test("leave other paths to client.request, which stays below the base URL", async () => {
    const { imcloud, calls } = clientOf(() => json({ ok: true }));
    const options = { query: { a: 1, b: undefined }, body: { c: 2 }, headers: { "x-d": "3" } };
    expect(await imcloud.request("post", "/somewhere/else", options)).toEqual({ ok: true });
    expect(calls()[0]).toMatchObject({ method: "POST", url: "https://api.example/marketplace/somewhere/else?a=1" });
    expect(() => imcloud.request("GET", "https://elsewhere.example/")).toThrow(
      "must be a string that starts with a slash",
    );
  });
});

describe("auth", () => {
  test("signs in once for calls that wait together, with Basic in UTF-8 and the marketplace", async () => {
    const { imcloud, signIns } = clientOf(() => json(customer));
    await Promise.all(Array.from({ length: 20 }, () => imcloud.customers.get("1")));
    expect(signIns()).toHaveLength(1);
    const credentials = signIns()[0]?.headers.get("authorization")?.replace("Basic ", "") ?? "";
    expect(Buffer.from(credentials, "base64").toString("utf8")).toBe("demo.api:pässword");
    expect(await signIns()[0]?.json()).toEqual({ marketplace: "se" });
  });

  test("signs in once more when the API refuses a token, and repeats the call once with its body", async () => {
    const { imcloud, calls, signIns } = clientOf((request) =>
      request.headers.get("authorization") === "Bearer token-1" ? json({}, { status: 401 }) : json(customer),
    );
    expect(await imcloud.customers.update("1", { name: "New" })).toEqual(customer);
    expect(signIns()).toHaveLength(2);
    expect(await Promise.all(calls().map((request) => request.json()))).toEqual([{ name: "New" }, { name: "New" }]);
  });

  test("throws AuthenticationError when the API refuses the second token too", async () => {
    const { imcloud, calls, signIns } = clientOf(() => json({ message: "no" }, { status: 401 }));
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(AuthenticationError);
    expect(calls()).toHaveLength(2);
    expect(signIns()).toHaveLength(2);
  });

  test("does not repeat a sign-in that is refused, and fails every call that waits with the same error", async () => {
    const refuse: Responder = () => json({ status: 401, message: "Wrong password" }, { status: 401 });
    const { imcloud, calls, signIns } = clientOf(() => json(customer), {}, refuse);
    const results = await Promise.allSettled([imcloud.customers.get("1"), imcloud.customers.get("2")]);
    const [first, second] = results.map((result) => result.status === "rejected" && result.reason);
    expect(first).toBeInstanceOf(AuthenticationError);
    expect(first).toBe(second);
    expect(first.message).toBe("401 Wrong password");
    expect(signIns()).toHaveLength(1);
    expect(calls()).toHaveLength(0);
  });

  test("renews a token that is about to expire", async () => {
    const { imcloud, signIns } = clientOf(() => json(customer), {}, tokens(0));
    await imcloud.customers.get("1");
    await imcloud.customers.get("1");
    expect(signIns()).toHaveLength(2);
  });

  test("throws GatewayError when the response has no token", async () => {
    const { imcloud, calls } = clientOf(
      () => json(customer),
      {},
      () => json({ ok: true }),
    );
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(GatewayError);
    expect(calls()).toHaveLength(0);
  });

  test("sends token.create with Basic", async () => {
    const { imcloud, signIns } = clientOf(() => json(customer));
    expect(await imcloud.token.create({ marketplace: "se" })).toMatchObject({ token: "token-1" });
    expect(signIns()).toHaveLength(1);
    expect(signIns()[0]?.headers.get("authorization")).toMatch(/^Basic /);
  });

  test("goes on signing in for others when one caller aborts", async () => {
    let finish = () => {};
    const started = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { imcloud } = clientOf(
      () => json(customer),
      {},
      async (request) => {
        await started;
        return tokens()(request);
      },
    );
    const controller = new AbortController();
    const aborted = imcloud.customers.get("1", { signal: controller.signal });
    const other = imcloud.customers.get("2");
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    finish();
    expect(await other).toEqual(customer);
  });
});

describe("MarketplaceError", () => {
  test("has status, message, correlation id, operation, method, path, body and headers", async () => {
    const body = { status: 404, message: "No customer was found", correlationId: "a8n-2" };
    const { imcloud } = clientOf(() => json(body, { status: 404 }));
    const error = await imcloud.customers.get("7").catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({
      name: "NotFoundError",
      message: "404 No customer was found",
      status: 404,
      correlationId: "a8n-2",
      operation: "customers_get",
      method: "GET",
      path: "/customers/7",
      body,
    });
  });

  test("is a GatewayError for HTML from a proxy, also with status 200", async () => {
    const html = (status: number) => () =>
      new Response("<html>504 Gateway Time-out</html>", { status, headers: { "content-type": "text/html" } });
    for (const status of [200, 504]) {
      const { imcloud } = clientOf(html(status));
      await expect(imcloud.customers.get("1")).rejects.toMatchObject({ name: "GatewayError", status });
    }
  });

  test("is a QuotaExceededError with the seconds to wait", async () => {
    const { imcloud } = clientOf(() => json({ statusCode: 403 }, { status: 403, headers: { "retry-after": "3600" } }));
    const error = await imcloud.customers.get("1").catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(QuotaExceededError);
    expect(error).toMatchObject({ retryAfter: 3600 });
  });

  test("is a ConnectionError that does not hold the path", async () => {
    const { imcloud } = clientOf(() => Promise.reject(new TypeError("fetch failed")));
    const error = await imcloud.customers.get("1").catch((failure: Error) => failure);
    expect(error).toBeInstanceOf(ConnectionError);
    expect((error as Error).message).not.toContain("/marketplace");
  });

  test("is a ConnectionError when the body breaks off", async () => {
    const cut = new ReadableStream({
      pull(controller) {
        controller.error(new TypeError("terminated"));
      },
    });
    const { imcloud } = clientOf(() => new Response(cut, { headers: { "content-type": "application/json" } }));
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(ConnectionError);
  });

  test("is a TimeoutError after the client's timeout or the call's, whether fetch respects it or not", async () => {
    const never: Responder = () => new Promise(() => {});
    const { imcloud: hasty } = clientOf(never, { timeout: 20 });
    await expect(hasty.customers.get("1")).rejects.toBeInstanceOf(TimeoutError);
    const { imcloud: patient } = clientOf(never, { timeout: 0 });
    await expect(patient.customers.get("1", { timeout: 20 })).rejects.toBeInstanceOf(TimeoutError);
  });

  test("is a TimeoutError when the sign-in takes too long", async () => {
    const { imcloud } = clientOf(
      () => json(customer),
      { timeout: 20 },
      () => new Promise(() => {}),
    );
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(TimeoutError);
  });

  test("is a TypeError for a header that cannot be, not a ConnectionError", async () => {
    const { imcloud } = clientOf(() => json(customer));
    const call = imcloud.customers.get("1", { headers: { "x-note": "two\nlines" } });
    await expect(call).rejects.toBeInstanceOf(TypeError);
  });

  test("is the signal's reason after an abort", async () => {
    const { imcloud, calls } = clientOf(() => json(customer));
    const reason = new Error("the user left");
    await expect(imcloud.customers.get("1", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(calls()).toHaveLength(0);
  });
});

describe("createClient", () => {
  test.each<[Partial<Record<keyof ClientOptions, unknown>>, string]>([
    [{ baseUrl: "api.example" }, "baseUrl must be an http or https URL"],
    [{ baseUrl: "ftp://api.example" }, "baseUrl must be an http or https URL"],
    [{ baseUrl: "https://user:word@api.example" }, "baseUrl must be an http or https URL without credentials"],
    [{ marketplace: "" }, "marketplace must be a string"],
    [{ auth: undefined }, "auth must be { username, password }, { oauth2 } or { token }; got undefined."],
    [{ auth: { username: "a" } }, "auth.password must be a string"],
    [{ baseUrl: "https://api.example?tenant=1" }, "without credentials, query or fragment"],
    [{ subscriptionKey: "" }, "subscriptionKey must be ASCII text"],
    [{ subscriptionKey: "demo\nkey" }, "subscriptionKey must be ASCII text"],
    [{ clientId: "ключ" }, "clientId must be ASCII text"],
    [{ timeout: -1 }, "timeout must be a number of milliseconds"],
    [{ timeout: Number.POSITIVE_INFINITY }, "timeout must be a number of milliseconds"],
  ])("refuses %j with a clear message", (options, sentence) => {
    const good = { baseUrl: "https://api.example", marketplace: "se", auth: { username: "a", password: "b" } };
    expect(() => createClient({ ...good, ...options } as ClientOptions)).toThrow(sentence);
  });
});
