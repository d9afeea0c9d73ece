import { once } from "node:events";
import { connect } from "node:net";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let mock: Mock;
let token: string;
beforeAll(async () => {
  mock = await startMock({ port: 0 });
  const response = await signIn();
  ({ token } = (await response.json()) as { token: string });
});
afterAll(() => mock.close());

const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

function signIn({
  username = mock.credentials.username,
  password = mock.credentials.password,
  marketplace = mock.credentials.marketplace,
} = {}) {
  return fetch(`${mock.url}/token`, {
    method: "POST",
    headers: { authorization: basic(username, password), "content-type": "application/json" },
    body: JSON.stringify({ marketplace }),
  });
}

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${mock.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

const post = (path: string, body: string, type = "application/json") =>
  send(path, { method: "POST", body, headers: { "content-type": type } });

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe("POST /token", () => {
  test("issues a token that other operations accept", async () => {
    expect((await send("/customers")).status).toBe(200);
  });
  test("rejects a wrong password", async () => {
    const response = await signIn({ password: "wrong" });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("xBasic");
  });
  test("rejects an unknown marketplace", async () => {
    const response = await signIn({ marketplace: "atlantis" });
    expect(response.status).toBe(400);
    expect((await bodyOf(response)).message).toContain("atlantis");
  });
  test("rejects a token that it did not issue", async () => {
    const response = await send("/customers", { headers: { authorization: "Bearer made-up" } });
    expect(response.status).toBe(401);
    expect(await bodyOf(response)).toMatchObject({ status: 401, path: "/customers" });
  });
  test("is required for a call without a token, also after calls with one", async () => {
    for (const authorization of ["", basic("demo.api", "demo-password"), token]) {
      expect((await send("/customers")).status).toBe(200);
      const response = await send("/customers", { headers: { authorization } });
      expect([authorization, response.status]).toEqual([authorization, 401]);
    }
    expect((await fetch(`${mock.url}/customers`)).status).toBe(401);
    expect((await send("/customers")).status).toBe(200);
  });
  test("rejects a wrong subscription key as the gateway does, and accepts a missing one", async () => {
    const response = await send("/customers", { headers: { "x-subscription-key": "wrong" } });
    expect(response.status).toBe(401);
    expect(await bodyOf(response)).toEqual({ statusCode: 401, message: expect.any(String) });
  });
  test("does not share tokens between mocks", async () => {
    const other = await startMock({ port: 0 });
    const response = await fetch(`${other.url}/customers`, { headers: { authorization: `Bearer ${token}` } });
    await other.close();
    expect(response.status).toBe(401);
  });
});

describe("responses", () => {
  test("have the id of the path", async () => {
    expect(await bodyOf(await send("/customers/1002102"))).toMatchObject({ id: "1002102", name: "Lindmark Timber" });
  });
  test("have a correlation id, the same in header and body", async () => {
    const responses = await Promise.all([send("/customers/999"), send("/customers/999")]);
    const ids = responses.map(({ headers }) => headers.get("x-correlation-id"));
    const bodies = await Promise.all(responses.map(bodyOf));
    expect(bodies.map(({ correlationId }) => correlationId)).toEqual(ids);
    expect(ids[0]).not.toBe(ids[1]);
  });
  test("are what Prefer asks for", async () => {
    const response = await send("/customers", { headers: { prefer: "code=429" } });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  });
  test.each(["*/*", "application/json", "text/html"])(
    "are the page that Prefer names, to who accepts %s",
    async (accept) => {
      const prefer = "code=503, example=ServiceUnavailablePage";
      const response = await send("/customers", { headers: { prefer, accept } });
      expect([response.status, response.headers.get("content-type")]).toEqual([503, "text/html"]);
      expect(await response.text()).toContain("<html");
    },
  );
});

describe("stateless", () => {
  let stateless: Mock;
  beforeAll(async () => {
    stateless = await startMock({ port: 0, stateless: true });
  });
  afterAll(() => stateless.close());

  const create = async (body: object) => {
    const signedIn = await fetch(`${stateless.url}/token`, {
      method: "POST",
      headers: { authorization: basic("demo.api", "demo-password"), "content-type": "application/json" },
      body: JSON.stringify({ marketplace: "se" }),
    });
    const authorization = `Bearer ${(await bodyOf(signedIn)).token}`;
    const headers = { authorization, "content-type": "application/json" };
    return bodyOf(await fetch(`${stateless.url}/orders`, { method: "POST", headers, body: JSON.stringify(body) }));
  };

  test("responds with the example closest to the request", async () => {
    const order = { type: "cancellation", customerId: "1002102", subscriptionId: "700402" };
    expect(await create(order)).toMatchObject({ type: "cancellation", id: "900303" });
  });
  test("stores nothing", async () => {
    const order = { type: "sales", customerId: "999", poNumber: "T-1001" };
    expect([await create(order), await create(order)].map(({ id }) => id)).toEqual(["900301", "900301"]);
  });
});

describe("error responses", () => {
  test("malformed JSON", async () => {
    const response = await post("/orders", '{"type": ');
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toMatchObject({ status: 400, message: expect.stringContaining("not JSON") });
  });
  test("every violation is named", async () => {
    const response = await post("/customers", '{"name": 7, "contactPersons": [{"type": "boss"}]}');
    expect(response.status).toBe(400);
    const { message } = await bodyOf(response);
    for (const word of ["name", "address", "language", "contactPersons.0", "email", "type"]) {
      expect(message).toContain(word);
    }
  });
  test.each([
    ["a base's required field", "/resellers", { currency: "EUR" }, "contactPersons"],
    ["a required field beside a base", "/resellers", { name: "Fjordlight IT" }, "currency"],
    ["a base's field made required", "/orders", { type: "sales" }, "customerId"],
    ["a base's enum", "/orders", { type: "gift", customerId: "1" }, "type"],
    ["a base's pattern", "/orders", { type: "sales", customerId: "one" }, "customerId"],
    ["a nested enum", "/orders", { type: "sales", customerId: "1", products: [{ type: "GIVE" }] }, "products.0.type"],
    ["a nested minimum", "/orders", { type: "sales", customerId: "1", products: [{ quantity: -1 }] }, "quantity"],
    ["a format", "/reports", { name: "Daily Report", startDate: "yesterday" }, "startDate"],
    ["a length", "/token", { marketplace: "" }, "marketplace"],
  ])("an invalid request: %s", async (_what, path, body, named) => {
    const headers = path === "/token" ? { authorization: basic("demo.api", "demo-password") } : {};
    const init = {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    };
    const response = await send(path, init);
    expect(response.status).toBe(400);
    expect((await bodyOf(response)).message).toContain(named);
  });
  test("a wrong content type", async () => {
    const response = await post("/orders", "type=sales", "application/x-www-form-urlencoded");
    expect(response.status).toBe(415);
    expect((await bodyOf(response)).message).toContain("application/json");
  });
  test("a body without a content type", async () => {
    const response = await send("/orders", { method: "POST", body: new Blob(["{}"]) });
    expect(response.status).toBe(415);
  });
  test("no body where one is needed", async () => {
    expect((await send("/orders", { method: "POST" })).status).toBe(400);
  });
  test("a body that is too large", async () => {
    const response = await post("/orders", JSON.stringify({ poNumber: "x".repeat(2 ** 21) }));
    expect(response.status).toBe(413);
    expect((await bodyOf(response)).message).toContain("1048576");
  });
  test("a body that nests too deeply to be an order", async () => {
    const deep = 100_000;
    const response = await post("/orders", `${'{"attributes":'.repeat(deep / 10)}1${"}".repeat(deep / 10)}`);
    expect(response.status).toBe(400);
  });
  test("keys that would change prototypes", async () => {
    const response = await post("/orders", '{"__proto__": {"type": "sales"}, "constructor": {"prototype": {"x": 1}}}');
    expect(response.status).toBe(400);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
  test("an unknown path", async () => {
    const response = await send("/nowhere");
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toMatchObject({ status: 404, error: "Not Found", path: "/nowhere" });
  });
  test("a path outside the API", async () => {
    expect((await fetch(new URL("/elsewhere", mock.url))).status).toBe(404);
  });
  test("a path that is not percent-encoded", async () => {
    expect((await send("/customers/%E0%A4%A")).status).toBe(400);
  });
  test.each(["/customers/1002101/no-such-part", "/eu"])("an undocumented path: %j", async (path) => {
    expect((await send(path)).status).toBe(404);
  });
  test("an unknown id, in any encoding", async () => {
    for (const id of ["x", "1-1", "%31x", "1_000", "12345678901234567890"]) {
      const response = await send(`/customers/${id}`);
      expect([id, response.status]).toEqual([id, 400]);
    }
    expect((await send("/customers/%31002101")).status).toBe(200);
  });
  test("a wrong method", async () => {
    const response = await send("/orders", { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(await bodyOf(response)).toMatchObject({ status: 405, error: "Method Not Allowed" });
  });
  test("a Prefer for an undocumented status", async () => {
    const response = await send("/customers", { headers: { prefer: "code=418" } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await bodyOf(response)).toHaveProperty("message");
  });
  test("bytes that are not HTTP end the connection, and the mock goes on", async () => {
    const { hostname, port } = new URL(mock.url);
    const socket = connect(Number(port), hostname);
    socket.end("\u0000\u0001 nonsense\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    expect((await send("/customers")).status).toBe(200);
  });
});

describe("CORS", () => {
  test("allows any origin", async () => {
    const response = await fetch(`${mock.url}/orders`, {
      method: "OPTIONS",
      headers: {
        origin: "http://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, x-subscription-key",
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-methods")).toContain("PATCH");
    expect(response.headers.get("access-control-allow-headers")).toContain("x-subscription-key");
  });
  test("exposes the correlation id", async () => {
    const response = await send("/customers", { headers: { origin: "http://shop.example" } });
    expect(response.headers.get("access-control-expose-headers")).toContain("X-Correlation-ID");
  });
});

describe("startMock", () => {
  test("rejects a port in use with a clear message", async () => {
    const port = Number(new URL(mock.url).port);
    await expect(startMock({ port })).rejects.toMatchObject({
      message: `Port ${port} is in use. Choose another with port.`,
      code: "EADDRINUSE",
    });
  });
  test("frees its port when closed while clients hold connections", async () => {
    const first = await startMock({ port: 0 });
    await (await fetch(`${first.url}/token`)).text();
    await first.close();
    const second = await startMock({ port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
    await second.close();
  });
});
