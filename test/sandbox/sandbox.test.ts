import { ApiError, ConnectionError, createClient, UnknownOutcomeError } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sale, sandboxWithClient } from "./client.ts";

describe("createSandbox", () => {
  test.each([null, 5, []])("rejects %j in place of options with a clear message", (options) => {
    expect(() => createSandbox(options as never)).toThrow(/^The options are an object; got /);
  });

  test("rejects null fixtures with a clear message", () => {
    expect(() => createSandbox({ fixtures: { orders: null } as never })).toThrow(/orders must be/);
  });

  test("ends waiting calls when it is closed", async () => {
    const sandbox = createSandbox({ latency: 60_000 });
    const call = sandbox.fetch(`${sandbox.url}/customers`);
    sandbox.close();
    await expect(call).rejects.toThrow(TypeError);
  });

  test("lets a client place an order, advance the clock and see it complete", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const placed = await imcloud.orders.create(sale(3));
    expect(placed.status).toBe("submitted");
    await sandbox.advance(10_000);
    expect(await imcloud.orders.get(placed.id)).toMatchObject({ id: placed.id, status: "completed" });
    expect(sandbox.now().toISOString()).toBe("2026-10-05T12:00:10.000Z");
  });

  test("saves, restores and resets the store with its time", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const total = async () => (await imcloud.orders.list()).pagination.total;
    const atStart = await total();
    await imcloud.orders.create(sale());
    sandbox.save("one more");
    await imcloud.orders.create(sale());
    expect(await total()).toBe(atStart + 2);
    await sandbox.restore("one more");
    expect(await total()).toBe(atStart + 1);
    await sandbox.reset();
    expect(await total()).toBe(atStart);
    await expect(sandbox.restore("never")).rejects.toThrow('There is no snapshot "never".');
  });

  test("downloads a report's file by the same fetch, until its link expires", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    await imcloud.orders.create(sale(2));
    await sandbox.advance(10_000);
    const created = await imcloud.reports.create({ name: "Orders", startDate: "2026-10-01T00:00:00Z", format: "csv" });
    await sandbox.advance(10_000);
    const { downloadUrl } = await imcloud.reports.get(created.id);
    const file = await sandbox.fetch(String(downloadUrl));
    expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(await file.text()).toMatch(/^RESELLER_ACCOUNT_ID,/);
    expect((await sandbox.fetch(String(downloadUrl), { method: "HEAD" })).body).toBeNull();
    const withSecret = await sandbox.fetch(String(downloadUrl), { headers: { authorization: "Bearer x" } });
    expect(withSecret.status).toBe(400);
    await sandbox.advance(91 * 86_400_000);
    expect((await sandbox.fetch(String(downloadUrl))).status).toBe(403);
  });

  test("signs in by OAuth 2 as well", async () => {
    const sandbox = createSandbox({ speed: 0 });
    const { username, password, clientId, clientSecret, marketplace } = sandbox.credentials;
    const form = { grant_type: "password", client_id: clientId, client_secret: clientSecret, username, password };
    const response = await sandbox.fetch(new URL("/auth/realms/any/protocol/openid-connect/token", sandbox.url), {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const imcloud = createClient({
      baseUrl: sandbox.url,
      marketplace,
      auth: { token: () => token },
      fetch: sandbox.fetch,
    });
    expect((await imcloud.customers.list()).pagination.total).toBe(2);
  });

  test("responds at the caller's base URL, path included", async () => {
    const { sandbox, imcloud } = sandboxWithClient({ baseUrl: "https://api.example/marketplace/eu/" });
    expect(sandbox.url).toBe("https://api.example/marketplace/eu");
    expect((await imcloud.plans.list()).pagination.total).toBeGreaterThan(0);
    expect((await sandbox.fetch("https://api.example/elsewhere")).status).toBe(404);
  });

  test("rejects wrong credentials, requests and tokens in the API's shapes", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const other = createClient({ ...sandbox.connection, auth: { username: "demo.api", password: "wrong" } });
    await expect(other.orders.list()).rejects.toThrow("401");
    await expect(imcloud.orders.create({ type: "sales" } as never)).rejects.toThrow("400");
    const unsigned = await sandbox.fetch(`${sandbox.url}/orders`);
    expect([unsigned.status, unsigned.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const put = await sandbox.fetch(`${sandbox.url}/orders`, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST, OPTIONS"]);
  });

  test("rejects an aborted call with the signal's reason", async () => {
    const sandbox = createSandbox({ latency: 60_000 });
    const aborted = sandbox.fetch(`${sandbox.url}/orders`, { signal: AbortSignal.timeout(10) });
    await expect(aborted).rejects.toMatchObject({ name: "TimeoutError" });
  });

  test("is closed by close, and by using", async () => {
    const sandbox = createSandbox();
    sandbox.close();
    await expect(sandbox.fetch(sandbox.url)).rejects.toThrow("The sandbox is closed.");
  });

  test.each([
    [{ speeed: 1 }, 'There is no option "speeed"'],
    [{ size: "Large" }, 'size takes one of small, medium, large; got "Large".'],
    [{ baseUrl: "ftp://x" }, 'baseUrl takes an http or https URL without a query; got "ftp://x".'],
    [{ size: "small", fixtures: {} }, "Give fixtures or size"],
  ])("rejects %o with a clear message", (options, sentence) => {
    expect(() => createSandbox(options as never)).toThrow(sentence);
  });
});

describe("sandbox.faults", () => {
  test("rejects fetch with TypeError for a dropped connection, before and after the work", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const { total } = (await imcloud.orders.list()).pagination;
    for (const kind of ["dropBefore", "dropAfter"] as const) {
      sandbox.faults.add({ kind, operation: "orders_create", count: 1 });
      await expect(imcloud.orders.create(sale())).rejects.toThrow(UnknownOutcomeError);
    }
    expect((await imcloud.orders.list()).pagination.total).toBe(total + 1);
  });

  test("lets createOnce place an order once although its response was lost", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const { total } = (await imcloud.orders.list()).pagination;
    sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
    const placed = await imcloud.orders.createOnce({ ...sale(), poNumber: "T-1" });
    expect(placed.poNumber).toBe("T-1");
    expect((await imcloud.orders.list()).pagination.total).toBe(total + 1);
  });

  test("breaks a truncated body while it is read, and brings a slow one whole", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.faults.add({ kind: "cutBody", operation: "orders_list", count: 1 });
    await expect(imcloud.orders.list()).rejects.toThrow(ConnectionError);
    sandbox.faults.add({ kind: "slowBody", milliseconds: 16, operation: "orders_list", count: 1 });
    expect((await imcloud.orders.list()).data.length).toBeGreaterThan(0);
  });

  test("has the limits and per-call faults of the server", async () => {
    const { sandbox, imcloud } = sandboxWithClient({ rateLimit: 3 });
    await imcloud.orders.list();
    const call = imcloud.orders.list({}, { headers: { "x-mock-fault": "quota; retryAfter=7" } });
    await expect(call).rejects.toMatchObject({ status: 403 });
    await expect(imcloud.orders.list()).rejects.toBeInstanceOf(ApiError);
    expect(sandbox.requests({ operation: "orders_list" }).map(({ status }) => status)).toEqual([200, 403, 429]);
  });
});

describe("sandbox.requests", () => {
  test("keeps bodies and headers without secrets, by operation", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    await imcloud.orders.create(sale(4, { poNumber: "PO-9" }));
    // Added by middleware, as the client refuses an unknown parameter.
    imcloud.use((call, next) => next({ ...call, url: `${call.url}?custumerId=1` }));
    await imcloud.orders.list();
    const [request, ...more] = sandbox.requests({ operation: "orders_create" });
    expect(more).toEqual([]);
    expect(request).toMatchObject({ method: "POST", path: "/orders", status: 200, body: { poNumber: "PO-9" } });
    expect(request?.headers).toMatchObject({ authorization: "[redacted]", "x-subscription-key": "[redacted]" });
    expect(sandbox.requests({ operation: "orders_list" })[0]?.problems).toEqual([
      'query parameter "custumerId" is unknown and ignored',
    ]);
    expect(JSON.stringify(sandbox.requests())).not.toContain("demo-subscription-key");
    expect(() => sandbox.requests({ operation: "orders_creat" })).toThrow("There is no operation orders_creat");
  });

  test("keeps the request of a call that never reached its operation", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.faults.add({ kind: "rateLimit", operation: "orders_create", count: 1 });
    await expect(imcloud.orders.create(sale(5))).rejects.toThrow("429");
    expect(sandbox.requests({ operation: "orders_create" })[0]?.body).toMatchObject({ products: [{ quantity: 5 }] });
  });

  test("drops the oldest requests by number and by bytes", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    for (let call = 0; call < 12; call++) {
      await imcloud.orders.update("900301", { attributes: { note: "x".repeat(900_000), call: String(call) } });
    }
    const calls = sandbox
      .requests({ operation: "orders_update" })
      .map(({ body }) => (body as { attributes: { call: string } }).attributes.call);
    expect(calls.at(-1)).toBe("11");
    expect(calls.length).toBeLessThan(12);
    expect(calls.length).toBeGreaterThan(3);
  });
});

describe("sandbox.override", () => {
  test("replaces an operation's response, and can call the operation", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const seen: string[] = [];
    const stop = sandbox.override("orders_get", async ({ params }, next) => {
      seen.push(params.id);
      return { ...(await next()), poNumber: "MINE" };
    });
    expect(await imcloud.orders.get("900301")).toMatchObject({ id: "900301", poNumber: "MINE" });
    await expect(imcloud.orders.get("1")).rejects.toMatchObject({ status: 404 });
    stop();
    expect((await imcloud.orders.get("900301")).poNumber).not.toBe("MINE");
    expect(seen).toEqual(["900301", "1"]);
  });

  test("runs the last of several first, sends a Response unchanged, and is undone by reset", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", async (_, next) => ({ ...(await next()), poNumber: "ONE" }));
    sandbox.override("orders_get", async (call, next) => {
      if (call.params.id === "900302") return Response.json({ message: "Later" }, { status: 503 });
      const order = await next(call);
      return { ...order, poNumber: `${order.poNumber} AND TWO` };
    });
    expect((await imcloud.orders.get("900301")).poNumber).toBe("ONE AND TWO");
    await expect(imcloud.orders.get("900302")).rejects.toMatchObject({ status: 503 });
    await sandbox.reset();
    expect((await imcloud.orders.get("900302")).id).toBe("900302");
  });

  test("responds 500 and says where a body breaks the document", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("plans_get", () => ({ name: 7 }) as never);
    await expect(imcloud.plans.get("200101")).rejects.toThrow(/500.*breaks the document.*name must be string/);
  });

  const refusal = () => Response.json({ message: "Down" }, { status: 503 });

  test.each([
    ["undefined", undefined, /500 The mock failed: undefined$/],
    ["a text", "boom", /500 The mock failed: "boom"$/],
    ["a Response", refusal(), /503 Down$/],
  ])("responds with what an override throws: %s", async (_, thrown, message) => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", () => {
      throw thrown;
    });
    await expect(imcloud.orders.get("900301")).rejects.toThrow(message);
  });

  test("responds 500 to a body that is not JSON, and sends a Date as validated", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", async ({ params }, next) => {
      const order = await next();
      if (params.id === "900301") return Object.assign(order, { self: order });
      return { ...order, poNumber: { toJSON: () => "PO-7" } as never };
    });
    await expect(imcloud.orders.get("900301")).rejects.toThrow(/500 The mock failed: .*circular/);
    expect((await imcloud.orders.get("900302")).poNumber).toBe("PO-7");
  });

  test("breaks the connection for Response.error()", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", () => Response.error());
    await expect(imcloud.orders.get("900301")).rejects.toThrow(ConnectionError);
  });

  test("makes next throw the error that an earlier override responds with", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", refusal);
    sandbox.override("orders_get", async (_, next) => ({ ...(await next()), poNumber: "MINE" }));
    await expect(imcloud.orders.get("900301")).rejects.toThrow(/503 Down$/);
  });

  test("removes one of two overrides that are the same function", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_get", refusal);
    sandbox.override("orders_get", refusal)();
    await expect(imcloud.orders.get("900301")).rejects.toMatchObject({ status: 503 });
  });

  test.each<[what: string, changed: unknown, status: number, message: RegExp]>([
    ["no body where one is needed", { body: null }, 400, /body must be object/],
    ["a body that breaks the document", { body: { attributes: 7 } }, 400, /attributes must be object/],
    ["a body with what JSON has no word for", { body: { attributes: { a: 1n } } }, 500, /BigInt/],
    ["no parameters", { params: undefined }, 400, /path parameter id is required/],
    ["no id", { params: { id: "__proto__" } }, 400, /path parameter id must match/],
    ["the id of nothing", { params: { id: 999 } }, 404, /No subscription was found with id 999/],
    ["a misspelt part", { parms: {} }, 500, /A call has params, query, body, and no parms/],
    ["a text", "900302", 500, /next takes a call .*got "900302"/],
    ["null", null, 500, /next takes a call .*got null/],
  ])("holds a call that is handed on against the document: %s", async (_, changed, status, message) => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("subscriptions_update", (call, next) =>
      next((typeof changed === "object" && changed ? { ...call, ...changed } : changed) as never),
    );
    const error = await imcloud.subscriptions.update("700401", { attributes: { a: "b" } }).catch((caught) => caught);
    expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
  });

  test("hands on numbers as a URL carries them", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    sandbox.override("orders_list", (call, next) => next({ ...call, query: { limit: 1, offset: null } as never }));
    sandbox.override("orders_get", (_, next) => next({ params: { id: 900302 } } as never));
    expect((await imcloud.orders.list()).data).toHaveLength(1);
    expect((await imcloud.orders.get("900301")).id).toBe("900302");
  });

  test("keeps the store as it is, whatever an override does to what it got", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const spoil = (value: object) => {
      for (const member of Object.values(value)) if (typeof member === "object" && member) spoil(member);
      Object.assign(value, { spoilt: true });
    };
    const before = await imcloud.subscriptions.get("700401");
    const stop = sandbox.override("subscriptions_get", async (_, next) => {
      const subscription = await next();
      spoil(subscription);
      return Response.json(subscription);
    });
    expect(await imcloud.subscriptions.get("700401")).toHaveProperty("spoilt");
    stop();
    expect(await imcloud.subscriptions.get("700401")).toEqual(before);
  });

  test("gives a Response as often as it is asked for, and says what one cannot be read again", async () => {
    const { sandbox, imcloud } = sandboxWithClient();
    const down = refusal();
    const stop = sandbox.override("orders_get", () => down);
    for (const _ of [1, 2]) await expect(imcloud.orders.get("900301")).rejects.toThrow(/503 Down$/);
    await down.text();
    await expect(imcloud.orders.get("900301")).rejects.toThrow(/500 .*was read before; return a new one/);
    stop();
    sandbox.override("orders_get", () => undefined as never);
    await expect(imcloud.orders.get("900301")).rejects.toThrow(/The override of orders_get returned undefined, not a/);
  });

  test("rejects an unknown operation", () => {
    const sandbox = createSandbox();
    expect(() => sandbox.override("orders_gett" as never, () => ({}) as never)).toThrow("There is no operation");
  });
});

describe("sandbox.fetch", () => {
  test("aborts a slow body when the call is aborted", async () => {
    const { sandbox } = sandboxWithClient();
    sandbox.faults.add({ kind: "slowBody", milliseconds: 60_000 });
    const left = new AbortController();
    const response = await sandbox.fetch(`${sandbox.url}/orders`, { signal: left.signal });
    const text = response.text();
    left.abort();
    await expect(text).rejects.toMatchObject({ name: "AbortError" });
    sandbox.close();
  });

  test("reads no more of an endless upload than it says that it takes", async () => {
    const { sandbox } = sandboxWithClient();
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        sent += 2 ** 16;
        controller.enqueue(new Uint8Array(2 ** 16));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const init = {
      method: "POST",
      body,
      duplex: "half",
      headers: { "content-type": "application/json" },
    } as RequestInit;
    expect((await sandbox.fetch(`${sandbox.url}/token`, init)).status).toBe(413);
    expect(sent).toBeLessThan(2 ** 21);
    expect(isCancelled).toBe(true);
  });

  test.each(["/marketplace/token", "/auth/realms/a/protocol/openid-connect/token"])(
    "cancels an upload to %s that is aborted, and does nothing of it",
    async (path) => {
      const { sandbox } = sandboxWithClient();
      const reasons: unknown[] = [];
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"marketplace":"se"}')),
        cancel: (reason) => void reasons.push(reason),
      });
      const left = new AbortController();
      const init = { method: "POST", body, duplex: "half", signal: left.signal } as RequestInit;
      const call = sandbox.fetch(new URL(path, sandbox.url), init);
      left.abort("enough");
      await expect(call).rejects.toBe("enough");
      await expect.poll(() => reasons).toEqual(["enough"]);
      expect(sandbox.requests().map(({ status }) => status)).not.toContain(200);
    },
  );

  test("rejects, as the platform's fetch does, a request whose body was read before", async () => {
    const { sandbox } = sandboxWithClient();
    const request = new Request(`${sandbox.url}/token`, { method: "POST", body: "{}" });
    await request.text();
    await expect(sandbox.fetch(request)).rejects.toThrow("was read before");
  });

  test("rejects, as the platform's fetch does, when a request's body cannot be read", async () => {
    const { sandbox } = sandboxWithClient();
    const broken = new ReadableStream({
      pull() {
        throw new Error("The file has gone.");
      },
    });
    const init = { method: "POST", body: broken, duplex: "half" } as RequestInit;
    await expect(sandbox.fetch(`${sandbox.url}/token`, init)).rejects.toThrow("The file has gone.");
    const used = new Request(`${sandbox.url}/token`, { method: "POST", body: "{}" });
    await used.text();
    await expect(sandbox.fetch(used)).rejects.toThrow(TypeError);
  });

  test("gives responses the url of their request, as the platform's fetch does", async () => {
    const { sandbox } = sandboxWithClient();
    expect((await sandbox.fetch(`${sandbox.url}/orders?limit=1#top`)).url).toBe(`${sandbox.url}/orders?limit=1`);
  });
});

describe("createSandbox beside fake timers and jsdom", () => {
  afterEach(() => void vi.useRealTimers());

  test("completes calls under fake timers and dates, and does not move the mock's clock", async () => {
    const { sandbox, imcloud } = sandboxWithClient({ latency: 5, speed: 1 });
    const before = sandbox.now().getTime();
    vi.useFakeTimers({
      now: new Date("2031-01-01T00:00:00Z"),
      toFake: ["setTimeout", "setInterval", "Date", "performance"],
    });
    const response = await sandbox.fetch(`${sandbox.url}/orders`);
    expect(response.status).toBe(401);
    await sandbox.advance(400 * 86_400_000);
    const moved = sandbox.now().getTime() - before - 400 * 86_400_000;
    expect(moved).toBeGreaterThanOrEqual(0);
    expect(moved).toBeLessThan(60_000);
    vi.useRealTimers();
    expect((await imcloud.orders.list()).pagination.total).toBeGreaterThan(3);
  });

  test("aborts a call by a signal of another realm, such as jsdom's", async () => {
    const { sandbox } = sandboxWithClient({ latency: 60_000 });
    const listeners: (() => void)[] = [];
    const signal = {
      ...{ aborted: false, reason: new Error("enough") },
      addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
      removeEventListener: () => {},
      throwIfAborted: () => {},
    };
    const call = sandbox.fetch(`${sandbox.url}/orders`, { signal: signal as unknown as AbortSignal });
    for (const listener of listeners) listener();
    await expect(call).rejects.toThrow("enough");
    sandbox.close();
  });
});
