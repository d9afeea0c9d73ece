import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type RequestOptions, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Controls, startProxy } from "@imcloud/mock";
import { createSandbox } from "@imcloud/mock/sandbox";
import { describe, expect, onTestFinished, test } from "vitest";
import { sendRaw } from "../security/support/raw-request.ts";
import { sandbox } from "./sandbox.ts";

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The API as a server and as a sandbox, each with its URL and its `fetch`. */
const carriers: Record<string, () => Promise<{ url: string; fetch: Fetch; override: Controls["override"] }>> = {
  "the server": async () => ({ ...(await sandbox()).mock, fetch: (url, init) => fetch(url, init) }),
  "the sandbox": async () => createSandbox({ speed: 0 }),
};

async function caller(where: string, prepare: (override: Controls["override"]) => void = () => {}) {
  const { url, fetch, override } = await (carriers[where] as (typeof carriers)[string])();
  prepare(override);
  const authorization = `Basic ${btoa("demo.api:demo-password")}`;
  const signedIn = await fetch(`${url}/token`, {
    ...{ method: "POST", headers: { authorization, "content-type": "application/json" } },
    body: '{"marketplace":"se"}',
  });
  const { token } = (await signedIn.json()) as { token: string };
  return (path: string, { headers, ...init }: RequestInit = {}) =>
    fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}`, ...(headers as object) }, ...init });
}

const RENEWAL = '{"type":"renewal","customerId":"1002101","subscriptionId":"700401"}';

describe.each(Object.keys(carriers))("%s", (where) => {
  test.each<[type: string, status: number]>([
    ["application/json", 200],
    ["APPLICATION/JSON; Charset=UTF-8", 200],
    ['application/json ; charset="utf-8"', 200],
    ["application/json;", 200],
    ["json", 415],
    ["application/", 415],
    ["application/json; charset", 415],
    ["application/json text", 415],
    ["application/json, application/json", 415],
    ["application/json; charset=iso-8859-1", 415],
    ["application/problem+json", 415],
    ["application/vnd.api+json", 415],
    ["text/json", 415],
    ["multipart/form-data", 415],
  ])("responds to a body of type %j with %i", async (type, status) => {
    const call = await caller(where);
    const headers = { "content-type": type };
    const response = await call("/orders/estimate", { method: "POST", headers, body: RENEWAL });
    expect(response.status).toBe(status);
  });

  test("sends the headers of an override's Response, each cookie in its own, and none of another connection", async () => {
    const headers = new Headers({ "x-correlation-id": "mine", "retry-after": "7", trailer: "x", upgrade: "h2c" });
    const cookies = ["a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "b=2"];
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    const call = await caller(where, (override) => {
      override("orders_list", () => new Response('{"data":[]}', { status: 299, headers }));
    });
    const response = await call("/orders");
    expect([response.status, await response.text()]).toEqual([299, '{"data":[]}']);
    expect(response.headers.getSetCookie()).toEqual(cookies);
    const names = ["x-correlation-id", "retry-after", "trailer", "upgrade"];
    expect(names.map((name) => response.headers.get(name))).toEqual(["mine", "7", null, null]);
  });

  test("responds with JSON whatever Accept says", async () => {
    const call = await caller(where);
    for (const accept of ["text/html", "application/xml", "application/json;q=0", "text/*;q=0.5, image/png", "?,;"]) {
      const response = await call("/orders?limit=1", { headers: { accept } });
      expect([response.status, response.headers.get("content-type")], accept).toEqual([200, "application/json"]);
    }
  });

  test("takes only decimal digits, with or without a sign, for an integer in a query", async () => {
    const call = await caller(where);
    const statuses = async (values: string[]) =>
      Promise.all(values.map(async (value) => (await call(`/orders?limit=${encodeURIComponent(value)}`)).status));
    expect(await statuses(["1", "+1", "007"])).toEqual([200, 200, 200]);
    const others = ["0x1", "1e1", "1.0", " 1", "1 ", "Infinity", "NaN", "1_0", "١", "-1", "99999999999999999999"];
    expect(await statuses(others)).toEqual(others.map(() => 400));
    expect(await (await call("/orders?offset=1e1")).json()).toMatchObject({
      message: "Request query parameter offset must be integer",
    });
  });

  test("responds 415 with Accept-Encoding to an unsupported content coding", async () => {
    const call = await caller(where);
    for (const coding of ["gzip", "GZIP", "br", "deflate", "zstd", "gzip, identity"]) {
      const headers = { "content-type": "application/json", "content-encoding": coding };
      const response = await call("/orders/estimate", { method: "POST", headers, body: RENEWAL });
      expect([response.status, response.headers.get("accept-encoding")], coding).toEqual([415, "identity"]);
    }
  });

  test("reports the first error only of a body that is wrong in several ways", async () => {
    const call = await caller(where);
    const headers = { "content-type": "application/json" };
    const response = await call("/orders/estimate", { method: "POST", headers, body: "[]" });
    expect(await response.json()).toMatchObject({ status: 400, message: "Request body must be object" });
  });

  test("refuses a body that is not UTF-8", async () => {
    const call = await caller(where);
    const body = Buffer.from('{"poNumber": "Sk\xf6vde"}', "latin1");
    const headers = { "content-type": "application/json" };
    const response = await call("/orders/900301", { method: "PATCH", headers, body });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ message: "The body is not UTF-8" }),
    ]);
  });

  test.each(["/orders?status=completed&status=", "/orders?status=&status=completed", "/orders?limit=&limit=2"])(
    "ignores the empty one of several values in %s",
    async (path) => {
      const call = await caller(where);
      const response = await call(path);
      const without = await call(path.replace(/(status|limit)=(&|$)/, "").replace(/&$/, ""));
      expect([response.status, await response.json()]).toEqual([200, await without.json()]);
    },
  );

  test("never makes a browser ask for a password", async () => {
    const call = await caller(where);
    const headers = { authorization: "Basic eDp5", "content-type": "application/json" };
    for (const authorization of ["", "Basic eDp5", "Bearer x"]) {
      const signIn = await call("/token", { method: "POST", headers: { ...headers, authorization }, body: "{}" });
      const read = await call("/orders", { headers: { authorization } });
      for (const { status, headers: told } of [signIn, read]) {
        expect([status, told.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^(?:xBasic|Bearer)$/)]);
      }
    }
  });

  test("allows Chromium's private network access from a public page", async () => {
    const call = await caller(where);
    const headers = { "access-control-request-private-network": "true", origin: "https://app.example" };
    const { status, headers: told } = await call("/orders", { method: "OPTIONS", headers });
    expect([status, told.get("access-control-allow-private-network")]).toEqual([204, "true"]);
    expect(told.get("access-control-allow-methods")).toBe("POST, GET, PATCH, HEAD, OPTIONS");
  });
});

describe("startMock, raw HTTP", () => {
  test("sends an override's fetched response, whose body was compressed and chunked", async () => {
    const compressed = createServer((_, response) => {
      response.setHeader("content-encoding", "gzip").write(gzipSync('{"name":'));
      response.end(gzipSync('"Nordic"}'));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void compressed.close());
    await once(compressed, "listening");
    const { mock, imcloud } = await sandbox({}, { fetch });
    mock.override("plans_get", () => fetch(`http://127.0.0.1:${(compressed.address() as AddressInfo).port}`));
    expect(await imcloud.plans.get("200101")).toEqual({ name: "Nordic" });
    mock.override("plans_get", () => Response.error());
    await expect(imcloud.plans.get("200101")).rejects.toMatchObject({ name: "ConnectionError" });
  });

  test("logs an upload that its client leaves as one without a response", async () => {
    const { mock } = await sandbox();
    const head = { "content-type": "application/json", "content-length": 100 };
    const upload = send(`${mock.url}/token`, { method: "POST", headers: head }).on("error", () => {});
    upload.write("{", () => upload.destroy());
    await expect.poll(() => mock.requests()).toMatchObject([{ operation: "token_create", status: undefined }]);
  });

  test("reads request targets of every form, versions, trailers and pipelined requests", async () => {
    const { mock } = await sandbox();
    const signedIn = await fetch(`${mock.url}/token`, {
      ...{ method: "POST", headers: { authorization: `Basic ${btoa("demo.api:demo-password")}` } },
      ...{ body: new Blob(['{"marketplace":"se"}'], { type: "application/json" }) },
    });
    const { token } = (await signedIn.json()) as { token: string };
    const head = `Host: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n`;
    const get = (target: string, version = "1.1") => `GET ${target} HTTP/${version}\r\n${head}\r\n`;
    const length = RENEWAL.length.toString(16);
    const chunked = `POST /marketplace/orders/estimate HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n${length};a=b\r\n${RENEWAL}\r\n0\r\nX: 1\r\nAuthorization: Bearer other\r\n\r\n`;
    const cases: [bytes: string, statuses: number[]][] = [
      [get("http://mock.lan:4010/marketplace/orders"), [200]],
      [get("HTTP://user:password@mock.lan/marketplace/orders"), [200]],
      [get("http://mock.lan/w/a/marketplace/orders"), [401]],
      [get("http://mock.lan/__mock/snapshots"), [200]],
      [get("http://other.example/__mock/snapshots"), [403]],
      [get("http://localhost@other.example/__mock/snapshots"), [403]],
      [get("//other.example/marketplace/orders"), [404]],
      [get("/marketplace/%6Frders/%3900301"), [200]],
      [get("/marketplace/orders%2F900301"), [404]],
      [get("/marketplace/orders", "1.0"), [200]],
      [chunked, [200]],
      [`${get("/marketplace/orders").replace("Connection: close", "A: b")}${get("/marketplace/plans")}`, [200, 200]],
      ["GET /__mock/snapshots HTTP/1.1\r\nHost: [::1]:4010\r\nConnection: close\r\n\r\n", [200]],
      ["GET /__mock/snapshots HTTP/1.1\r\nHost: localhost.\r\nConnection: close\r\n\r\n", [200]],
      ["GET /__mock/snapshots HTTP/1.1\r\nHost: other.example.\r\nConnection: close\r\n\r\n", [403]],
      ["GET /__mock/snapshots HTTP/1.1\r\nHost: localhost@other.example\r\nConnection: close\r\n\r\n", [403]],
      ["GET /marketplace/orders HTTP/1.1\r\nConnection: close\r\n\r\n", [400]],
      [chunked.replace(`${length};a=b`, "zz"), [400]],
      [get("/marketplace/orders").replace("GET", "get"), [400]],
      [get("/").replace("Host", "Expect: fly\r\nHost"), [417]],
    ];
    for (const [bytes, statuses] of cases) {
      const got = [...(await sendRaw(mock.url, bytes)).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) =>
        Number(status),
      );
      expect(got, bytes).toEqual(statuses);
    }
  });
});

describe("OAuth 2 sign-in", () => {
  const form = new URLSearchParams({ grant_type: "password", username: "demo.api", password: "demo-password" });

  test.each<[headers: Record<string, string>, body: string | Buffer]>([
    [{ "content-encoding": "gzip" }, gzipSync(String(form))],
    [{ "content-type": "application/x-www-form-urlencoded; charset=utf-16" }, String(form)],
  ])("refuses %j with 415, and not as a wrong password", async (headers, body) => {
    const { mock } = await sandbox();
    const response = await fetch(new URL("/auth/realms/x/protocol/openid-connect/token", mock.url), {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: typeof body === "string" ? body : new Uint8Array(body),
    });
    expect([response.status, await response.json()]).toEqual([
      415,
      expect.objectContaining({ error: "invalid_request" }),
    ]);
  });
});

describe("/__mock", () => {
  test.each<[method: string, path: string, status: number, allow: string | null]>([
    ["PUT", "/faults", 405, "HEAD, GET, POST, DELETE"],
    ["POST", "/state", 405, "HEAD, GET"],
    ["GET", "/reset", 405, "POST"],
    ["OPTIONS", "/clock", 405, "POST"],
    ["POST", "/ready", 405, "GET, HEAD"],
    ["HEAD", "/state", 200, null],
    ["GET", "/state/", 200, null],
    ["PUT", "/nothing", 404, null],
  ])("responds to %s %s with %i", async (method, path, status, allow) => {
    const { mock } = await sandbox();
    const response = await fetch(new URL(`/__mock${path}`, mock.url), { method });
    expect([response.status, response.headers.get("allow")]).toEqual([status, allow]);
  });

  test.each<[path: string, body: string, sentence: string]>([
    ["/faults", "[]", "Send a fault, or several in an array."],
    ["/faults", "[[]]", "A fault is an object with a kind."],
    ["/clock", "[]", "This call takes an object with advance."],
    ["/clock", '{"advance": 1, "seconds": 2}', "This call takes an object with advance."],
    ["/clock", '{"advance": "1"}', "The clock moves by a whole number"],
    ["/reset", '{"hard": true}', "This call takes no body."],
    ["/orders/resume", "{}", "Send the id of an order"],
  ])("refuses %s with %s with a clear message", async (path, body, sentence) => {
    const { mock } = await sandbox();
    const headers = { "content-type": "application/json" };
    const response = await fetch(new URL(`/__mock${path}`, mock.url), { method: "POST", headers, body });
    expect([response.status, await response.json()]).toEqual([400, { message: expect.stringContaining(sentence) }]);
  });
});

describe("keep-alive", () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async function get(url: string | URL, options: RequestOptions = {}): Promise<IncomingMessage> {
    const request = send(url, { agent, ...options }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await text(response);
    return response;
  }

  test("lasts ten minutes on the API, the files' host and the proxy", async () => {
    const { mock } = await sandbox();
    const proxy = await startProxy({ target: mock.url, port: 0 });
    for (const url of [mock.url, mock.filesUrl, `${proxy.url}/plans`]) {
      expect((await get(url)).headers["keep-alive"]).toBe("timeout=600");
    }
    agent.destroy();
    await proxy.close();
  });

  test("outlives a breakpoint of six seconds", async () => {
    const { mock } = await sandbox();
    await get(mock.url);
    // Blocks the whole process, as a debugger does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 6_000);
    const request = send(`${mock.url}/orders`, { agent, method: "POST" }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await text(response);
    expect([response.statusCode, request.reusedSocket]).toEqual([401, true]);
    agent.destroy();
  }, 20_000);
});
