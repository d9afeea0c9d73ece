import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type DocsServer, startDocsServer } from "@imcloud/docs/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

let docs: DocsServer;
beforeAll(async () => {
  docs = await startDocsServer({ folder: paths.docs, mockUrl: "http://127.0.0.1:1/marketplace", port: 0 });
});
afterAll(() => docs.close());

interface Received {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Fetches a path without decoding the response. */
const receive = (path: string, headers: Record<string, string>) =>
  new Promise<Received>((resolve, reject) => {
    get(new URL(path, docs.url), { headers }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) });
    }).on("error", reject);
  });

const file = (name: string) => readFileSync(join(paths.docs, name));

describe("docs server", () => {
  test.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ])("sends texts as %s", async (encoding, decode) => {
    for (const name of ["index.html", "search-index.js", "site/site.css", "llms-full.txt", "downloads/openapi.json"]) {
      const { headers, body } = await receive(name, { "accept-encoding": encoding });
      expect([name, headers["content-encoding"]]).toEqual([name, encoding]);
      expect(String(headers.vary)).toMatch(/accept-encoding/i);
      expect(decode(body).equals(file(name))).toBe(true);
      expect(body.length).toBeLessThan(file(name).length / 2);
    }
  });

  test("sends text uncompressed without Accept-Encoding, and fonts always uncompressed", async () => {
    expect((await receive("index.html", {})).body.equals(file("index.html"))).toBe(true);
    const { headers, body } = await receive("site/inter.woff2", { "accept-encoding": "br, gzip" });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.equals(file("site/inter.woff2"))).toBe(true);
  });

  test("sends a page as Markdown for Accept: text/markdown, and as HTML to a browser", async () => {
    for (const path of ["guides/errors", "guides/errors.html", "operations/orders_create", ""]) {
      const { headers, body } = await receive(path, { accept: "text/markdown, text/html, */*" });
      expect(headers["content-type"]).toMatch(/^text\/markdown/);
      expect(body.toString()).toMatch(/^# /);
      expect(String(headers.vary)).toMatch(/\baccept\b/i);
    }
    for (const accept of ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*"])
      expect((await receive("guides/errors", { accept })).headers["content-type"]).toMatch(/^text\/html/);
    // A page without Markdown.
    expect((await receive("search", { accept: "text/markdown" })).headers["content-type"]).toMatch(/^text\/html/);
  });

  test("redirects an address with a slash at its end, below which the page's links would lead", async () => {
    for (const [path, page] of [
      ["guides/selling/", "guides/selling"],
      ["errors/429/?from=a#top", "errors/429?from=a"],
      ["operations/", "operations"],
    ] as const) {
      const { status, headers } = await receive(path, {});
      expect([status, new URL(String(headers.location), new URL(path, docs.url)).href]).toEqual([308, docs.url + page]);
      expect((await receive(page, {})).status).toBe(200);
    }
    expect((await receive("", {})).status).toBe(200);
  });

  test("sends a range of a file uncompressed", async () => {
    const { status, headers, body } = await receive("index.html", { "accept-encoding": "br", range: "bytes=10-19" });
    expect([status, headers["content-encoding"]]).toEqual([206, undefined]);
    expect(body.equals(file("index.html").subarray(10, 20))).toBe(true);
  });

  test("responds 304 to a conditional request", async () => {
    const first = await receive("index.html", { "accept-encoding": "br" });
    const again = await receive("index.html", { "accept-encoding": "br", "if-none-match": String(first.headers.etag) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });
});
