import { once } from "node:events";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Server } from "node:net";
import { Agent, ProxyAgent, fetch as undiciFetch } from "undici";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { createHttp } from "../../http/create-http.ts";
import {
  type ClientOptions,
  ConnectionError,
  type CustomFetch,
  createClient,
  UnknownOutcomeError,
} from "../../index.ts";
import { applicationError, failureOf } from "../../testing.ts";
import { nobody, serve } from "../../testing-server.ts";

const clientOf = (baseUrl: string, options: Partial<ClientOptions> = {}) =>
  createClient({
    baseUrl,
    marketplace: "se",
    auth: { token: () => "demo-token" },
    retry: false,
    rateLimit: false,
    ...options,
  });
const order = { type: "sales", customerId: "1" } as never;
const failing =
  (error: unknown): CustomFetch =>
  () =>
    Promise.reject(error);
const because = (cause: object) => new TypeError("fetch failed", { cause: Object.assign(new Error("x"), cause) });

describe("ConnectionError.neverSent of writes", () => {
  test.each<[string, unknown]>([
    ["connection refused", because({ code: "ECONNREFUSED", syscall: "connect" })],
    ["unknown host", because({ code: "ENOTFOUND", syscall: "getaddrinfo" })],
    ["no response from the name server", because({ code: "EAI_AGAIN", syscall: "getaddrinfo" })],
    ["no route to the host", because({ code: "EHOSTUNREACH", syscall: "connect" })],
    ["no route to the network", because({ code: "ENETUNREACH", syscall: "connect" })],
    ["no connection in time", because({ code: "ETIMEDOUT", syscall: "connect" })],
    ["no connection in undici's time", because({ code: "UND_ERR_CONNECT_TIMEOUT" })],
    ["no local address", because({ code: "EADDRNOTAVAIL", syscall: "connect" })],
    ["forbidden port", new TypeError("fetch failed", { cause: new Error("bad port") })],
    ["certificate expired", because({ code: "CERT_HAS_EXPIRED" })],
    ["certificate self-signed", because({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" })],
    ["issuer unknown", because({ code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" })],
    ["certificate of another host", because({ code: "ERR_TLS_CERT_ALTNAME_INVALID" })],
    ["no TLS at the port", because({ code: "ERR_SSL_WRONG_VERSION_NUMBER" })],
    ["certificate refused", because({ code: "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE" })],
    ["handshake refused, by another OpenSSL", because({ code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE" })],
    ["handshake refused", because({ code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE" })],
    ["client certificate asked for", because({ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" })],
    [
      "connection ended in the handshake",
      because({
        code: "ECONNRESET",
        message: "Client network socket disconnected before secure TLS connection was established",
      }),
    ],
    [
      "every address refused",
      because({ errors: [{ code: "ECONNREFUSED" }, { code: "ENETUNREACH", syscall: "connect" }] }),
    ],
    [
      "a proxy that refuses",
      new TypeError("fetch failed", { cause: new Error("Proxy response (407) !== 200 when HTTP Tunneling") }),
    ],
    ["Bun, refused", Object.assign(new Error("Unable to connect."), { code: "ConnectionRefused" })],
    ["Bun, no connection", Object.assign(new Error("Was there a typo?"), { code: "FailedToOpenSocket" })],
    [
      "Deno, TLS",
      new TypeError(
        "error sending request for url (https://x/): client error (Connect): invalid peer certificate: UnknownIssuer",
      ),
    ],
    ["Deno, dns", new TypeError("error sending request: client error (Connect): dns error: failed to lookup")],
    [
      "a URL that is none",
      Object.assign(new TypeError("Failed to parse URL from x"), { cause: { code: "ERR_INVALID_URL" } }),
    ],
  ])("is true for a write that certainly did not leave: %s", async (_what, error) => {
    const failure = await failureOf(clientOf("https://api.example", { fetch: failing(error) }).orders.create(order));
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ neverSent: true });
  });
});

describe("UnknownOutcomeError of writes", () => {
  test.each<[string, unknown]>([
    ["reset on the way", because({ code: "ECONNRESET", syscall: "read" })],
    ["unreachable on the way", because({ code: "EHOSTUNREACH", syscall: "read" })],
    ["timed out on the way", because({ code: "ETIMEDOUT", syscall: "read" })],
    ["closed by the other side", because({ code: "UND_ERR_SOCKET", message: "other side closed" })],
    ["broken encryption on the way", because({ code: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC" })],
    ["an alert on the way", because({ code: "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR" })],
    [
      "one address refused, the other reset",
      because({ errors: [{ code: "ECONNREFUSED" }, { code: "ECONNRESET", syscall: "read" }] }),
    ],
    ["a browser's failure, which says nothing", new TypeError("Failed to fetch")],
    ["undefined", undefined],
  ])("is thrown where the request may have left: %s", async (_what, error) => {
    const failure = await failureOf(clientOf("https://api.example", { fetch: failing(error) }).orders.create(order));
    expect(failure).toBeInstanceOf(UnknownOutcomeError);
  });
});

describe("UnknownOutcomeError of responses of proxies", () => {
  test.each<[number, string]>([
    ...[502, 503, 504, 520, 521, 522, 523, 524, 598, 599].map((status): [number, string] => [
      status,
      '{"message":"x"}',
    ]),
    [500, ""],
    [500, "{}"],
    [500, "[]"],
    [501, ""],
    [530, '{"error":"origin"}'],
    // Spring's, with and without its message; NestJS's; the gateway's, whose own refusals have other statuses.
    [
      500,
      '{"timestamp":"2026-02-22T07:45:08.223+00:00","status":500,"error":"Internal Server Error","path":"/orders"}',
    ],
    [500, '{"timestamp":"2026-02-22T07:45:08.223+00:00","status":500,"error":"Error","message":"","path":"/orders"}'],
    [500, '{"timestamp":"2026-02-22T07:45:08.223+00:00","message":"Read timed out"}'],
    [500, '{"statusCode":500,"message":"Internal server error"}'],
    [500, '{"timeStamp":"2026-02-22T07:45:08.223+00:00","status":500}'],
    [500, '{"timeStamp":1771746308223,"message":"Read timed out"}'],
    [500, '[{"timeStamp":"2026-02-22T07:45:08.223+00:00","message":"Read timed out"}]'],
    [500, "<html><h1>Whitelabel Error Page</h1></html>"],
    [500, "Internal Server Error"],
  ])("is thrown for %i and %j", async (status, body) => {
    const fetch = async () => new Response(body, { status });
    const failure = await failureOf(clientOf("https://api.example", { fetch }).orders.create(order));
    expect(failure).toBeInstanceOf(UnknownOutcomeError);
    expect(String(failure)).toContain("not in the form by which the API refuses: look before you send it again.");
  });

  test("is not thrown for what the API says itself", async () => {
    const fetch = async () => Response.json(applicationError("Order CH1 is being provisioned"), { status: 500 });
    const failure = await failureOf(clientOf("https://api.example", { fetch }).orders.create(order));
    expect(failure).toMatchObject({ name: "ServerError" });
  });
});

describe("createClient", () => {
  test("says that there is no fetch on its platform, and sends nothing", async () => {
    vi.stubGlobal("fetch", undefined);
    try {
      const imcloud = clientOf("https://api.example", {});
      const failure = await failureOf(imcloud.orders.create(order));
      expect(failure).toMatchObject({
        name: "MarketplaceError",
        message: expect.stringContaining("There is no fetch"),
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("undici's headersTimeout", () => {
  test.each(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"])("are no broken connection: %s", async (code) => {
    const fetch = failing(because({ code }));
    const read = await failureOf(clientOf("https://api.example", { fetch, timeout: 0 }).orders.get("1"));
    expect(read).toMatchObject({ name: "TimeoutError" });
    expect((read as Error).message).toContain("The platform's fetch");
    const write = await failureOf(clientOf("https://api.example", { fetch, timeout: 0 }).orders.create(order));
    expect(write).toMatchObject({ name: "UnknownOutcomeError", cause: { name: "TimeoutError" } });
  });
});

const servers: (Server | TlsServer)[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});
async function listening<S extends Server | TlsServer>(server: S): Promise<number> {
  server.listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("ConnectionError.neverSent on real sockets", () => {
  test.each<[string, () => Promise<string>]>([
    ["nobody listens", nobody],
    ["a port that fetch forbids", async () => "http://127.0.0.1:6000"],
    ["a host that does not exist", async () => "http://nowhere.invalid"],
    [
      "TLS where the server has none",
      async () => (await serve((_request, response) => response.end())).replace("http", "https"),
    ],
    [
      "a server that closes in the handshake",
      async () => `https://127.0.0.1:${await listening(createTcpServer((socket) => socket.destroy()))}`,
    ],
    ["a server without a certificate", async () => `https://127.0.0.1:${await listening(createTlsServer({}))}`],
  ])("is true: %s", async (_what, start) => {
    const baseUrl = await start();
    expect(await failureOf(clientOf(baseUrl).orders.create(order))).toMatchObject({
      name: "ConnectionError",
      neverSent: true,
    });
  });
});

describe("fetch of the undici package", () => {
  const api = (seen: string[]) =>
    serve((request, response) => {
      let body = "";
      request.on("data", (piece) => {
        body += piece;
      });
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
        response.setHeader("content-type", "application/json").end('{"id":"1"}');
      });
    });

  const dispatcher = new Agent();
  afterAll(() => dispatcher.close());
  test.each<[string, unknown]>([
    ["given as it is", undiciFetch],
    ["with a dispatcher", (url: string, init: object) => undiciFetch(url, { ...init, dispatcher })],
  ])("%s, carries method, headers and body", async (_how, fetch) => {
    const seen: string[] = [];
    const baseUrl = await api(seen);
    const imcloud = clientOf(baseUrl, { fetch: fetch as CustomFetch });
    expect(await imcloud.customers.update("1", { name: "New" })).toEqual({ id: "1" });
    expect(await imcloud.customers.get("1")).toEqual({ id: "1" });
    const { data } = await imcloud.http.PATCH("/customers/{id}", {
      params: { path: { id: "1" } },
      body: { name: "H" },
    });
    expect(data).toEqual({ id: "1" });
    const http = createHttp({
      ...{ baseUrl, marketplace: "se", auth: { token: () => "demo-token" }, fetch: fetch as CustomFetch },
    });
    expect((await http.PATCH("/customers/{id}", { params: { path: { id: "1" } }, body: { name: "C" } })).data).toEqual({
      id: "1",
    });
    expect(seen).toEqual([
      'PATCH /customers/1 Bearer demo-token {"name":"New"}',
      "GET /customers/1 Bearer demo-token ",
      'PATCH /customers/1 Bearer demo-token {"name":"H"}',
      'PATCH /customers/1 Bearer demo-token {"name":"C"}',
    ]);
  });

  test("reports neverSent for a proxy that is not there", async () => {
    const proxy = new ProxyAgent(await nobody());
    const fetch: CustomFetch = (request, init) =>
      undiciFetch(request.url, { ...init, dispatcher: proxy } as never) as never;
    const failure = await failureOf(clientOf("http://api.example", { fetch }).orders.create(order));
    expect(failure).toMatchObject({ name: "ConnectionError", neverSent: true });
    await proxy.close();
  });
});
