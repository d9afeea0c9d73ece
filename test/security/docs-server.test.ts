import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DocsServer, startDocsServer } from "@imcloud/docs/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { requestText, sendRaw, statusOf } from "./support/raw-request.ts";

const PAGE = "<!doctype html><title>a page</title>";

let folder: string;
let docs: DocsServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imcloud-docs-"));
  for (const name of ["index.html", "404.html", "gone.html", "guide.html"]) writeFileSync(join(folder, name), PAGE);
  docs = await startDocsServer({ folder, mockUrl: "http://127.0.0.1:1/marketplace", port: 0 });
});
afterAll(async () => {
  await docs.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string, headers = {}) => statusOf(await sendRaw(docs.url, requestText(path, headers)));

/** Whether the server still responds. */
const isServing = async () => (await get("/guide")) === 200;

describe("docs server", () => {
  test.each([
    ["bytes=5-2", 416],
    ["bytes=99999999999999999999-", 416],
    [`bytes=${PAGE.length}-`, 416],
    ["bytes=-0", 416],
    ["bytes=0-1", 206],
    ["bytes=-5", 206],
    ["bytes=5-2,1-0", 416],
    ["bytes=", 200],
    ["bytes=a-b", 200],
    ["octets=5-2", 200],
    [`bytes=${"0-1,".repeat(500)}`, 200],
    ["bytes=1e9-2", 200],
  ])("responds to Range: %s and goes on", async (range, status) => {
    const got = await get("/guide.html", { range });
    expect([status, 206, 416]).toContain(got);
    if (status === 416) expect(got).toBe(416);
    expect(await isServing()).toBe(true);
  });

  test("responds 404 for a file that disappears while it runs", async () => {
    expect(await get("/gone")).toBe(200);
    rmSync(join(folder, "gone.html"));
    expect(await get("/gone")).toBe(404);
    expect(await get("/gone.html", { range: "bytes=0-1" })).toBe(404);
    expect(await isServing()).toBe(true);
  });

  test.each([
    "/../package.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/..\\..\\etc\\passwd",
    "//etc/passwd",
    "/%00",
    "/%",
    "/%c0%ae%c0%ae/etc/passwd",
    "/.git/config",
    "http://other.example/../../etc/passwd",
    `/${"a".repeat(300)}`,
  ])("serves nothing outside of its folder: %s", async (target) => {
    const response = await sendRaw(docs.url, requestText(target));
    expect(statusOf(response)).toBe(404);
    expect(response).not.toMatch(/root:|"private"/);
    expect(await isServing()).toBe(true);
  });

  test("redirects to no other host, not even to its folder", async () => {
    for (const target of [
      "//other.example/",
      "//other.example",
      "/\\other.example/",
      "/%2fother.example/",
      "/@other.example/",
    ]) {
      const response = await sendRaw(docs.url, requestText(target));
      expect(response).not.toMatch(/^location:/im);
    }
    expect(await sendRaw(docs.url, requestText("/other.example/guide/"))).toMatch(/^location: \.\.\/guide\r$/im);
  });

  test.each(["POST", "PUT", "DELETE", "TRACE", "PATCH"])("refuses %s", async (method) => {
    expect(statusOf(await sendRaw(docs.url, requestText("/guide", {}, method)))).toBe(405);
  });

  test("sends headers against framing, sniffing and referrers", async () => {
    for (const target of ["/", "/guide", "/nowhere"]) {
      const { headers } = await fetch(new URL(target, docs.url));
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.has("set-cookie")).toBe(false);
    }
  });
});

describe("docs server, /__mock", () => {
  const own = () => ({ host: new URL(docs.url).host, origin: new URL(docs.url).origin });

  test.each([
    ["another origin", { origin: "http://other.example" }],
    ["a null origin", { origin: "null" }],
    ["an origin that is no URL", { origin: "http://" }],
    ["no origin at all", {}],
    ["another site", { "sec-fetch-site": "cross-site" }],
    ["another port of this machine", { "sec-fetch-site": "same-site" }],
    ["a rebound host name", { host: "rebound.example", "sec-fetch-site": "same-origin" }],
    ["a rebound host name and its origin", { host: "rebound.example", origin: "http://rebound.example" }],
  ])("refuses %s, and goes on", async (_what, headers) => {
    const all = { Host: new URL(docs.url).host, "content-length": "0", ...headers };
    const head = Object.entries(all)
      .filter(([name]) => name !== "Host" || !("host" in headers))
      .map(([name, value]) => `${name}: ${value}`);
    const bytes = `POST /console/mock/reset HTTP/1.1\r\nConnection: close\r\n${head.join("\r\n")}\r\n\r\n`;
    expect(statusOf(await sendRaw(docs.url, bytes))).toBe(403);
    expect(await isServing()).toBe(true);
  });

  test.each(["../../marketplace/orders", "..%2f..%2fmarketplace", "reset?a=b", "//other.example/", "", "a\\..\\b"])(
    "forwards to no other path: %j",
    async (name) => {
      const { host, origin } = own();
      const bytes = `POST /console/mock/${name} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      expect(statusOf(await sendRaw(docs.url, bytes))).toBe(404);
      expect(await isServing()).toBe(true);
    },
  );
});

describe("built pages", () => {
  const pages = readdirSync(paths.docs, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html"));

  test("begin with a content security policy that allows only scripts of the build", () => {
    expect(pages.length).toBeGreaterThan(40);
    for (const page of pages) {
      const head = readFileSync(join(paths.docs, page), "utf8").slice(0, 4_000);
      const [beginning = "", policy = ""] =
        /^(.*?)<meta http-equiv="Content-Security-Policy" content="([^"]*)"/s.exec(head)?.slice(1) ?? [];
      expect(policy, page).toContain("default-src 'none'");
      expect(beginning, page).not.toMatch(/<(script|style|link|img)\b/);
      const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src")) ?? "";
      expect(scripts, page).not.toMatch(/unsafe-inline|https?:|\*/);
      if (page !== "reference.html") expect(scripts, page).not.toContain("unsafe-eval");
    }
  });

  test("may connect to nothing, except pages with a console: to a mock on this machine or the reader's base URL", () => {
    for (const page of pages) {
      const text = readFileSync(join(paths.docs, page), "utf8");
      const called = /connect-src 'self'([^;]*);/.exec(text)?.[1]?.trim();
      const hasConsole = /<imcloud-(calls|demo)/.test(text);
      expect(called, page).toBe(hasConsole ? "https: http://127.0.0.1:* http://localhost:*" : "");
    }
  });
});
