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

/** What comes over the wire, not decoded. */
const receive = (path: string, headers: Record<string, string>) =>
  new Promise<Received>((resolve, reject) => {
    get(new URL(path, docs.url), { headers }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece);
      resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) });
    }).on("error", reject);
  });

const file = (name: string) => readFileSync(join(paths.docs, name));

describe("the server of the docs", () => {
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

  test("sends a text as it is to who takes no encoding, and a font to everybody", async () => {
    expect((await receive("index.html", {})).body.equals(file("index.html"))).toBe(true);
    const { headers, body } = await receive("site/inter.woff2", { "accept-encoding": "br, gzip" });
    expect(headers["content-encoding"]).toBeUndefined();
    expect(body.equals(file("site/inter.woff2"))).toBe(true);
  });

  test("sends a part of a file as it lies there", async () => {
    const { status, headers, body } = await receive("index.html", { "accept-encoding": "br", range: "bytes=10-19" });
    expect([status, headers["content-encoding"]]).toEqual([206, undefined]);
    expect(body.equals(file("index.html").subarray(10, 20))).toBe(true);
  });

  test("sends nothing again to who has it", async () => {
    const first = await receive("index.html", { "accept-encoding": "br" });
    const again = await receive("index.html", { "accept-encoding": "br", "if-none-match": String(first.headers.etag) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });
});
