import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ClientOptions, ConnectionError, createClient, type Download, TimeoutError } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { serve } from "../testing-server.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-whole-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const LINK = "https://files.example/report.csv?sig=s3cret";
const FILE = "customer,amount\nBrightwater,581.25\n".repeat(5_000);
const whole: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-length": FILE.length }).end(FILE);
};

/** A client of an API whose report lies at a host of its own. */
async function reportsAt(respond: RequestListener, options: Partial<ClientOptions> = {}) {
  const files = await serve(respond);
  const { reports } = createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    retry: false,
    fetch: async (request) => {
      if (request.url.startsWith(files)) return fetch(request);
      if (request.url.endsWith("/token")) return json({ token: "t", expiresInSeconds: 600 });
      return json({ id: "r-1", name: "Daily Report", status: "completed", downloadUrl: `${files}/r.csv?sig=s3cret` });
    },
    ...options,
  });
  return reports;
}

/** A file that does not end by itself, and the moment at which its connection does. */
function endless() {
  const responses: ServerResponse[] = [];
  const closed = Promise.withResolvers<void>();
  const listener: RequestListener = (_request, response) => {
    responses.push(response);
    response.on("close", closed.resolve).writeHead(200).write("a".repeat(1_000));
  };
  return { listener, closed: closed.promise };
}

describe("download.toFile", () => {
  test("writes whole files, also several at once to one path", async () => {
    let opened = 0;
    const reports = await reportsAt(async (_request, response) => {
      const text = String(++opened).repeat(200_000);
      response.writeHead(200, { "content-length": text.length });
      for (let at = 0; at < text.length; at += 20_000) {
        response.write(text.slice(at, at + 20_000));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      response.end();
    });
    const path = join(folder, "report.csv");
    const downloads = await Promise.all(Array.from({ length: 5 }, () => reports.download("r-1")));
    await Promise.all(downloads.map((download) => download.toFile(path)));
    const text = await readFile(path, "utf8");
    expect(text).toBe(text.charAt(0).repeat(200_000));
    expect(await readdir(folder)).toEqual(["report.csv"]);
  });

  test("makes a file that its owner alone can read, and keeps the permissions of one that it replaces", async () => {
    const reports = await reportsAt(whole);
    const path = join(folder, "report.csv");
    await (await reports.download("r-1")).toFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o640);
    await (await reports.download("r-1")).toFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  test("leaves the file of that name as it was when the download breaks", async () => {
    const path = join(folder, "report.csv");
    await writeFile(path, "yesterday's");
    const reports = await reportsAt((_request, response) => {
      response.writeHead(200, { "content-length": FILE.length });
      response.write(FILE.slice(0, 1_000), () => response.destroy());
    });
    await expect((await reports.download("r-1")).toFile(path)).rejects.toBeInstanceOf(ConnectionError);
    expect(await readFile(path, "utf8")).toBe("yesterday's");
    expect(await readdir(folder)).toEqual(["report.csv"]);
  });

  test("does not take a body for whole that is shorter than was said", async () => {
    const reports = await reportsAt(whole, {
      fetch: async (request) => {
        if (request.url.endsWith("/token")) return json({ token: "t", expiresInSeconds: 600 });
        if (request.url.startsWith("https://files.example"))
          return new Response("half", { headers: { "content-length": "8" } });
        return json({ id: "r-1", status: "completed", downloadUrl: "https://files.example/r.csv" });
      },
    });
    const broken = (await reports.download("r-1")).toFile(join(folder, "report.csv"));
    await expect(broken).rejects.toThrow("ended after 4 of 8 bytes");
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([204, 206])("does not take a %i for a file", async (status) => {
    const reports = await reportsAt((_request, response) => void response.writeHead(status).end());
    await expect(reports.download("r-1")).rejects.toThrow(`${status} The host of the file refused the download.`);
  });

  test("lets go of the connection when it cannot write", async () => {
    const { listener, closed } = endless();
    const download = await (await reportsAt(listener)).download("r-1");
    await expect(download.toFile(join(folder, "missing", "report.csv"))).rejects.toMatchObject({ code: "ENOENT" });
    await closed;
  });
});

describe("reports.download", () => {
  test.skipIf(process.platform === "win32").each(["", "-link"])(
    "puts no file in place of something else, such as a socket%s",
    async (kind) => {
      const socket = join(folder, "s");
      const server = createServer().listen(socket);
      await once(server, "listening");
      await symlink(socket, `${socket}-link`);
      const reports = await reportsAt(whole);
      const download = await reports.download("r-1");
      expect(await failureOf(download.toFile(`${socket}${kind}`))).toMatchObject({
        message: expect.stringContaining("something else at its path"),
      });
      expect((await stat(`${socket}${kind}`)).isSocket()).toBe(true);
      expect(await readdir(folder)).toHaveLength(2);
      await new Promise((resolve) => server.close(resolve));
    },
  );

  test.each<[string, (download: Download, abort: AbortController) => unknown, string]>([
    ["canceled", (download) => download.cancel(), "The download was canceled."],
    ["aborted", (_download, abort) => abort.abort(new Error("no longer")), "no longer"],
  ])("ends when it is %s, also where the fetch ignores its signal", async (_how, end, message) => {
    const stalled = () => new Response(new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(9)) }));
    const { imcloud } = apiOf(({ url }) =>
      url.includes("/reports/") ? json({ id: "1", downloadUrl: LINK }) : stalled(),
    );
    const abort = new AbortController();
    const download = await imcloud.reports.download("1", { timeout: 0, signal: abort.signal });
    setTimeout(() => end(download, abort), 30);
    expect(await failureOf(download.toFile(join(folder, "report.csv")))).toMatchObject({ message });
    expect(await readdir(folder)).toEqual([]);
  });

  test("can be read once, and says so", async () => {
    const download = await (await reportsAt(whole)).download("r-1");
    const path = join(folder, "report.csv");
    expect(download.bodyUsed).toBe(false);
    await download.toFile(path);
    expect(download.bodyUsed).toBe(true);
    await expect(download.toFile(path)).rejects.toThrow("This download was read or canceled already");
    await expect(Array.fromAsync(download)).rejects.toThrow(TypeError);
    expect(await readFile(path, "utf8")).toBe(FILE);
  });

  test("lets go of its connection when it is canceled, and cannot be read any more", async () => {
    const { listener, closed } = endless();
    const download = await (await reportsAt(listener)).download("r-1");
    await download.cancel();
    await closed;
    await download.cancel();
    expect(download.bodyUsed).toBe(true);
    await expect(Array.fromAsync(download)).rejects.toThrow("This download was read or canceled already");
  });

  test("ends the loop with an error when it is canceled meanwhile", async () => {
    const { listener, closed } = endless();
    const download = await (await reportsAt(listener)).download("r-1");
    const reading = (async () => {
      for await (const _chunk of download) await download.cancel();
    })();
    await expect(reading).rejects.toThrow("The download was canceled.");
    await closed;
  });

  test("lets go of its connection at the end of an `await using`", async () => {
    const { listener, closed } = endless();
    const reports = await reportsAt(listener);
    {
      await using download = await reports.download("r-1");
      expect(download.bodyUsed).toBe(false);
    }
    await closed;
  });

  test("lets go of its connection when nobody reads it, and throws a TimeoutError later", async () => {
    const { listener, closed } = endless();
    const download = await (await reportsAt(listener)).download("r-1", { timeout: 1_000 });
    await closed;
    await expect(Array.fromAsync(download)).rejects.toThrow("The download was given up: nobody read it for 1000 ms.");
    const { listener: other, closed: end } = endless();
    const halfway = await (await reportsAt(other)).download("r-1", { timeout: 1_000 });
    const chunks = halfway[Symbol.asyncIterator]();
    await chunks.next();
    await end;
    await expect(chunks.next()).rejects.toBeInstanceOf(TimeoutError);
  });

  test("lets go of its connection when nobody reads it and its signal aborts", async () => {
    const { listener, closed } = endless();
    const controller = new AbortController();
    const download = await (await reportsAt(listener)).download("r-1", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await closed;
    await expect(Array.fromAsync(download)).rejects.toThrow("enough");
  });

  test("lets go of its connection when its signal aborts just after the response came", async () => {
    const { listener, closed } = endless();
    const controller = new AbortController();
    const quiet = () => {};
    // It is called between the response and the download.
    const info = (line: string) => {
      if (/signed link/.test(line)) controller.abort(new Error("enough"));
    };
    const logger = { debug: quiet, info, warn: quiet, error: quiet };
    const reports = await reportsAt(listener, { logger });
    const download = await reports.download("r-1", { signal: controller.signal });
    await closed;
    await expect(Array.fromAsync(download)).rejects.toThrow("enough");
  });
});

describe("download.toFile of a broken response", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const streamOf = (...chunks: unknown[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk as Uint8Array);
        controller.close();
      },
    });

  /** Writes what a file's host responds with. */
  async function write(response: Response) {
    const { reports } = apiOf(() => response, { retry: false }).imcloud;
    const report = { id: "1", downloadUrl: "https://files.example/r.csv?sig=x" };
    const download = await reports.download(report as never);
    await download.toFile(join(folder, "report.csv"));
  }

  test.each<[string, string, Response]>([
    ["chunks of text", "TypeError", new Response(streamOf("id;name", "1;x"))],
    ["no body", "MarketplaceError", new Response(null)],
    ["a 202", "ApiError", new Response("not ready", { status: 202 })],
    [
      "too little, unpacked",
      "ConnectionError",
      new Response(streamOf(bytes("abc")), { headers: { "content-length": "9", "content-encoding": "identity" } }),
    ],
    ["too much", "ConnectionError", new Response(streamOf(bytes("abcdef")), { headers: { "content-length": "3" } })],
    [
      "too little by a length that is said twice",
      "ConnectionError",
      new Response(streamOf(bytes("abc")), { headers: { "content-length": "9, 9" } }),
    ],
  ])("meets %s with a %s, and writes no file", async (_what, name, response) => {
    expect(await failureOf(write(response))).toMatchObject({ name });
    expect(await readdir(folder)).toEqual([]);
  });
});
