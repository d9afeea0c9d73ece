import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { startProxy } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sendRaw, statusOf } from "./support/raw-request.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-hostile-proxy-"));
});
afterAll(() => rm(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface ReceivedRequest {
  method: string | undefined;
  url: string | undefined;
  headers: [name: string, value: string][];
  body: string;
}

const pairs = (raw: readonly string[]) =>
  raw.flatMap((name, at): [string, string][] => (at % 2 ? [] : [[name.toLowerCase(), String(raw[at + 1])]]));

/** A proxy in front of an API that records its requests. */
async function proxied(respond: RequestListener, base = "") {
  const seen: ReceivedRequest[] = [];
  const api = createServer(async (request, response) => {
    const { method, url, rawHeaders } = request;
    seen.push({ method, url, headers: pairs(rawHeaders), body: String(await buffer(request)) });
    respond(request, response);
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
  closing.push(() => api.close());
  const har = join(folder, `${Math.random()}.har`);
  const lines: string[] = [];
  const { port } = api.address() as AddressInfo;
  const proxy = await startProxy({
    ...{ target: `http://127.0.0.1:${port}${base}`, port: 0, har },
    print: (line) => void lines.push(line),
  });
  closing.push(() => proxy.close());
  return { url: proxy.url, seen, lines, archive: () => readFile(har, "utf8") };
}

const ok: RequestListener = (_, response) => void response.writeHead(200, { "content-type": "text/plain" }).end("ok");

describe("startProxy", () => {
  test.each([
    "http://user@api.example",
    "http://:password@api.example",
    "https://user:password@api.example/marketplace",
    "http://user%40a:b@api.example",
    "https://api.example/?key=1",
    "https://api.example/#a",
    "ftp://api.example",
    "api.example",
    "http://api.example\\@other.example",
    "http://api.example\n.other.example",
    "http://api.exa\tmple",
    " http://api.example",
    "",
  ])("refuses the target %j with a clear message that repeats no password", async (target) => {
    const { message } = await startProxy({ target, port: 0 }).then(
      () => expect.fail("it was taken"),
      (error: Error) => error,
    );
    expect(message).toMatch(/^The proxy needs the .+\.$/);
    expect(message).not.toContain("password");
  });

  test("responds where the API goes over to another protocol", async () => {
    const { url } = await proxied((request) => {
      request.socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
    });
    const response = await fetch(`${url}/orders`);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("The API could not be reached: it responded with another protocol.");
  });

  test("forwards no cookies and no hop-by-hop headers, and all other headers unchanged", async () => {
    const { url, seen } = await proxied(ok);
    const head = [
      ...["Cookie: session=of-another-app", "cookie: b=2", "Connection: close, X-Hop , keep-alive", "X-Hop: 1"],
      ...["connection: X-Other-Hop", "X-Other-Hop: 1", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive"],
      ...["Proxy-Authorization: Basic a", "TE: trailers", "Trailer: X-T", "Upgrade: h2c", "X-Kept: 1", "x-kept: 2"],
      ...["Authorization: Bearer t", "X-Forwarded-For: 10.0.0.1"],
    ];
    const got = await sendRaw(
      url,
      `GET /marketplace/plans HTTP/1.1\r\nHost: localhost\r\n${head.join("\r\n")}\r\n\r\n`,
    );
    expect(statusOf(got)).toBe(200);
    expect(seen[0]?.headers.filter(([name]) => name !== "host")).toEqual([
      ...[
        ["x-kept", "1"],
        ["x-kept", "2"],
        ["authorization", "Bearer t"],
        ["x-forwarded-for", "10.0.0.1"],
      ],
      ["connection", "close"],
    ]);
  });

  test("sends one Content-Length or Transfer-Encoding, whatever Connection names", async () => {
    const { url, seen } = await proxied(ok);
    const named = "Connection: close, content-length, authorization, host";
    const got = await sendRaw(
      url,
      `POST /marketplace/orders HTTP/1.1\r\nHost: localhost\r\n${named}\r\nAuthorization: Bearer t\r\nContent-Length: 3\r\n\r\nabc`,
    );
    expect(statusOf(got)).toBe(200);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.body).toBe("abc");
    const lengths = seen[0]?.headers.filter(([name]) => /^(?:content-length|transfer-encoding)$/.test(name));
    expect(lengths).toEqual([["content-length", "3"]]);
  });

  test("returns no hop-by-hop headers of the API, and all others", async () => {
    const { url } = await proxied((_, response) => {
      response.writeHead(200, [
        ...["Connection", "close, X-Hop", "X-Hop", "1", "Keep-Alive", "timeout=5", "Proxy-Authenticate", "Basic"],
        ...["Trailer", "X-T", "Upgrade", "h2c", "X-Kept", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2"],
      ]);
      response.end("ok");
    });
    const got = await sendRaw(url, "GET /marketplace/plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const head = got.slice(0, got.indexOf("\r\n\r\n"));
    expect(head).not.toMatch(/^(?:x-hop|keep-alive|proxy-authenticate|trailer|upgrade):/im);
    for (const kept of ["X-Kept: 1", "Set-Cookie: a=1", "Set-Cookie: b=2"]) expect(head).toContain(kept);
  });

  test("forwards Expect: 100-continue, and then the body", async () => {
    const { url, seen } = await proxied(ok);
    const got = await sendRaw(
      url,
      "POST /marketplace/orders HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    );
    expect(got).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect(seen[0]).toMatchObject({ body: "{}", headers: expect.arrayContaining([["expect", "100-continue"]]) });
  });

  test.each<[target: string, sent: string | undefined]>([
    ["/marketplace/orders/../../admin", "/api/orders/../../admin"],
    ["/marketplace", "/api"],
    ["/marketplace/", "/api/"],
    ["/marketplace?a=1", "/api?a=1"],
    ["/marketplacex/orders", undefined],
    ["/other", undefined],
    ["//other.example/marketplace", undefined],
    ["http://other.example/marketplace/plans", "/api/plans"],
    ["http://user:password@other.example/marketplace/plans", "/api/plans"],
    ["/marketplace@other.example/", undefined],
    ["/marketplace//other.example/", "/api//other.example/"],
  ])("calls only the target for %j", async (target, sent) => {
    const { url, seen } = await proxied(ok, "/api");
    const got = await sendRaw(url, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect([statusOf(got), seen.map((each) => each.url)]).toEqual(sent === undefined ? [404, []] : [200, [sent]]);
  });
});

const TOKEN = "tok+n/of=the sëssion";
const KEY = "k3y-of-the-gateway";
const PASSWORD = "p4ss&wörd <of> the user";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");

/** The encodings of a secret. */
const encodings: Record<string, (secret: string) => string> = {
  plainly: (secret) => secret,
  "percent-encoded": encodeURIComponent,
  "percent-encoded in lower case": (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
  "as a form": (secret) => new URLSearchParams({ a: secret }).toString().slice(2),
  "as JSON": (secret) => JSON.stringify(secret).slice(1, -1),
  "as base64": base64,
  "percent-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "as HTML": (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
};

const ascii = (text: string) => text.replace(/[^\x20-\x7e]/g, (char) => encodeURIComponent(char));

/** The places where a server can repeat one. */
const places: Record<string, (said: string) => { headers?: Record<string, string>; body?: string; reason?: string }> = {
  "a sentence of JSON": (said) => ({ body: JSON.stringify({ message: `The value (${said}) is not known.` }) }),
  "a page": (said) => ({ headers: { "content-type": "text/html" }, body: `<p>Denied: ${said}</p>` }),
  "a relative Location": (said) => ({ headers: { location: ascii(`../orders/${said}/next?x=1#y`) } }),
  "the query of a Location": (said) => ({ headers: { location: ascii(`/orders?next=${said}`) } }),
  "a header of its own": (said) => ({ headers: { "x-debug": ascii(`was ${said}.`) } }),
  "the reason phrase": (said) => ({ reason: ascii(`No ${said}`) }),
  "nested JSON": (said) => ({ body: JSON.stringify({ detail: JSON.stringify({ got: said }) }) }),
  "a pair of name and value": (said) => ({ body: JSON.stringify([{ name: "x", value: `a ${said} b` }]) }),
  "a text without a type": (said) => ({ headers: { "content-type": "" }, body: said }),
};

describe("startProxy({ har })", () => {
  test.each(Object.keys(places))("hides secrets of a call, in every encoding, in %s", async (place) => {
    let said = "";
    const { url, archive, lines } = await proxied((request, response) => {
      const isSignIn = request.url === "/token";
      const {
        headers = {},
        body = "",
        reason = "OK",
      } = isSignIn ? { body: JSON.stringify({ token: TOKEN }) } : (places[place]?.(said) ?? {});
      response.writeHead(200, reason, { "content-type": "application/json", ...headers }).end(Buffer.from(body));
    });
    const basic = `Basic ${base64(`user.api:${PASSWORD}`)}`;
    const key = { "x-subscription-key": KEY };
    await (await fetch(`${url}/token`, { method: "POST", headers: { authorization: basic, ...key } })).text();
    const shown: [how: string, secret: string][] = [];
    for (const [how, encode] of Object.entries(encodings)) {
      for (const secret of [TOKEN, KEY, PASSWORD]) {
        said = encode(secret);
        shown.push([how, secret]);
        const response = await fetch(`${url}/orders/${encodeURIComponent(said)}?q=${encodeURIComponent(said)}`, {
          ...{ redirect: "manual", headers: { ...key, "x-note": ascii(said) } },
        });
        await response.text();
      }
    }
    const kept = await archive();
    for (const [how, secret] of shown) {
      for (const text of [kept, lines.join("\n")]) {
        expect(text.includes(String(encodings[how]?.(secret))), `${how}: ${secret}`).toBe(false);
      }
    }
    expect(kept).not.toContain(hex(KEY));
    expect(kept).not.toContain(base64(`user.api:${PASSWORD}`));
  });

  test.each<[what: string, type: string, body: string]>([
    [
      "JSON",
      "application/json",
      JSON.stringify({ password: "s3cret-of-a-contact", deep: [{ otp: "s3cret-of-a-contact" }] }),
    ],
    [
      "a form",
      "application/x-www-form-urlencoded",
      "grant_type=password&password=s3cret-of-a-contact&client_secret=s3cret-of-a-contact",
    ],
    ["XML", "application/xml", "<a><password>s3cret-of-a-contact</password></a>"],
    [
      "parameters",
      "application/json",
      JSON.stringify({ parameters: [{ name: "admin_password", value: "s3cret-of-a-contact" }] }),
    ],
    ["broken JSON", "application/json", '{"password": "s3cret-of-a-contact", '],
  ])("hides a password in the body of a request as %s", async (_what, type, body) => {
    const { url, archive } = await proxied(ok);
    await (await fetch(`${url}/customers`, { method: "POST", headers: { "content-type": type }, body })).text();
    expect(await archive()).not.toContain("s3cret");
  });
});
