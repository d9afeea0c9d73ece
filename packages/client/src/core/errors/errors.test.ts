import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  type ClientOptions,
  createClient,
  isMarketplaceError,
  MarketplaceError,
  type NotFoundError,
} from "../../index.ts";
import { apiOf, failureOf, json } from "../../testing.ts";
import { nobody } from "../../testing-server.ts";

const notFound = (options: Partial<ClientOptions> = {}) =>
  apiOf(
    () =>
      json(
        { message: "No customer", contact: "signe@brightwater.example" },
        {
          status: 404,
          headers: { "set-cookie": "session=c00kie", "x-correlation-id": "a8n-1" },
        },
      ),
    options,
  ).imcloud;

describe("JSON.stringify(error)", () => {
  test.each(["authorization", "x-subscription-key"])(
    "hides %s where a server gives it as the correlation id",
    async (name) => {
      const { imcloud } = apiOf(({ headers }) =>
        json(
          { message: "no" },
          { status: 400, headers: { "x-correlation-id": headers.get(name) ?? "", "retry-after": "7" } },
        ),
      );
      const error = await failureOf(imcloud.customers.get("7"));
      expect(error).toMatchObject({ status: 400, retryAfter: 7 });
      expect(inspect(error) + JSON.stringify(error)).not.toMatch(/demo-token|demo-key/);
    },
  );

  test("has name, message, status and correlation id, and neither body nor headers", async () => {
    const error = await failureOf(notFound().customers.get("7"));
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        name: "NotFoundError",
        message: "404 No customer",
        status: 404,
        correlationId: "a8n-1",
        operation: "customers_get",
        method: "GET",
        path: "/customers/7",
      },
    });
  });
});

describe("inspect(error)", () => {
  test("shows no cookie, and still has its headers", async () => {
    const error = (await failureOf(notFound().customers.get("7"))) as NotFoundError;
    expect(inspect(error, { depth: 9 })).not.toContain("c00kie");
    expect(error.headers.get("set-cookie")).toContain("c00kie");
  });

  const sentTo = ({ headers }: Request) => `${headers.get("authorization")} ${headers.get("x-subscription-key")}`;
  test.each<[string, (request: Request) => unknown]>([
    ["an error with its request's headers", ({ headers }) => ({ config: { headers: Object.fromEntries(headers) } })],
    ["an error with a Request", (request) => ({ request })],
    ["an error with Headers", ({ headers }) => ({ headers })],
    ["an error with a map", ({ headers }) => ({ map: new Map(headers) })],
    ["an error whose message has them", (request) => ({ message: `sent ${sentTo(request)}` })],
    ["an error with the token alone", ({ headers }) => ({ token: headers.get("authorization")?.slice(7) })],
    ["an error below a symbol", (request) => ({ [Symbol("out")]: [sentTo(request)] })],
    [
      "an error that cannot be read",
      (request) => ({
        get config() {
          throw new Error(sentTo(request));
        },
      }),
    ],
  ])("shows no secret of its request where fetch throws %s", async (_what, contents) => {
    const { imcloud } = apiOf(
      (request) =>
        Promise.reject(
          Object.defineProperties(new Error("no"), Object.getOwnPropertyDescriptors(contents(request) as object)),
        ),
      { retry: false },
    );
    const shown = inspect(await failureOf(imcloud.customers.get("1")), { depth: 9 });
    expect(shown).toContain("The connection to api.example");
    expect(shown).not.toMatch(/demo-(token|key)/);
  });

  test("shows why the connection failed", async () => {
    const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED", socket: { remotePort: 443 } });
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("fetch failed", { cause })), { retry: false });
    expect(inspect(await failureOf(imcloud.customers.get("1")), { depth: 9 })).toContain("remotePort: 443");
  });

  async function whoAsked() {
    return await notFound().customers.get("7");
  }
  test("names its caller in its stack", async () => {
    const error = (await failureOf(whoAsked())) as Error;
    expect(error.stack).toContain("whoAsked");
    expect(error.stack?.startsWith("NotFoundError: 404 No customer")).toBe(true);
  });

  async function whoPlaced() {
    return await notFound().orders.createOnce({ type: "sales", customerId: "1", poNumber: "T-1", products: [] });
  }
  test("names the caller of a helper too", async () => {
    expect(((await failureOf(whoPlaced())) as Error).stack).toContain("whoPlaced");
  });

  async function whoLoops() {
    for await (const _ of notFound().customers.list()) expect.unreachable();
  }
  test("names the caller of a loop, and of a call that is refused before it is sent", async () => {
    expect(((await failureOf(whoLoops())) as Error).stack).toContain("whoLoops");
    async function whoForgot() {
      await notFound().customers.get("");
    }
    expect(((await failureOf(whoForgot())) as Error).stack).toContain("whoForgot");
  });

  test("has its caller once, where calls share it", async () => {
    const { imcloud } = apiOf(() => json({}), { auth: { token: () => Promise.reject(new MarketplaceError("no")) } });
    const [one, other] = await Promise.all([failureOf(imcloud.plans.get("1")), failureOf(imcloud.plans.get("2"))]);
    expect(one).toBe(other);
    expect((one as Error).stack?.split("errors.test.ts").length).toBeLessThan(8);
  });
});

describe("structuredClone(error)", () => {
  const circular: { self?: unknown; retry(): void } = { retry() {} };
  circular.self = circular;
  test.each<[string, unknown]>([
    ["an object with a function", { message: "reset", retry: () => {} }],
    ["a function", () => {}],
    ["a symbol", Symbol("reset")],
    ["an error whose cause has a function", new Error("reset", { cause: { retry: () => {} } })],
    ["a response", new Response("busy")],
    ["a promise", Promise.resolve()],
    ["itself, and a function", circular],
    ["a WeakMap", new WeakMap()],
    ["an error", new Error("reset")],
    ["nothing", undefined],
  ])("has its message where its cause is %s, and the error keeps the cause", async (_what, cause) => {
    const { imcloud } = apiOf(() => Promise.reject(cause), { retry: false });
    for (const call of [imcloud.orders.get("1"), imcloud.orders.create({ type: "sales", customerId: "1" } as never)]) {
      const error = (await failureOf(call)) as Error;
      expect(structuredClone(error).message).toBe(error.message);
      const causes: unknown[] = [];
      for (let each: unknown = error; each instanceof Error; each = each.cause) causes.push(each.cause);
      expect(causes).toContain(cause);
      expect(inspect(error)).toContain(error.message);
    }
  });
});

describe("ConnectionError", () => {
  test("says why, to which host and in which operation", async () => {
    const baseUrl = await nobody();
    const { host } = new URL(baseUrl);
    const client = createClient({ baseUrl, marketplace: "se", auth: { token: () => "t" }, retry: false });
    expect(await failureOf(client.customers.get("1"))).toMatchObject({
      name: "ConnectionError",
      message: `The connection to ${host} for customers_get failed: ECONNREFUSED.`,
      code: "ECONNREFUSED",
      operation: "customers_get",
      host,
    });
  });

  test("has no code where the platform gives none, and no path or query ever", async () => {
    const { imcloud } = apiOf(() => Promise.reject(new TypeError("Failed to fetch https://x/?key=s3cret")), {
      retry: false,
    });
    const error = (await failureOf(imcloud.request("GET", "/somewhere?key=s3cret"))) as Error;
    expect(error.message).toBe("The connection to api.example for GET /somewhere failed.");
  });
});

test("a 404 on the sign-in says that the base URL is probably wrong", async () => {
  const imcloud = createClient({
    ...{ baseUrl: "https://api.example/wrong", marketplace: "se", auth: { username: "a", password: "b" } },
    fetch: async () => json({ message: "Resource not found" }, { status: 404 }),
  });
  expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({
    name: "NotFoundError",
    message: "404 There is no sign-in here: the base URL is probably wrong. Resource not found",
  });
});

test("a failure without its status in words, from a custom fetch, is an error of ours", async () => {
  const respond = async () => ({ status: 500, ok: false, headers: new Headers(), text: async () => "{}" });
  const { imcloud } = apiOf(respond as never, { retry: false });
  expect(await failureOf(imcloud.customers.get("1"))).toMatchObject({
    name: "ServerError",
    message: "500 without a message",
  });
});

describe("isMarketplaceError", () => {
  test("knows errors of another copy of the package", async () => {
    // Vite makes a second copy of a module with a query.
    const copy = (await import("./errors.ts?copy" as string)) as typeof import("./errors.ts");
    const error = new copy.MarketplaceError("no");
    expect(error).not.toBeInstanceOf(MarketplaceError);
    expect(isMarketplaceError(error)).toBe(true);
    expect(copy.isMarketplaceError(new MarketplaceError("no"))).toBe(true);
  });

  test.each([undefined, null, "no", new Error("no"), {}, new TypeError("no")])("is false for %j", (error) => {
    expect(isMarketplaceError(error)).toBe(false);
  });
});

test.each([400, 404, 500, 502, 600])(
  "the words of status %i that repeat what was sent are shown without it, and bounded",
  async (status) => {
    const { imcloud } = apiOf(() => {
      const response = json({}, { status: Math.min(status, 599) });
      const statusText = `No key demo-key for demo-password and demo-token ${"x".repeat(10_000)}`;
      return Object.defineProperties(response, { statusText: { value: statusText }, status: { value: status } });
    });
    const error = (await failureOf(imcloud.customers.get("1", { retry: false }))) as Error;
    expect(error.message).toMatch(/^\d+ No key \[redacted\] for \[redacted\] and \[redacted\] x+…$/);
    expect(error.message.length).toBeLessThan(300);
    expect(inspect(error, { depth: 9 })).not.toMatch(/demo-token|demo-key|demo-password/);
  },
);

test.each([
  ["a page", (echo: string) => `<html>${echo}</html>`],
  ["a text", (echo: string) => echo],
  ["JSON that was cut off", (echo: string) => `{"headers":"${echo}`],
])("a success that is %s and repeats what was sent is an error without secrets", async (_what, wrap) => {
  const { imcloud } = apiOf(
    ({ headers }) => new Response(wrap(`${headers.get("authorization")} ${headers.get("x-subscription-key")}`)),
    { retry: false },
  );
  const error = await failureOf(imcloud.customers.get("1"));
  expect(error).toMatchObject({ name: "GatewayError", body: expect.stringContaining("[redacted]") });
  expect(inspect(error, { depth: 9 })).not.toMatch(/demo-token|demo-key/);
});
