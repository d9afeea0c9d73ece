import { gzipSync } from "node:zlib";
import { createClient, GatewayError, UnknownOutcomeError } from "@imcloud/client";
import { createHttp } from "@imcloud/client/http";
import { validator } from "@imcloud/client/validate";
import { describe, expect, test } from "vitest";
import { cpuTime } from "../support/cpu-time.ts";
import { clientOptions, failureOf, hostileApi, hostileServer, sendJson } from "./support/hostile-server.ts";

const LIMIT = 1_000_000;
/** A decompression bomb: a few kilobytes that become more than the client reads by default. */
const BOMB = gzipSync(Buffer.alloc(55_000_000, " "));

const order = { type: "sales", customerId: "1", poNumber: "PO-1", products: [{ id: "2", quantity: 1 }] } as never;

describe("maxResponseBytes", () => {
  const bomb = (options = {}) =>
    hostileApi(
      (_, response) =>
        response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" }).end(BOMB),
      options,
    );

  test("applies to every way of calling, and its error says what to do", async () => {
    const { imcloud, url } = await bomb({ maxResponseBytes: LIMIT });
    const http = createHttp({
      ...clientOptions(url, { maxResponseBytes: LIMIT }),
      retry: undefined,
      rateLimit: undefined,
    } as never);
    const calls: Record<string, () => PromiseLike<unknown>> = {
      method: () => imcloud.customers.get("1"),
      page: () => imcloud.customers.list(),
      loop: () => imcloud.orders.list()[Symbol.asyncIterator]().next(),
      toArray: () => imcloud.orders.list().toArray(),
      request: () => imcloud.request("GET", "/anything"),
      http: () => imcloud.http.GET("/customers"),
      createHttp: () => http.GET("/customers"),
      details: () => imcloud.orders.details({})[Symbol.asyncIterator]().next(),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await failureOf(call());
      expect(error, name).toBeInstanceOf(GatewayError);
      expect(error.message, name).toContain(`more than ${LIMIT} bytes, which is maxResponseBytes`);
    }
  });

  test("applies to the sign-in", async () => {
    const { url } = await hostileServer((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(BOMB),
    );
    const auths = [
      { username: "a.api", password: "b" },
      { oauth2: { url: `${url}/realm`, username: "a.api", password: "b", clientId: "c" } },
    ];
    for (const auth of auths) {
      const imcloud = createClient(clientOptions(url, { auth, maxResponseBytes: LIMIT }));
      expect((await failureOf(imcloud.customers.list())).message).toContain("maxResponseBytes");
    }
  });

  test("defaults to 50 MB, and bounds the memory too", async () => {
    const { imcloud } = await bomb();
    const before = process.memoryUsage().rss;
    expect((await failureOf(imcloud.customers.list())).message).toContain("more than 50000000 bytes");
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
  });

  test("makes the outcome of a write unknown, and sends it once", async () => {
    const { imcloud, received } = await bomb({ maxResponseBytes: LIMIT, retry: {} });
    expect(await failureOf(imcloud.orders.create(order))).toBeInstanceOf(UnknownOutcomeError);
    expect(received.filter(({ method, url }) => method === "POST" && url === "/orders")).toHaveLength(1);
  });

  test("accepts a body of exactly the limit, with characters split between chunks", async () => {
    const body = JSON.stringify({ data: [{ id: "1", name: "žluťoučký 漢字 🦊" }], pagination: { total: 1 } });
    const options = { maxResponseBytes: Buffer.byteLength(body) };
    const { imcloud } = await hostileApi(
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        // Byte by byte, which splits characters.
        for (const byte of Buffer.from(body)) response.write(Buffer.of(byte));
        response.end();
      },
      { ...options, maxResponseBytes: Math.max(options.maxResponseBytes, 100) },
    );
    expect((await imcloud.customers.list()).data[0]?.name).toBe("žluťoučký 漢字 🦊");
  });
});

describe("ApiError, with a hostile text", () => {
  const NASTY = "\u001b]0;owned\u0007\u001b[2J\u009b31m\r\nINFO all is well\u202e\u2066\u200b\u{e0041}";
  /** Line ends, terminal controls and bidirectional controls. */
  const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

  test.each([400, 404, 409, 422, 429, 500, 503])(
    "is one line of bounded length without control characters, with status %i",
    async (status) => {
      const message = `${NASTY}${"x".repeat(1_000_000)}`;
      const { imcloud } = await hostileApi((_, response) =>
        sendJson(response, { message, correlationId: message, timeStamp: NASTY }, status),
      );
      const error = await failureOf(imcloud.customers.get("1"));
      expect(error.message).not.toMatch(UNSAFE);
      expect(error.message.length).toBeLessThan(1_100);
      expect(String(error.correlationId)).not.toMatch(UNSAFE);
      expect(String(error.correlationId).length).toBeLessThan(300);
      expect(JSON.stringify(error).length).toBeLessThan(3_000);
    },
  );

  test("is one line of bounded length too for reason phrases, headers, failed orders and endless lists", async () => {
    const row = { id: NASTY, orderNumber: NASTY.repeat(10_000), status: "error", statusCode: "ER" };
    const { imcloud } = await hostileApi((request, response) => {
      if (request.url?.startsWith("/orders/")) return sendJson(response, row);
      if (request.url?.startsWith("/reports/")) return sendJson(response, { ...row, status: "error" });
      response.writeHead(502, "caf\u009b31m", { "x-correlation-id": "a\u009b31mb".repeat(500) });
      response.end("<html>");
    });
    const errors = [
      await failureOf(imcloud.customers.list()),
      await failureOf(imcloud.orders.wait("1")),
      await failureOf(imcloud.reports.wait("1")),
    ];
    for (const error of errors) {
      expect(error.message).not.toMatch(UNSAFE);
      expect(error.message.length).toBeLessThan(5_000);
      expect(String(error.correlationId)).not.toMatch(UNSAFE);
    }
  });
});

describe("another request than the one asked for", () => {
  const VALUES = ["", ".", "..", "a/../..", "..\\..", "a/..", "/", "//", "\\"];

  test.each(VALUES)("is not sent for %j in a path, by any way of calling", async (value) => {
    const { imcloud, url, received } = await hostileApi((_, response) => sendJson(response, {}));
    const http = createHttp({ ...clientOptions(url), retry: undefined, rateLimit: undefined } as never);
    const path = { id: value };
    const calls = [
      () => imcloud.customers.get(value),
      () => imcloud.http.GET("/customers/{id}", { params: { path } }),
      () => imcloud.http.PATCH("/customers/{id}", { params: { path }, body: {} as never }),
      () => http.GET("/customers/{id}", { params: { path } }),
      () => imcloud.request("POST", `/customers/${value}`, { body: {} }),
      () => imcloud.request("POST", `/resellers/${value}/orders`, { body: {} }),
    ];
    for (const call of calls) {
      const outcome = await Promise.resolve()
        .then(call)
        .then(
          () => "sent",
          (error) => error.constructor.name,
        );
      const sent = received.filter((request) => request.url !== "/token");
      if (outcome === "sent") {
        // As a whole parameter the value is escaped, and no server takes it for another path.
        expect(
          sent.every(({ url: target }) => /^\/(customers|resellers)\/[^/]+(\/orders)?$/.test(String(target))),
        ).toBe(true);
      } else expect(outcome).toBe("TypeError");
    }
  });

  test.each(["", ".", "..", "%2e%2e", "%2E.", ".%2e", "x/../.."])("is not made of a segment %j", async (segment) => {
    const { imcloud, received } = await hostileApi((_, response) => sendJson(response, {}));
    await expect(async () => imcloud.request("POST", `/resellers/${segment}/orders`)).rejects.toThrow(TypeError);
    await expect(async () => imcloud.http.POST(`/resellers/${segment}/orders` as never, {} as never)).rejects.toThrow(
      TypeError,
    );
    expect(received).toEqual([]);
  });

  test("is not made of a path whose value is missing", async () => {
    const { imcloud, received } = await hostileApi((_, response) => sendJson(response, {}));
    for (const init of [{}, { params: {} }, { params: { path: {} } }, { params: { path: { id: undefined } } }]) {
      await expect(async () => imcloud.http.GET("/customers/{id}", init as never)).rejects.toThrow(TypeError);
    }
    expect(received).toEqual([]);
  });
});

describe("baseUrl", () => {
  test.each([
    "https://api.cloud.im\n.other.example",
    "https://api.cloud.im/marketplace\r\n/eu",
    "https://api.cloud.im\t@other.example",
    " https://api.cloud.im",
    "https:\\\\api.cloud.im",
    "https:api.cloud.im",
    "https://user@api.cloud.im",
    "https://api.cloud.im/?a=b",
    "javascript:alert(1)",
    "file:///etc/passwd",
  ])("refuses %j", (baseUrl) => {
    expect(() => createClient(clientOptions(baseUrl))).toThrow(TypeError);
  });

  test.each([
    "http://api.cloud.im",
    "HTTP://8.8.8.8/api",
    "http://[2001:db8::1]",
    "http://1.2.3.4.",
    "http://134744072",
  ])("refuses plain http to the public host %s until it is allowed", (baseUrl) => {
    expect(() => createClient(clientOptions(baseUrl))).toThrow("baseUrl is plain http to a public host");
    expect(() => createClient(clientOptions(baseUrl, { allowInsecure: true }))).not.toThrow();
    expect(() => createHttp({ baseUrl, marketplace: "us", auth: { username: "a", password: "b" } })).toThrow(
      "plain http",
    );
    const auth = { oauth2: { url: `${baseUrl}/realm`, username: "a.api", password: "b", clientId: "c" } };
    expect(() => createClient(clientOptions("https://api.cloud.im", { auth }))).toThrow(
      "auth.oauth2.url is plain http",
    );
  });

  test.each([
    "http://localhost:4010",
    "http://127.1",
    "http://0x7f.1",
    "http://10.0.0.1",
    "http://172.31.0.1",
    "http://192.168.1.1",
    "http://[::1]:80",
    "http://[fd00::1]",
    "http://mock:4010",
    "http://mock.lan",
  ])("takes plain http to %s, which is no public host", (baseUrl) => {
    expect(() => createClient(clientOptions(baseUrl))).not.toThrow();
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])(
    "take no secret to another host, whatever a caller asks for: %i",
    async (status) => {
      const thief = await hostileServer((_, response) => sendJson(response, {}));
      const { imcloud, url } = await hostileApi((_, response) =>
        response.writeHead(status, { location: `${thief.url}/customers` }).end(),
      );
      const http = createHttp({ ...clientOptions(url), retry: undefined, rateLimit: undefined } as never);
      const init = { redirect: "follow" } as never;
      await failureOf(imcloud.customers.get("1"));
      await failureOf(imcloud.orders.create(order));
      await failureOf(imcloud.request("GET", "/anything"));
      await imcloud.http.GET("/customers", init).catch(() => {});
      await http.GET("/customers", init).catch(() => {});
      expect(thief.received).toEqual([]);
    },
  );
});

describe("bounded work on what a server sends", () => {
  test.each([20_000, 60_000])("validates %i faulty rows without an error of its own", async (count) => {
    const data = Array.from({ length: count }, (_, id) => ({ id, status: id, type: [], name: {}, contactPersons: 7 }));
    const { imcloud } = await hostileApi((_, response) => sendJson(response, { data, pagination: { total: count } }), {
      validate: validator({ onDifference: "throw" }),
    });
    const start = cpuTime();
    const error = await failureOf(imcloud.customers.list());
    expect(error.name).toBe("ValidationError");
    expect(error.message.length).toBeLessThan(5_000);
    expect(cpuTime() - start).toBeLessThan(10_000);
  });

  test("names a bounded number of faults, however many there are", async () => {
    const names = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`made-up\u001b${at}${"x".repeat(500)}`, 1]),
    );
    const { imcloud } = await hostileApi((_, response) => sendJson(response, { data: [names], pagination: names }), {
      validate: validator({ onDifference: "throw" }),
    });
    const error = await failureOf(imcloud.customers.list());
    const differences = error.differences as { at: string; message: string }[];
    expect(differences.length).toBeLessThanOrEqual(100);
    for (const { at, message } of differences) expect((at + message).length).toBeLessThan(700);
  });

  test("reads a page of rows with the same id in linear time", async () => {
    const data = Array.from({ length: 60_000 }, (_, at) => ({ id: "1", name: `row ${at}` }));
    const { imcloud } = await hostileApi((_, response) => sendJson(response, { data, pagination: { total: 60_000 } }));
    const start = cpuTime();
    await imcloud.customers
      .list()
      .toArray({ max: 100_000 })
      .catch(() => {});
    expect(cpuTime() - start).toBeLessThan(5_000);
  });
});

describe("reports.download", () => {
  const PUBLIC = "https://api.cloud.im/marketplace";
  const report = (downloadUrl: string) => ({ id: "1", name: "r", status: "completed", downloadUrl }) as never;

  /** A client of a public API with a stub fetch. */
  function clientFor(baseUrl: string, respond: (url: string) => Response, options = {}) {
    const asked: string[] = [];
    const imcloud = createClient({
      ...clientOptions(baseUrl, options),
      fetch: async (request) => {
        asked.push(request.url);
        expect(request.redirect).toBe("manual");
        return respond(request.url);
      },
    });
    return { imcloud, asked };
  }

  const FORBIDDEN = [
    "http://files.cloud.im/report.csv",
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1:8443/admin",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00:ec2::254]/",
    "https://localhost./",
    "https://db.internal/",
    "https://printer/",
    "http://0.0.0.0/",
  ];

  test.each(FORBIDDEN)("refuses %s from a public API with https, until it is allowed", async (link) => {
    const { imcloud, asked } = clientFor(PUBLIC, () => new Response("file"));
    const error = await failureOf(imcloud.reports.download(report(link)));
    expect(error.message).toContain("see allowInsecure");
    expect(error.message).not.toContain(new URL(link).hostname);
    expect(asked).toEqual([]);
    const allowed = clientFor(PUBLIC, () => new Response("file"), { allowInsecure: true });
    expect((await allowed.imcloud.reports.download(report(link))).contentType).toContain("text/plain");
  });

  test.each(FORBIDDEN)("does not follow a redirect to %s", async (link) => {
    const { imcloud, asked } = clientFor(PUBLIC, (url) =>
      url === link
        ? new Response("secrets of the network")
        : new Response(null, { status: 302, headers: { location: link } }),
    );
    await failureOf(imcloud.reports.download(report("https://files.cloud.im/report.csv")));
    expect(asked).toEqual(["https://files.cloud.im/report.csv"]);
  });

  test("follows a limited number of redirects to public hosts, relative ones too", async () => {
    const { imcloud, asked } = clientFor(PUBLIC, (url) =>
      url.endsWith("/end") ? new Response("file") : new Response(null, { status: 307, headers: { location: "/end" } }),
    );
    await imcloud.reports.download(report("https://files.cloud.im/start"));
    expect(asked).toEqual(["https://files.cloud.im/start", "https://files.cloud.im/end"]);
    const endless = clientFor(PUBLIC, () => new Response(null, { status: 302, headers: { location: "/again" } }));
    await failureOf(endless.imcloud.reports.download(report("https://files.cloud.im/start")));
    expect(endless.asked.length).toBeLessThan(10);
  });

  test.each(["file:///etc/passwd", "data:text/plain,x", "javascript:1", "//files.cloud.im/a", "blob:https://a/b", ""])(
    "refuses %j as a link and as the target of a redirect",
    async (link) => {
      const { imcloud } = clientFor(
        PUBLIC,
        () => new Response(null, { status: 302, headers: { location: link || "data:," } }),
      );
      await failureOf(imcloud.reports.download(report(link || "data:,")));
      if (link !== "//files.cloud.im/a")
        await failureOf(imcloud.reports.download(report("https://files.cloud.im/start")));
    },
  );

  test("allows a link into a private network from an API that is there too", async () => {
    for (const baseUrl of ["https://mock.internal/api", "http://127.0.0.1:4010/marketplace"]) {
      const { imcloud, asked } = clientFor(baseUrl, () => new Response("file"));
      await imcloud.reports.download(report("http://127.0.0.1:4011/report.csv"));
      expect(asked).toEqual(["http://127.0.0.1:4011/report.csv"]);
    }
  });
});
