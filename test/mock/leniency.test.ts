import type { Mock } from "@imcloud/mock";
import { describe, expect, test } from "vitest";
import { domain, sandbox } from "./sandbox.ts";

/** Sends hand-written requests, and returns each response with the problems that the mock noted. */
async function caller(options = {}) {
  const { mock } = await sandbox(options);
  const token = await tokenOf(mock);
  return async (method: string, path: string, body?: unknown, base = mock.url) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const responseBody = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body: responseBody, problems: mock.requests().at(-1)?.problems ?? [], mock };
  };
}

async function tokenOf({ url, credentials }: Mock, marketplace = "se"): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ marketplace }),
  });
  return ((await response.json()) as { token: string }).token;
}

const order = { type: "sales", customerId: "1002101", products: [{ id: "500201", quantity: 2, parameters: domain }] };

describe("query parameters", () => {
  test.each(["/subscriptions?customerId=", "/customers?limit=", "/orders?creationTimeFrom="])(
    "are ignored when they have no value: %s",
    async (path) => {
      const call = await caller();
      const all = await call("GET", path.replace(/\?.*/, ""));
      const { status, body, problems } = await call("GET", path);
      expect([status, body]).toEqual([200, all.body]);
      expect(problems).toEqual([expect.stringMatching(/^query parameter "\w+" is empty and ignored$/)]);
    },
  );
  test("named as members of Object.prototype are noted", async () => {
    const call = await caller();
    const { problems } = await call("GET", "/customers?__proto__=1");
    expect(problems).toEqual(['query parameter "__proto__" is unknown and ignored']);
  });
});

test("HEAD responds as GET, and OAuth's 405 has Allow", async () => {
  const { mock } = await sandbox();
  const headers = { authorization: `Bearer ${await tokenOf(mock)}` };
  const head = await fetch(`${mock.url}/customers`, { method: "HEAD", headers });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const oauth = await fetch(new URL("/auth/realms/any/protocol/openid-connect/token", mock.url));
  expect([oauth.status, oauth.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
});

test("a compressed request body is rejected with a clear message", async () => {
  const { mock } = await sandbox();
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  const response = await fetch(`${mock.url}/token`, { method: "POST", headers, body: "x" });
  expect([response.status, await response.json()]).toEqual([
    415,
    expect.objectContaining({ message: expect.stringContaining('content-encoding "gzip"') }),
  ]);
});

describe("paths", () => {
  test.each(["/marketplace", "/marketplace/eu", "/marketplace/na", "/marketplace/dev"])(
    "may begin with %s",
    async (basePath) => {
      const call = await caller();
      const { mock } = await call("GET", "/customers");
      const base = new URL(basePath, mock.url).href;
      const { status, body, problems } = await call("GET", "/customers/1002101", undefined, base);
      expect([status, body.id, problems]).toEqual([200, "1002101", []]);
    },
  );
  test("are unknown below two unknown segments", async () => {
    const call = await caller();
    const { mock } = await call("GET", "/customers");
    expect((await call("GET", "/customers", undefined, `${mock.url}/eu/se`)).status).toBe(404);
  });
  test.each<[method: string, path: string, clean: string]>([
    ["GET", "/customers/", "/customers"],
    ["GET", "//customers", "/customers"],
    ["GET", "//customers//1002101/", "/customers/1002101"],
    ["GET", "/eu//customers/", "/eu/customers"],
    ["POST", "/orders/", "/orders"],
  ])("%s %s finds its operation, and is noted", async (method, path, clean) => {
    const call = await caller();
    const { status, problems } = await call(method, path, method === "POST" ? order : undefined);
    expect([status, problems]).toEqual([200, [`path "${path}" has a slash too many; "${clean}" is meant`]]);
  });
});

describe("tokens", () => {
  test.each(["se", "us", "uk", "eu", "stg"])("are issued at the marketplace %s", async (marketplace) => {
    const { mock } = await sandbox();
    expect(await tokenOf(mock, marketplace)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });
  test("are JWT-like, signed, 300 characters or longer, and carry a session", async () => {
    const { mock } = await sandbox();
    const token = await tokenOf(mock);
    expect(token.length).toBeGreaterThanOrEqual(300);
    const claims = JSON.parse(Buffer.from(String(token.split(".")[1]), "base64url").toString());
    expect(claims).toMatchObject({ marketplace: "se", session: expect.stringContaining("JSESSIONID=") });
    expect(claims.exp - claims.iat).toBe(1500);
  });
});

describe("POST /oauth2/token", () => {
  const form = ({ credentials }: Mock, more: Record<string, string> = {}) => {
    const { username, password, clientId, clientSecret } = credentials;
    const fields = { grant_type: "password", username, password, client_id: clientId, client_secret: clientSecret };
    return new URLSearchParams({ ...fields, ...more });
  };
  const ask = (mock: Mock, body: URLSearchParams | string, headers = {}) =>
    fetch(new URL("/auth/realms/cmp/protocol/openid-connect/token", mock.url), { method: "POST", body, headers });

  test("gives a token by the password grant that the API takes", async () => {
    const { mock } = await sandbox();
    const response = await ask(mock, form(mock));
    expect(response.status).toBe(200);
    const granted = (await response.json()) as Record<string, string>;
    expect(granted).toMatchObject({ token_type: "Bearer", expires_in: 1500 });
    const headers = { authorization: `Bearer ${granted.access_token}` };
    expect((await fetch(`${mock.url}/customers`, { headers })).status).toBe(200);
    await mock.advance(1_500_000);
    expect((await fetch(`${mock.url}/customers`, { headers })).status).toBe(401);
  });
  test("takes the client's id and secret in a Basic header too", async () => {
    const { mock } = await sandbox();
    const { username, password, clientId, clientSecret } = mock.credentials;
    const body = new URLSearchParams({ grant_type: "password", username, password });
    const headers = { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` };
    expect((await ask(mock, body, headers)).status).toBe(200);
  });
  test("gives another token for a refresh token, once", async () => {
    const { mock } = await sandbox();
    const { refresh_token } = (await (await ask(mock, form(mock))).json()) as { refresh_token: string };
    const refreshed = () => ask(mock, form(mock, { grant_type: "refresh_token", refresh_token }));
    expect((await refreshed()).status).toBe(200);
    expect((await refreshed()).status).toBe(400);
  });
  test("gives a refresh token that signs no call, and takes no access token for one", async () => {
    const { mock } = await sandbox();
    const given = (await (await ask(mock, form(mock))).json()) as { access_token: string; refresh_token: string };
    const statusWith = async (token: string) =>
      (await fetch(`${mock.url}/plans`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await statusWith(given.access_token)).toBe(200);
    expect(await statusWith(given.refresh_token)).toBe(401);
    const mistaken = form(mock, { grant_type: "refresh_token", refresh_token: given.access_token });
    expect((await ask(mock, mistaken)).status).toBe(400);
    expect(await statusWith(given.access_token)).toBe(200);
  });
  test.each<[what: string, more: Record<string, string>, status: number, error: string]>([
    ["a wrong password", { password: "wrong" }, 401, "invalid_grant"],
    ["a wrong client secret", { client_secret: "wrong" }, 401, "unauthorized_client"],
    ["another grant", { grant_type: "authorization_code" }, 400, "unsupported_grant_type"],
  ])("responds to %s in OAuth 2's shape, and logs it", async (_what, more, status, error) => {
    const { mock } = await sandbox();
    const response = await ask(mock, form(mock, more));
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
    expect(mock.requests().at(-1)).toMatchObject({ status, problems: [expect.any(String)] });
  });
  test("responds 400 to JSON in place of a form", async () => {
    const { mock } = await sandbox();
    expect((await ask(mock, "{}", { "content-type": "application/json" })).status).toBe(400);
  });
});

describe("request bodies", () => {
  test("may have null for what is not set", async () => {
    const call = await caller();
    const nulls = { ...order, poNumber: null, attributes: null, scheduledOn: null };
    const products = [{ ...order.products[0], mpn: null, vendor: null, billingPeriod: null }];
    const { status, body, problems } = await call("POST", "/orders", { ...nulls, products });
    expect([status, problems]).toEqual([200, []]);
    expect(body).not.toHaveProperty("poNumber");
  });
  test("must not have null for required members", async () => {
    const call = await caller();
    const { status, body } = await call("POST", "/orders", { ...order, customerId: null });
    expect(status).toBe(400);
    expect(body.message).toContain("customerId");
  });
  test.each(["2.0", "2", "2.00"])(
    "may have the quantity as the text %s, which is returned as a number",
    async (quantity) => {
      const call = await caller();
      const products = [{ ...order.products[0], quantity }];
      const { status, body } = await call("POST", "/orders", { ...order, products });
      expect(status).toBe(200);
      expect(body.products).toMatchObject([{ quantity: 2 }]);
    },
  );
  test("must not have a quantity that is not a number", async () => {
    const call = await caller();
    for (const quantity of ["two", "", "2,0", "0x2", "1e3", " 2"]) {
      const products = [{ ...order.products[0], quantity }];
      expect([quantity, (await call("POST", "/orders", { ...order, products })).status]).toEqual([quantity, 400]);
    }
  });
  test("have unknown members noted at any depth, with the right spelling of a misspelled one", async () => {
    const call = await caller();
    const products = [{ ...order.products[0], parameters: [{ ...domain[0], note: "x" }, domain[1]], color: "red" }];
    const { status, problems } = await call("POST", "/orders", { ...order, products, ponumber: "T-1" });
    expect(status).toBe(200);
    expect(problems).toEqual([
      'body member "products.0.parameters.0.note" is unknown and ignored',
      'body member "products.0.color" is unknown and ignored',
      'body member "ponumber" is unknown and ignored; names are case-sensitive, and this one is "poNumber"',
    ]);
  });
  test("may have any members in dictionaries", async () => {
    const call = await caller();
    const { status, body, problems } = await call("PATCH", "/customers/1002101", { attributes: { anything: "x" } });
    expect([status, problems]).toEqual([200, []]);
    expect(body.attributes).toMatchObject({ anything: "x" });
  });
});

describe("PATCH without effect", () => {
  test.each<[path: string, body: object, unknown: string[]]>([
    ["/customers/1002101", {}, []],
    ["/customers/1002101", { name: "Brightwater Dental Group" }, []],
    ["/customers/1002101", { isVip: true }, ["isVip"]],
    ["/resellers/1000010", { colour: "blue" }, ["colour"]],
    ["/orders/900301", { total: "1" }, ["total"]],
    ["/subscriptions/700401", { status: "hold" }, ["status"]],
    ["/subscriptions/700401", { products: [{ id: "500201", quantity: 3 }] }, ["products.0.quantity"]],
  ])("succeeds for %s with %j, and is noted", async (path, body, unknown) => {
    const call = await caller();
    const { status, problems } = await call("PATCH", path, body);
    expect(status).toBe(200);
    expect(problems).toEqual([
      ...unknown.map((name) => `body member "${name}" is unknown and ignored`),
      "the update changed nothing",
    ]);
  });
  test("is not noted for one with an effect", async () => {
    const call = await caller();
    expect((await call("PATCH", "/subscriptions/700401", { renewalStatus: false })).problems).toEqual([]);
  });
});
