import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClientOptions, ConnectionError, createClient, type Progress, TimeoutError } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { serve } from "../testing-server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-download-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const FILE = "customer,amount\nBrightwater,581.25\n".repeat(5_000);
const whole: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "text/csv", "content-length": FILE.length }).end(FILE);
};

/** An API with a report whose file lies on another host, and what that host was asked. */
async function reportAt(respond: RequestListener, options: Partial<ClientOptions> = {}) {
  const asked: IncomingMessage[] = [];
  const files = await serve((request, response) => {
    asked.push(request);
    respond(request, response);
  });
  let links = 0;
  const report = () => ({
    id: "r-1",
    name: "Daily Report",
    status: "completed",
    downloadUrl: `${files}/r.csv?sig=s3cret-${++links}`,
  });
  const baseUrl = await serve((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/token" ? { token: "demo-token", expiresInSeconds: 600 } : report()));
  });
  const imcloud = createClient({
    ...{ baseUrl, marketplace: "se", subscriptionKey: "demo-key", clientId: "psa", retry: { limit: 1, minDelay: 1 } },
    ...{ auth: { username: "demo.api", password: "demo-password" }, ...options },
  });
  return { imcloud, asked, files };
}

const text = async (pieces: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(pieces)).toString("utf8");

test.each([undefined, null, "", 5, [["a"]]])("toFile refuses %j before anything is read", async (path) => {
  const { imcloud } = apiOf(({ url }) =>
    url.includes("files.example") ? new Response("a,b") : json({ id: "1", downloadUrl: "https://files.example/f" }),
  );
  const download = await imcloud.reports.download("1");
  expect(await failureOf(download.toFile(path as never))).toMatchObject({
    name: "TypeError",
    message: expect.stringContaining("The path of toFile must be"),
  });
  expect(download.bodyUsed).toBe(false);
  await download.cancel();
});

describe("reports.download", () => {
  test("takes a report whose id came as a number", async () => {
    const { imcloud, calls } = apiOf(({ url }) =>
      url.includes("files.example") ? new Response("a,b") : json({ id: 7, downloadUrl: "https://files.example/f" }),
    );
    expect(await text(await imcloud.reports.download((await imcloud.reports.get("7")) as never))).toBe("a,b");
    expect(await text(await imcloud.reports.download({ id: 7 } as never))).toBe("a,b");
    expect(calls.map(({ url }) => new URL(url).pathname)).toEqual([
      "/marketplace/reports/7",
      "/f",
      "/marketplace/reports/7",
      "/f",
    ]);
  });

  test("fails where a fetch gives a body that is no stream of the web's", async () => {
    const { imcloud } = apiOf(({ url }) => {
      if (!url.includes("files.example")) return json({ id: "1", downloadUrl: "https://files.example/f" });
      return { status: 200, ok: true, statusText: "", headers: new Headers(), body: { pipe() {} } } as never;
    });
    expect(await failureOf(imcloud.reports.download("1"))).toMatchObject({
      name: "MarketplaceError",
      message: "The host of the file gave a response without a body to read.",
    });
  });

  test("a report is read piece by piece, with its progress", async () => {
    const { imcloud } = await reportAt(whole);
    const seen: Progress[] = [];
    const report = await imcloud.reports.get("r-1");
    const download = await imcloud.reports.download(report, { onProgress: (progress) => seen.push(progress) });
    expect(download).toMatchObject({ total: FILE.length, contentType: "text/csv" });
    expect(await text(download)).toBe(FILE);
    expect(seen.at(-1)).toEqual({ bytes: FILE.length, total: FILE.length });
  });

  test("a report is written to a file, which is whole or not there", async () => {
    const { imcloud } = await reportAt(whole);
    const path = join(folder, "report.csv");
    await (await imcloud.reports.download("r-1")).toFile(path);
    expect(await readFile(path, "utf8")).toBe(FILE);

    const { imcloud: cut } = await reportAt((_request, response) => {
      response.writeHead(200, { "content-length": FILE.length });
      response.write(FILE.slice(0, 1_000), () => response.destroy());
    });
    const broken = (await cut.reports.download("r-1")).toFile(join(folder, "cut.csv"));
    await expect(broken).rejects.toBeInstanceOf(ConnectionError);
    expect(await readdir(folder)).toEqual(["report.csv"]);
  });

  test("the host of the file gets no header of the API, before a redirect and after", async () => {
    const { imcloud, asked, files } = await reportAt((request, response) => {
      if (request.url?.startsWith("/r.csv")) response.writeHead(302, { location: "/moved?sig=other" }).end();
      else whole(request, response);
    });
    expect(await text(await imcloud.reports.download("r-1"))).toBe(FILE);
    expect(asked.map(({ url }) => url)).toEqual(["/r.csv?sig=s3cret-1", "/moved?sig=other"]);
    const sent = JSON.stringify(asked.map(({ headers }) => headers));
    for (const word of ["authorization", "x-subscription-key", "x-client-id", "cookie", "demo-token", "demo-key"]) {
      expect(sent).not.toContain(word);
    }
    expect(files).toBeDefined();
  });

  test("a link that has ended is asked for again, once", async () => {
    const { imcloud, asked } = await reportAt((request, response) => {
      if (request.url?.endsWith("s3cret-1")) response.writeHead(403).end("<Error>expired</Error>");
      else whole(request, response);
    });
    const report = await imcloud.reports.get("r-1");
    expect(await text(await imcloud.reports.download(report))).toBe(FILE);
    expect(asked).toHaveLength(2);
  });

  test("a download is tried again after a failure of its host", async () => {
    let tries = 0;
    const { imcloud } = await reportAt((request, response) => {
      tries += 1;
      if (tries === 1) response.writeHead(503).end();
      else whole(request, response);
    });
    expect(await text(await imcloud.reports.download("r-1"))).toBe(FILE);
  });

  test("a compressed file is decompressed, and its length not shown", async () => {
    const { imcloud } = await reportAt((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(FILE));
    });
    const download = await imcloud.reports.download("r-1");
    expect(download.total).toBeUndefined();
    expect(await text(download)).toBe(FILE);
  });

  describe("errors without the link", () => {
    test.each<[string, RequestListener, string]>([
      ["refused", (_request, response) => response.writeHead(403).end("s3cret"), "PermissionError"],
      ["broken", (request) => request.socket.destroy(), "ConnectionError"],
      ["silent", () => {}, "TimeoutError"],
    ])("do not show it: %s", async (_how, listener, name) => {
      const { imcloud } = await reportAt(listener, { timeout: 300 });
      const error = await failureOf(imcloud.reports.download("r-1"));
      expect((error as Error).name).toBe(name);
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain("s3cret");
    });
  });

  test("a file that stops coming is given up, and one that is slow is not", async () => {
    const { imcloud } = await reportAt((_request, response) => void response.write("a"), { timeout: 300 });
    await expect(text(await imcloud.reports.download("r-1"))).rejects.toBeInstanceOf(TimeoutError);

    const { imcloud: slow } = await reportAt(
      (_request, response) => {
        let count = 0;
        const timer = setInterval(() => {
          count += 1;
          response.write("a");
          if (count < 8) return;
          clearInterval(timer);
          response.end();
        }, 100);
      },
      { timeout: 500 },
    );
    expect(await text(await slow.reports.download("r-1"))).toBe("aaaaaaaa");
  });

  test("a loop that is left, and an abort, let go of the connection", async () => {
    let closed = 0;
    const endless: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write("a".repeat(1_000)), 5);
      response.on("close", () => {
        clearInterval(timer);
        closed += 1;
      });
    };
    const { imcloud } = await reportAt(endless);
    for await (const _piece of await imcloud.reports.download("r-1")) break;
    const controller = new AbortController();
    const download = await imcloud.reports.download("r-1", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await expect(text(download)).rejects.toThrow("enough");
    await expect.poll(() => closed).toBe(2);
  });

  test("a report without a file says so", async () => {
    const baseUrl = await serve((request, response) => {
      response.setHeader("content-type", "application/json");
      const body =
        request.url === "/token" ? { token: "t", expiresInSeconds: 600 } : { id: "r-1", status: "processing" };
      response.end(JSON.stringify(body));
    });
    const imcloud = createClient({
      baseUrl,
      marketplace: "se",
      auth: { username: "demo.api", password: "demo-password" },
    });
    await expect(imcloud.reports.download("r-1")).rejects.toThrow(
      "Report r-1 has no file to download; it is processing.",
    );
  });

  test("each time that a link is opened is logged, without the link", async () => {
    const lines: string[] = [];
    const shown: unknown[] = [];
    const keep = (line: string, details: object) => {
      lines.push(line.replace(/\d+ ms/, "N ms"));
      shown.push(line, details);
    };
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    let opened = 0;
    const { imcloud } = await reportAt(
      (request, response) => (++opened === 1 ? void response.writeHead(503).end() : whole(request, response)),
      { logger, logLevel: "debug" },
    );
    await text(await imcloud.reports.download("r-1"));
    expect(lines.slice(-2)).toEqual([
      "GET (signed link) 503, attempt 1, N ms, no correlation id",
      "GET (signed link) 200, attempt 2, N ms, no correlation id",
    ]);
    expect(inspect(shown, { depth: null })).not.toContain("s3cret");
  });
});
