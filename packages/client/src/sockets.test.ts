import type { RequestListener } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttp } from "./http/create-http.ts";
import { ConnectionError, createClient, TimeoutError, UnknownOutcomeError } from "./index.ts";
import { failureOf } from "./testing.ts";
import { nobody, serve } from "./testing-server.ts";

const token = JSON.stringify({ token: "demo-token", expiresInSeconds: 600 });

/** An API that accepts any sign-in and responds to everything else with a listener. */
const serveApi = (respond: RequestListener, atEnd?: Parameters<typeof serve>[1]) =>
  serve((request, response) => {
    if (request.url !== "/token") return respond(request, response);
    response.setHeader("content-type", "application/json").end(token);
  }, atEnd);

const clientOf = (baseUrl: string, timeout?: number) =>
  createClient({
    baseUrl,
    marketplace: "se",
    auth: { username: "demo.api", password: "password" },
    subscriptionKey: "key",
    retry: false,
    timeout,
  });

test("a redirect is an error, and takes no credentials to the other host", async () => {
  let visits = 0;
  const elsewhere = await serve((_request, response) => {
    visits += 1;
    response.end("{}");
  });
  const baseUrl = await serveApi((_request, response) => {
    response.writeHead(307, { location: `${elsewhere}/customers/1` }).end();
  });
  await expect(clientOf(baseUrl).customers.get("1")).rejects.toMatchObject({ name: "ApiError", status: 307 });
  expect(visits).toBe(0);
});

describe("under constant garbage collection", () => {
  const servers: (() => Promise<void>)[] = [];
  const serveBriefly = (listener: RequestListener) => serveApi(listener, (close) => servers.push(close));

  const silent: RequestListener = () => {};
  const stalling: RequestListener = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"id": ');
  };
  // The first refusal makes the client repeat the call.
  const stallingOnceSignedIn = (): RequestListener => {
    let calls = 0;
    return (request, response) => {
      calls += 1;
      if (calls === 1) response.writeHead(401).end();
      else stalling(request, response);
    };
  };

  const timesOut = (listener: RequestListener) => async () => {
    const imcloud = clientOf(await serveBriefly(listener), 300);
    await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(TimeoutError);
  };
  const isAborted = (listener: RequestListener) => async () => {
    const imcloud = clientOf(await serveBriefly(listener));
    const controller = new AbortController();
    const call = imcloud.customers.get("1", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(call).rejects.toThrow("enough");
  };
  const closesItsConnection = (call: (baseUrl: string, signal: AbortSignal) => PromiseLike<unknown>) => async () => {
    let closed: Promise<unknown> | undefined;
    const baseUrl = await serveBriefly((request, response) => {
      const { socket } = request;
      // A reset closes the connection too.
      socket.on("error", () => {});
      closed = new Promise((resolve) => socket.on("close", resolve));
      stalling(request, response);
    });
    const controller = new AbortController();
    const outcome = failureOf(Promise.resolve(call(baseUrl, controller.signal)));
    setTimeout(() => controller.abort(new Error("enough")), 300);
    expect(await outcome).toMatchObject({ message: "enough" });
    await closed;
  };

  const own = (request: Request) => fetch(request);
  const options = { marketplace: "se", auth: { username: "demo.api", password: "password" } };
  const CASES: Record<string, () => Promise<void>> = {
    "a response that never comes ends with a TimeoutError in time": timesOut(silent),
    "a body that does not end ends with a TimeoutError in time": timesOut(stalling),
    "a body that does not end after a second sign-in ends with a TimeoutError in time": timesOut(
      stallingOnceSignedIn(),
    ),
    "a response that never comes ends when the caller aborts": isAborted(silent),
    "a body that does not end ends when the caller aborts": isAborted(stalling),
    "a method that is aborted in its body closes the connection": closesItsConnection((baseUrl, signal) =>
      createClient({ ...options, baseUrl }).customers.get("1", { signal }),
    ),
    "a method on a fetch of the caller's that is aborted in its body closes the connection": closesItsConnection(
      (baseUrl, signal) => createClient({ ...options, baseUrl, fetch: own }).customers.get("1", { signal }),
    ),
    "http that is aborted in its body closes the connection": closesItsConnection((baseUrl, signal) =>
      createClient({ ...options, baseUrl }).http.GET("/plans", { signal }),
    ),
    "createHttp that is aborted in its body closes the connection": closesItsConnection((baseUrl, signal) =>
      createHttp({ ...options, baseUrl }).GET("/plans", { signal }),
    ),
    "createHttp on a fetch of the caller's that is aborted in its body closes the connection": closesItsConnection(
      (baseUrl, signal) => createHttp({ ...options, baseUrl, fetch: own }).GET("/plans", { signal }),
    ),
    "a connection that breaks in the middle of a body is a ConnectionError": async () => {
      const imcloud = clientOf(
        await serveBriefly((_request, response) => {
          response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
          response.write('{"id": ', () => response.destroy());
        }),
      );
      await expect(imcloud.customers.get("1")).rejects.toBeInstanceOf(ConnectionError);
    },
  };

  const outcomes = new Map<string, Promise<void>>();
  let collecting: NodeJS.Timeout;
  // All wait at the same time, as each collection takes long where a worker of tests holds much.
  beforeAll(() => {
    setFlagsFromString("--expose-gc");
    // Several times in each of the waits above: a collection of all that a worker of tests holds takes most of 50 ms.
    collecting = setInterval(runInNewContext("gc"), 75);
    for (const [what, show] of Object.entries(CASES)) {
      const outcome = show();
      // Its test tells.
      outcome.catch(() => {});
      outcomes.set(what, outcome);
    }
  });
  afterAll(async () => {
    clearInterval(collecting);
    await Promise.all(servers.map((close) => close()));
  });

  test.each(Object.keys(CASES))("%s", async (what) => {
    await outcomes.get(what);
  });
});

describe("createClient, with a server that misbehaves", () => {
  const retrying = (baseUrl: string, timeout?: number) =>
    createClient({
      baseUrl,
      marketplace: "se",
      auth: { username: "demo.api", password: "demo-password" },
      timeout,
      retry: { limit: 2, minDelay: 1 },
    });
  const order = { type: "sales" as const, customerId: "1002101", products: [], poNumber: "T-1" };
  const good: RequestListener = (_request, response) => {
    response.setHeader("content-type", "application/json").end('{"id":"1","customerId":1002101}');
  };

  test.each<[string, RequestListener]>([
    ["slow headers", () => {}],
    ["a slow body", (_request, response) => void response.writeHead(200).write('{"id"')],
    ["a reset before the response", (request) => request.socket.destroy()],
    ["a reset in the body", (_request, response) => void response.writeHead(200).write("{", () => response.destroy())],
    [
      "a body that is cut short",
      (_request, response) => void response.writeHead(200, { "content-length": 99 }).end("{"),
    ],
    [
      "gzip that is none",
      (_request, response) => void response.writeHead(200, { "content-encoding": "gzip" }).end("{}"),
    ],
    ["HTML 502", (_request, response) => void response.writeHead(502).end("<html></html>")],
    ["HTML 504", (_request, response) => void response.writeHead(504).end("<html></html>")],
    ["429", (_request, response) => void response.writeHead(429).end("{}")],
  ])("repeats a read after %s, and a write is done once or in doubt", async (what, misbehave) => {
    let reads = 0;
    let writes = 0;
    const baseUrl = await serveApi((request, response) => {
      const count = request.method === "GET" ? ++reads : ++writes;
      if (count === 1) request.resume().on("end", () => misbehave(request, response));
      else good(request, response);
    });
    // Only for what never ends, as the others may be slow on a busy machine.
    const imcloud = retrying(baseUrl, /slow/.test(what) ? 1000 : undefined);
    expect(await imcloud.customers.get("1")).toMatchObject({ id: "1" });
    expect(reads).toBe(2);
    const outcome = await imcloud.orders.create(order).then(
      () => "done",
      (error: unknown) => (error as Error).name,
    );
    expect([outcome, writes]).toEqual(what === "429" ? ["done", 2] : ["UnknownOutcomeError", 1]);
  });

  test("retries reads and writes when nothing listens, then throws ConnectionError", async () => {
    const failure = retrying(await nobody()).orders.create(order);
    await expect(failure).rejects.toMatchObject({ name: "ConnectionError", neverSent: true });
  });

  test("reads compressed, empty and unusual bodies as they are", async () => {
    const bodies: RequestListener[] = [
      (_request, response) =>
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync('{"id":7,"status":"new"}')),
      (_request, response) => response.writeHead(204).end(),
      (_request, response) => response.writeHead(200).end(),
      (_request, response) => response.end('{"data":null,"more":{"deep":[1]}}'),
    ];
    let count = 0;
    const imcloud = retrying(await serveApi((request, response) => bodies[count++]?.(request, response)));
    expect(await imcloud.orders.get("7")).toEqual({ id: 7, status: "new" });
    expect(await imcloud.orders.update("7", {})).toBeUndefined();
    expect(await failureOf(imcloud.orders.get("7"))).toMatchObject({ name: "GatewayError", status: 200 });
    expect((await imcloud.orders.list()).data).toEqual([]);
  });

  test("fails no call when its token expires between and during calls", async () => {
    let signIns = 0;
    let calls = 0;
    const baseUrl = await serve((request, response) => {
      response.setHeader("content-type", "application/json");
      if (request.url === "/token") return response.end(`{"token":"t-${++signIns}","expiresInSeconds":600}`);
      calls += 1;
      // Each token is valid for five calls.
      const isGood = request.headers.authorization === `Bearer t-${Math.floor(calls / 6) + 1}`;
      response.writeHead(isGood ? 200 : 401).end('{"id":"1"}');
    });
    const imcloud = retrying(baseUrl);
    for (let call = 0; call < 20; call++) expect(await imcloud.orders.get("1")).toEqual({ id: "1" });
    expect(signIns).toBeGreaterThan(3);
  });

  test("fails at once when the daily quota is used up, and says for how long", async () => {
    let calls = 0;
    const baseUrl = await serveApi((_request, response) => {
      calls += 1;
      response.writeHead(403, { "content-type": "application/json", "retry-after": "41400" });
      response.end('{"statusCode":403,"message":"Out of call volume quota"}');
    });
    const failure = retrying(baseUrl).customers.get("1");
    await expect(failure).rejects.toMatchObject({ name: "QuotaExceededError", status: 403, retryAfter: 41_400 });
    expect(calls).toBe(1);
  });

  test.each([
    [
      '{"timeStamp":"2026-02-22T07:45:08.223+00:00","status":500,"message":"SO1 blocks","path":"/orders"}',
      "SO1 blocks",
    ],
    [
      '{"timestamp":"2026-02-22T07:45:08.223+00:00","status":500,"error":"Internal Server Error"}',
      "Internal Server Error",
    ],
    ['{"statusCode":500,"message":"backend"}', "backend"],
  ])("reads each shape of JSON error: %s", async (body, reason) => {
    const baseUrl = await serveApi((_request, response) => {
      response.writeHead(500, { "content-type": "application/json" }).end(body);
    });
    const failure = retrying(baseUrl).orders.create(order);
    const error = await failure.catch((thrown: unknown) =>
      thrown instanceof UnknownOutcomeError ? thrown.cause : thrown,
    );
    expect(error).toMatchObject({ name: "ServerError", message: `500 ${reason}` });
  });

  /** The rows of a list, as a page. */
  const page = (rows: unknown[], offset: number, limit: number) =>
    JSON.stringify({ data: rows.slice(offset, offset + limit), pagination: { offset, limit, total: rows.length } });
  const pagingOf = (url = "") => {
    const query = new URL(url, "http://api.example").searchParams;
    return [Number(query.get("offset") ?? 0), Number(query.get("limit") ?? 10)] as const;
  };

  test("lists each report once when the server ignores offset and limit", async () => {
    const reports = Array.from({ length: 25 }, (_, id) => ({ id: `r-${id}` }));
    let calls = 0;
    const baseUrl = await serveApi((_request, response) => {
      calls += 1;
      response.end(JSON.stringify({ data: reports, pagination: { offset: 0, limit: 10, total: 0 } }));
    });
    const ids = await Array.fromAsync(retrying(baseUrl).reports.list({ limit: 10 }), ({ id }) => id);
    expect(ids).toEqual(reports.map(({ id }) => id));
    expect(calls).toBeLessThan(5);
  });

  test("lists each old row once when rows shift between pages", async () => {
    const rows = Array.from({ length: 60 }, (_, id) => ({ id: String(id) }));
    let arrivals = 0;
    const baseUrl = await serveApi((request, response) => {
      const [offset, limit] = pagingOf(request.url);
      response.end(page(rows, offset, limit));
      for (let more = 0; more < 3 && arrivals < 30; more++) rows.unshift({ id: `new-${++arrivals}` });
    });
    const ids = await Array.fromAsync(retrying(baseUrl).orders.list({ limit: 10 }), ({ id }) => id);
    const old = ids.filter((id) => !id.startsWith("new"));
    expect(old).toEqual(Array.from({ length: 60 }, (_, id) => String(id)));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("places an order once when its response is lost", async () => {
    const placed: { id: string; poNumber: string }[] = [];
    const baseUrl = await serveApi((request, response) => {
      if (request.method === "POST") {
        const row = { ...order, id: String(placed.length + 1), creationDate: new Date().toISOString() };
        request.resume().on("end", () => {
          placed.push(row);
          request.socket.destroy();
        });
      } else if (request.url?.startsWith("/orders?")) {
        response.end(
          page(
            placed.map(({ poNumber: _, ...row }) => row),
            ...pagingOf(request.url),
          ),
        );
      } else response.end(JSON.stringify(placed[0]));
    });
    expect(await retrying(baseUrl).orders.createOnce(order)).toMatchObject({ id: "1", poNumber: "T-1" });
    expect(placed).toHaveLength(1);
  });

  test("closes the connection on an abort", async () => {
    let closed = 0;
    const controller = new AbortController();
    const baseUrl = await serveApi((request) => {
      request.on("close", () => closed++);
      controller.abort(new Error("enough"));
    });
    const call = retrying(baseUrl).orders.get("1", { signal: controller.signal, timeout: 0 });
    await expect(call).rejects.toThrow("enough");
    await expect.poll(() => closed).toBe(1);
  });
});
