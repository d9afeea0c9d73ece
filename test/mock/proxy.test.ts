import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { startProxy } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { script } from "../support/script.ts";
import { clientOf, sale, sandbox } from "./sandbox.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-proxy-"));
});
afterAll(() => rm(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts an HTTP server that is closed with the test, and returns its origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Archive {
  log: {
    entries: {
      request: { url: string; headers: object[]; postData?: { text: string } };
      response: { status: number; content: { text: string } };
      _violations: string[];
    }[];
  };
}

/** A proxy in front of an API, with a client. */
async function proxied(target: string, har?: string) {
  const { mock } = await sandbox();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const proxy = await startProxy({ target: target || mock.url, port: 0, print, ...(har !== undefined && { har }) });
  closing.push(() => proxy.close());
  const imcloud = clientOf({ ...mock, url: proxy.url }, { fetch: (request) => fetch(request) });
  return { mock, proxy, imcloud, lines };
}

test("startProxy passes calls on unchanged, and writes the archive without secrets after each", async () => {
  const har = join(folder, "calls.har");
  const { mock, imcloud, lines } = await proxied("", har);
  const placed = await imcloud.orders.create(sale(2, { poNumber: "T-1 å" }));
  expect(mock.requests().map(({ path }) => path)).toEqual(["/token", "/orders"]);
  expect(await imcloud.orders.get(placed.id)).toMatchObject({ poNumber: "T-1 å" });
  await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
  await expect(imcloud.customers.get("999")).rejects.toMatchObject({ name: "NotFoundError" });

  const text = await readFile(har, "utf8");
  const { entries } = (JSON.parse(text) as Archive).log;
  expect(entries.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 404]);
  expect(entries.flatMap(({ _violations }) => _violations)).toEqual([]);
  expect(JSON.parse(String(entries[1]?.request.postData?.text))).toMatchObject({ poNumber: "T-1 å" });
  expect(text).not.toMatch(/demo-password|demo-subscription-key|mock-[0-9a-f]{8}-|signature=|sig=|ZGVtby5hcGk/);
  expect(lines).toHaveLength(5);
});

test("startProxy reports what breaks the document on the terminal, in a header and in the archive", async () => {
  const origin = await serve((request, response) => {
    response.setHeader("content-type", "application/json");
    request.resume().on("end", () => response.end('{"id": 7, "orderNumber": ["SO7"]}'));
  });
  const har = join(folder, "broken.har");
  const { proxy, lines } = await proxied(`${origin}/api/`, har);
  const headers = { authorization: "Bearer somebodys-token", "content-type": "application/json" };
  const response = await fetch(`${proxy.url}/orders`, { method: "POST", headers, body: '{"type": "gift"}' });
  expect(await response.json()).toEqual({ id: 7, orderNumber: ["SO7"] });
  const { entries } = (JSON.parse(await readFile(har, "utf8")) as Archive).log;
  for (const told of [String(response.headers.get("sl-violations")), lines[0], entries[0]?._violations.join("; ")]) {
    for (const fault of ["customerId", "type", "id must be string", "X-Correlation-ID"]) expect(told).toContain(fault);
  }
  expect(entries[0]?.request.url).toMatch(/\/api\/orders$/);
});

test("startProxy passes on malformed JSON, HTML and redirects, and follows no redirect", async () => {
  let visits = 0;
  const origin = await serve((request, response) => {
    visits += 1;
    if (request.url === "/orders") response.writeHead(504, { "content-type": "text/html" }).end("<html></html>");
    else response.writeHead(302, { location: "/elsewhere?signature=s3cret" }).end();
  });
  const { proxy } = await proxied(origin);
  const headers = { authorization: "Bearer somebodys-token", "content-type": "application/json" };
  const page = await fetch(`${proxy.url}/orders`, { method: "POST", headers, body: '{"type": ' });
  expect([page.status, await page.text()]).toEqual([504, "<html></html>"]);
  const redirect = await fetch(`${proxy.url}/plans`, { headers, redirect: "manual" });
  expect(redirect.status).toBe(302);
  expect(visits).toBe(2);
});

test("startProxy responds 502 as the gateway when the API cannot be reached", async () => {
  const { mock, proxy } = await proxied("");
  await mock.close();
  const response = await fetch(`${proxy.url}/plans`);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({ statusCode: 502, message: "The API could not be reached: ECONNREFUSED." });
});

/** Sends a request by node:http, which changes nothing in it. */
async function rawCall(url: string, options: { method?: string; headers?: string[]; body?: Buffer } = {}) {
  const { method = "GET", headers = [], body } = options;
  const { origin, host } = new URL(url);
  const request = send(origin, { path: url.slice(origin.length), method, headers: ["host", host, ...headers] });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { response, bytes: await buffer(response) };
}

/** An API that records its requests and always gives the same response. */
async function recordingApi(status: number, headers: string[], body: Buffer) {
  const seen: { url: string | undefined; rawHeaders: string[]; bytes: Buffer }[] = [];
  const origin = await serve(async (request, response) => {
    seen.push({ url: request.url, rawHeaders: request.rawHeaders, bytes: await buffer(request) });
    response.writeHead(status, headers).end(body);
  });
  return { origin, seen };
}

const text = (of: string) => Buffer.from(of);

describe("startProxy, byte for byte", () => {
  test.each<[what: string, headers: string[], body: Buffer]>([
    ["gzip", ["content-type", "application/json", "content-encoding", "gzip"], gzipSync('{"a": 1}')],
    ["Brotli", ["content-type", "application/json", "content-encoding", "br"], brotliCompressSync('{"a": 1}')],
    ["two codings", ["content-type", "text/plain", "content-encoding", "gzip, br"], brotliCompressSync(gzipSync("a"))],
    ["an invalid gzip encoding", ["content-type", "application/json", "content-encoding", "gzip"], text("plain")],
    ["an unknown coding", ["content-type", "application/json", "content-encoding", "aws-chunked"], text("{}")],
    ["latin1", ["content-type", "text/plain; charset=iso-8859-1"], Buffer.from("Sk\xf6vde", "latin1")],
    ["an unknown charset", ["content-type", "text/plain; charset=klingon"], text("nuqneH")],
    ["bytes", ["content-type", "application/octet-stream"], Buffer.from([0, 255, 254, 10, 13, 0])],
    ["bytes without a type", [], Buffer.from([0, 255, 254])],
    ["UTF-8 with a byte order mark", ["content-type", "application/json"], text("\ufeff{}")],
  ])("passes on a response in %s", async (_what, headers, body) => {
    const { origin } = await recordingApi(200, headers, body);
    const { proxy } = await proxied(origin, join(folder, `${Math.random()}.har`));
    const { response, bytes } = await rawCall(`${proxy.url}/plans`);
    expect(bytes.equals(body)).toBe(true);
    for (const [at, value] of headers.entries()) {
      if (at % 2) expect(response.headers[headers[at - 1] ?? ""]).toBe(value);
    }
  });

  test("passes on every Set-Cookie, header names in their case, the status text and repeated headers", async () => {
    const headers = [
      "Set-Cookie",
      "a=1; Path=/",
      "Set-Cookie",
      "b=2",
      "X-Trace-ID",
      "7",
      "Warning",
      "1",
      "Warning",
      "2",
    ];
    const { origin } = await recordingApi(
      200,
      [...headers, "Connection", "X-Hop, keep-alive", "X-Hop", "1"],
      text("x"),
    );
    const { proxy } = await proxied(origin);
    const { response } = await rawCall(`${proxy.url}/plans`);
    expect(response.headers["set-cookie"]).toEqual(["a=1; Path=/", "b=2"]);
    expect(response.rawHeaders.join("|")).toContain("X-Trace-ID|7|Warning|1|Warning|2");
    expect(response.rawHeaders).not.toContain("X-Hop");
  });

  test("passes on a request's path and query as written, repeated headers, and a GET with a body", async () => {
    const { origin, seen } = await recordingApi(204, [], text(""));
    const { proxy } = await proxied(`${origin}/api/`);
    const path = "/orders/a%2Fb//%7e?status=a&status=b&q=%zz&plus=a+b%20c&empty=&bare&'()";
    const body = Buffer.from([0, 200, 255]);
    const headers = ["content-type", "application/octet-stream", "X-Twice", "1", "X-Twice", "2", "content-length", "3"];
    const { response } = await rawCall(`${proxy.url}${path}`, { headers, body });
    expect(response.statusCode).toBe(204);
    expect(seen[0]?.url).toBe(`/api${path}`);
    expect(seen[0]?.bytes.equals(body)).toBe(true);
    expect(seen[0]?.rawHeaders.join("|")).toContain("X-Twice|1|X-Twice|2");
  });

  test("passes on a compressed request body, and validates a copy", async () => {
    const { origin, seen } = await recordingApi(200, ["content-type", "application/json"], text("{}"));
    const { proxy, lines } = await proxied(origin);
    const body = gzipSync('{"type": "gift"}');
    const headers = [
      ...["content-type", "application/json", "content-encoding", "gzip"],
      ...["transfer-encoding", "chunked", "authorization", "Bearer somebodys-token"],
    ];
    const { response } = await rawCall(`${proxy.url}/orders`, { method: "POST", headers, body });
    expect(response.statusCode).toBe(200);
    expect(seen[0]?.bytes.equals(body)).toBe(true);
    expect(lines[0]).toContain("type");
  });

  test("passes on the length of a HEAD, and an undocumented path", async () => {
    const { origin } = await recordingApi(200, ["content-type", "text/plain", "content-length", "1234"], text(""));
    const { proxy, lines } = await proxied(origin);
    const head = await rawCall(`${proxy.url}/plans`, { method: "HEAD" });
    expect([head.response.statusCode, head.response.headers["content-length"], head.bytes.length]).toEqual([
      200,
      "1234",
      0,
    ]);
    const { origin: other } = await recordingApi(418, [], text("teapot"));
    const { proxy: second, lines: told } = await proxied(other);
    const { response, bytes } = await rawCall(`${second.url}/coffee`, { method: "DELETE" });
    expect([response.statusCode, String(bytes)]).toEqual([418, "teapot"]);
    expect(told[0]).toContain("418  DELETE  /coffee");
    expect(lines).toHaveLength(1);
  });

  test("writes decompressed texts to the archive", async () => {
    const har = join(folder, "compressed.har");
    const plain = Buffer.from('{"name": "Skövde", "token": "s3cret"}');
    const { origin } = await recordingApi(
      200,
      ["content-type", "application/json", "content-encoding", "gzip", "set-cookie", "session=s3cret"],
      gzipSync(plain),
    );
    const { proxy } = await proxied(origin, har);
    await rawCall(`${proxy.url}/plans`);
    const archived = await readFile(har, "utf8");
    const [entry] = (JSON.parse(archived) as Archive).log.entries;
    // HAR 1.2: `content.size` counts what was compressed, `bodySize` what was sent.
    expect(entry?.response).toMatchObject({ content: { size: plain.length }, bodySize: gzipSync(plain).length });
    expect(JSON.parse(String(entry?.response.content.text))).toEqual({ name: "Skövde", token: "[redacted]" });
    expect(archived).not.toContain("s3cret");
  });
});

const cli = script(fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url)));
afterEach(cli.endAll);

test("imcloud-mock proxy rejects wrong arguments with a clear message", async () => {
  const taken = join(folder, "taken.har");
  await writeFile(taken, "mine");
  for (const [words, sentence] of [
    [[], "imcloud-mock proxy takes one URL"],
    [["api.example"], 'The proxy needs the http or https URL of an API; got "api.example".'],
    [["http://127.0.0.1:1", "--har", taken], "it is there already; name another"],
    [["http://127.0.0.1:1", "--har", join(folder, "no/such.har")], "cannot be used for --har"],
  ] as const) {
    const { stderr, code } = await cli.resultOf("proxy", ...words);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  }
  expect(await readFile(taken, "utf8")).toBe("mine");
});
