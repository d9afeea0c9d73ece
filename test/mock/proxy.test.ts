import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProxy } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
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

/** An API of our own, which ends with the test. Gives its origin. */
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

/** A proxy in front of an API, with a client on it. */
async function proxied(target: string, har?: string) {
  const { mock } = await sandbox();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const proxy = await startProxy({ target: target || mock.url, port: 0, print, ...(har !== undefined && { har }) });
  closing.push(() => proxy.close());
  const imcloud = clientOf({ ...mock, url: proxy.url }, { fetch: (request) => fetch(request) });
  return { mock, proxy, imcloud, lines };
}

test("calls pass as they are, and are written down without secrets after each of them", async () => {
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

test("what breaks the document is told on the terminal, in a header and in the archive", async () => {
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

test("malformed JSON, HTML and redirects pass too, and no redirect is followed", async () => {
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

test("an API that cannot be reached is a 502 in the gateway's words", async () => {
  const { mock, proxy } = await proxied("");
  await mock.close();
  const response = await fetch(`${proxy.url}/plans`);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({ statusCode: 502, message: "The API could not be reached: ECONNREFUSED." });
});

const cli = script(fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url)));
afterEach(cli.endAll);

test("on the command line, what is wrong is said in a sentence", async () => {
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
    expect(code).toBe(1);
  }
  expect(await readFile(taken, "utf8")).toBe("mine");
});
