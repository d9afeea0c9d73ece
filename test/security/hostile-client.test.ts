import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createClient } from "@imcloud/client";
import { startMock } from "@imcloud/mock";
import { createSandbox } from "@imcloud/mock/sandbox";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { cpuTime } from "../support/cpu-time.ts";
import { requestText, sendRaw, statusOf } from "./support/raw-request.ts";

const LIMITS = { rateLimit: 1_000_000, dailyQuota: 1_000_000 };

let mock: Awaited<ReturnType<typeof startMock>>;
let authorization: string;
let folder: string;
const lines: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "imcloud-hostile-"));
  mock = await startMock({ port: 0, speed: 0, print: (line) => void lines.push(line), ...LIMITS });
  const { username, password, marketplace } = mock.credentials;
  const response = await fetch(`${mock.url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, "content-type": "application/json" },
    body: JSON.stringify({ marketplace }),
  });
  authorization = `Bearer ${(await response.json()).token}`;
});
afterAll(async () => {
  await mock?.close();
  rmSync(folder, { recursive: true });
});

async function call(method: string, path: string, body?: string | object, headers: Record<string, string> = {}) {
  const start = cpuTime();
  const response = await fetch(mock.url + path, {
    method,
    headers: { authorization, "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, milliseconds: cpuTime() - start };
}

const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe("startMock, with hostile bodies", () => {
  const line = (at: number) => ({ id: String(at), quantity: 1 });

  test.each([
    ["11,000 lines", { type: "sales", customerId: "1002101", products: many(11_000, line) }],
    ["200,000 empty contacts", { name: "a", contactPersons: many(200_000, () => ({})) }],
    ["60,000 members", Object.fromEntries(many(60_000, (at) => [`m${at}`, 1]))],
    ["many lists of many", { products: many(500, () => many(500, () => 1)) }],
    ["depth", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["depth of objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`],
  ])("refuses %s with an API error, at once", async (_what, body) => {
    for (const path of ["/orders/estimate", "/orders", "/customers"]) {
      const { status, text, milliseconds } = await call("POST", path, body);
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({
        status: 400,
        message: expect.any(String),
        correlationId: expect.any(String),
      });
      expect(text.length).toBeLessThan(10_000);
      expect(milliseconds).toBeLessThan(2_000);
    }
  });

  test("bounds a body by bytes, whether it says its length or not", async () => {
    expect((await call("POST", "/orders", "x".repeat(2 ** 20 + 1))).status).toBe(413);
    const body = "a".repeat(3_000_000);
    const chunked = `POST /marketplace/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expect(statusOf(await sendRaw(mock.url, chunked))).toBe(413);
  });

  test("accepts a large order of a real client", async () => {
    const products = many(300, (at) => ({ id: at % 2 ? "500201" : "500202", quantity: 1 }));
    const { text } = await call("POST", "/orders/estimate", { type: "sales", customerId: "1002101", products });
    expect(text).not.toContain("more than");
  });

  test("takes a content type that is all blanks and semicolons", async () => {
    const { status, milliseconds } = await call("POST", "/orders", "{}", {
      "content-type": `a/b${";  ".repeat(2_000)}@`,
    });
    expect([400, 415]).toContain(status);
    expect(milliseconds).toBeLessThan(1_000);
  });
});

describe("memory of a mock", () => {
  test("is limited for requests, in bytes and in problems", async () => {
    const { rss } = process.memoryUsage();
    const body = JSON.stringify({ name: "a", ...Object.fromEntries(many(900, (at) => [`m${at}`, "v".repeat(900)])) });
    for (let at = 0; at < 20; at++) await call("POST", "/customers", body);
    for (let at = 0; at < 10; at++) await call("GET", `/orders?${many(1_500, (name) => `q${name}=1`).join("&")}`);
    const kept = mock.requests();
    expect(JSON.stringify(kept).length).toBeLessThan(6_000_000);
    for (const { problems } of kept) expect(problems.length).toBeLessThan(25);
    expect(process.memoryUsage().rss - rss).toBeLessThan(300_000_000);
    await mock.reset();
  });

  test("is limited for tokens, faults, snapshots and stores", async () => {
    const control = (path: string, body: object) =>
      fetch(new URL(`/__mock${path}`, mock.url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect(
      (
        await control(
          "/faults",
          many(999, () => ({ kind: "conflict" })),
        )
      ).status,
    ).toBe(200);
    expect(
      (
        await control(
          "/faults",
          many(999, () => ({ kind: "conflict" })),
        )
      ).status,
    ).toBe(400);
    await mock.reset();
    const statuses = [];
    for (let at = 0; at < 110; at++) statuses.push((await control("/snapshots", { name: `s${at}` })).status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
  });
});

test("stores are limited in total size, and refuse more with an API error", async () => {
  const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));
  const child = spawn(process.execPath, ["--max-old-space-size=160", cli, "--port", "0", "--quiet", "--speed", "0"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = String(/http:\S+/.exec(String((await once(child.stdout, "data"))[0]))?.[0]);
  const notes = { attributes: { note: "x".repeat(900_000) } };
  const clientOf = (store: string) =>
    createClient({
      ...{ ...mock.connection, rateLimit: false, retry: false },
      baseUrl: url.replace("/marketplace", `/w/${store}/marketplace`),
    });
  const refused: unknown[] = [];
  let accepted = 0;
  for (let at = 0; at < 100 && refused.length < 3; at++) {
    await clientOf(`s${at % 20}`)
      .orders.update(["900301", "900302", "900303", "900304", "900305"][Math.floor(at / 20)] ?? "", notes)
      .then(
        () => accepted++,
        (error) => refused.push(error),
      );
  }
  expect(accepted).toBeGreaterThan(20);
  expect(refused).toHaveLength(3);
  for (const error of refused) {
    expect(error).toMatchObject({
      status: 507,
      message: expect.stringContaining("takes no more; reset it, or drop a store"),
    });
  }
  // Removed data frees room, and reading needs none.
  expect((await clientOf("s0").orders.get("900302")).attributes).toBeDefined();
  expect((await fetch(url.replace("/marketplace", "/w/s1"), { method: "DELETE" })).status).toBe(204);
  await clientOf("s1").orders.update("900301", notes);
});

describe("startMock, malformed requests", () => {
  test.each([
    [
      "GET /marketplace/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
      400,
    ],
    ["GET /marketplace/orders HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400],
    ["GET /marketplace/orders HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\nTransfer-Encoding: xchunked\r\n\r\n", 400],
    ["POST /marketplace/orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400],
    [requestText("/marketplace/orders\u0000"), 400],
    [requestText("http://[/marketplace"), 404],
    [requestText("*", {}, "OPTIONS"), 204],
    [requestText("/w/%00/marketplace"), 400],
    [requestText("/rde/%ff?sig=a"), 403],
    [requestText("/", { upgrade: "websocket", connection: "upgrade" }), 200],
    [requestText("/marketplace/orders", { "x-mock-world": "../../etc" }), 400],
    [requestText("/marketplace/orders", { "x-mock-fault": "x".repeat(9_000) }), 400],
    [requestText("/marketplace/orders", { authorization: "Bearer __proto__" }), 401],
    ["\u0000\u0001\u0002\r\n\r\n", 400],
  ])("goes on after %j, with %i", async (bytes, status) => {
    const got = statusOf(await sendRaw(mock.url, bytes.replace(/upgrade(?=\r\n\r\n$)/, "close")));
    expect([status, 400, 401]).toContain(got);
    expect((await call("GET", "/customers")).status).toBe(200);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("takes %s as any other name", async (name) => {
    expect([400, 404]).toContain((await call("GET", `/customers/${name}`)).status);
    expect((await call("GET", `/customers?${name}=1`)).status).toBe(200);
    expect((await call("POST", "/customers", `{"${name}":{"polluted":true},"name":"a"}`)).status).toBe(400);
    const stored = await sendRaw(mock.url, requestText(`/w/${name}/marketplace/customers`));
    expect(statusOf(stored)).toBe(401);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("startMock, cross-site requests", () => {
  const asked = (path: string, headers: Record<string, string>) => fetch(new URL(path, mock.url), { headers });

  test("creates no store for them, and lets them use an existing one", async () => {
    const cross = { "sec-fetch-site": "cross-site" };
    expect((await asked("/w/made-by-a-page/marketplace/orders", cross)).status).toBe(403);
    expect((await asked("/marketplace/orders", { ...cross, "x-mock-world": "made-by-a-page" })).status).toBe(403);
    expect((await asked("/w/made-by-a-test/marketplace/orders", {})).status).toBe(401);
    expect((await asked("/w/made-by-a-test/marketplace/orders", cross)).status).toBe(401);
    expect((await asked("/w/of-a-front-end/marketplace/orders", { "sec-fetch-site": "same-site" })).status).toBe(401);
  });
});

describe("request log", () => {
  test("prints one line of bounded length for each request, without control characters", async () => {
    lines.length = 0;
    const nasty = "\u001b]0;x\u0007\u202e\u2066\n\u009b31m\u{e0041}";
    await call("GET", `/customers?name=${encodeURIComponent(nasty.repeat(80))}&${encodeURIComponent(nasty)}=1`);
    await call("POST", "/orders", { [nasty]: "x".repeat(10_000), type: nasty.repeat(200) });
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(line.length).toBeLessThan(1_100);
    }
  });
});

describe("report files", () => {
  const BEGINNINGS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://other.example")',
  ];

  async function fileOf(format: string, name: string): Promise<string> {
    const sandbox = createSandbox({ speed: 0, ...LIMITS });
    const imcloud = (await import("@imcloud/client")).createClient({
      ...sandbox.connection,
      rateLimit: false,
      retry: false,
    });
    const customer = (await imcloud.customers.list()).data[0];
    // Changed by middleware, as the client refuses a lone surrogate.
    imcloud.use((call, next) =>
      next(call.operation === "customers_update" ? { ...call, body: JSON.stringify({ name }) } : call),
    );
    await imcloud.customers.update(String(customer?.id), { name: "any" }).catch(() => {});
    const { data } = await imcloud.customers.list();
    expect(data.some((row) => row.name === name)).toBe(true);
    const report = await imcloud.reports.create({
      ...{ name: "Subscription Resources", format, startDate: "2026-09-01T00:00:00Z", endDate: "2026-10-01T00:00:00Z" },
    } as never);
    await sandbox.advance(60_000);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await imcloud.reports.download(await imcloud.reports.get(report.id))) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  }

  test.each(BEGINNINGS)("have no cell of CSV that begins a formula, such as %j", async (name) => {
    const csv = await fileOf("csv", name);
    expect(csv).not.toMatch(/(^|[,\n])"?[=+@\t\r]/);
  });

  test("are XML that a reader can open, whatever a name holds", async () => {
    const xml = await fileOf("xml", "a\u0000b\u000bc\uffffd\ud800e<f>&g]]>");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    expect(xml).not.toContain("<f>");
  });
});

describe("startMock({ data })", () => {
  const start = (data: string) => startMock({ port: 0, speed: 0, data, ...LIMITS });

  test("makes files that only their owner can read, SQLite's logs too", async () => {
    const data = join(folder, "kept.db");
    const kept = await start(data);
    for (const file of [data, `${data}-wal`]) if (existsSync(file)) expect(statSync(file).mode & 0o077).toBe(0);
    await kept.close();
    expect(statSync(data).mode & 0o077).toBe(0);
  });

  test("follows no symbolic link", async () => {
    const [link, target] = [join(folder, "link.db"), join(folder, "victim")];
    symlinkSync(target, link);
    await expect(start(link)).rejects.toThrow("cannot be used for data");
    expect(existsSync(target)).toBe(false);
  });

  test.each(["-wal", "-shm", "-journal"])("opens no file whose %s is a symbolic link", async (end) => {
    const data = join(folder, `logs${end}.db`);
    const victim = join(folder, `victim${end}`);
    writeFileSync(victim, "precious");
    symlinkSync(victim, data + end);
    await expect(start(data)).rejects.toThrow("is a link");
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  const put = "INSERT OR REPLACE INTO records VALUES ";
  test.each([
    ["an unknown kind", `${put} ('__proto__', '1', 1, '{"id":"1"}')`],
    ["a record that is not JSON", `${put} ('orders', '1', 1, '{')`],
    ["a record without an id", `${put} ('orders', '1', 1, '{}')`],
    ["a record that is null", `${put} ('orders', '1', 1, 'null')`],
    ["a record without its members", `${put} ('orders', '9', 1, '{"id":"9","nextAt":1}')`],
    ["an invalid time", "UPDATE settings SET value = 'tomorrow' WHERE name = 'time'"],
    ["a time out of range", "UPDATE settings SET value = '9e15' WHERE name = 'time'"],
    ["invalid numbers", "UPDATE settings SET value = 'null' WHERE name = 'last'"],
    ["an origin that is not JSON", "UPDATE settings SET value = 'x' WHERE name = 'origin'"],
    ["other tables", "DROP TABLE records; CREATE TABLE records (a)"],
  ])("refuses a file with %s with a clear message with its name", async (what, change) => {
    const data = join(folder, `${what.replaceAll(" ", "-")}.db`);
    const first = await start(data);
    await first.advance(60_000);
    await first.close();
    const database = new DatabaseSync(data);
    database.exec(change);
    database.close();
    const error = await start(data).then(
      async (started) => {
        await started.close();
        return undefined;
      },
      (failure: Error) => failure,
    );
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TypeError);
    expect(error?.message).toContain(data);
  });

  test("leaves the file of another program as it is", async () => {
    const data = join(folder, "other.db");
    const other = new DatabaseSync(data);
    other.exec(
      "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL); INSERT INTO settings VALUES ('a', 'b')",
    );
    other.close();
    const before = readFileSync(data);
    await expect(start(data)).rejects.toThrow("it is not the data file of a mock");
    expect(readFileSync(data).equals(before)).toBe(true);
  });

  test("refuses a file that is no database with a clear message", async () => {
    const data = join(folder, "text.db");
    writeFileSync(data, "not a database at all, but a text of some length".repeat(100));
    await expect(start(data)).rejects.toThrow("it is not the data file of a mock");
  });
});

test("mock.close ends waiting calls at once", async () => {
  const waiting = await startMock({ port: 0, speed: 0, latency: 86_400_000, ...LIMITS });
  onTestFinished(() => waiting.close());
  const arrived = vi.fn();
  subscribe("http.server.request.start", arrived);
  onTestFinished(() => void unsubscribe("http.server.request.start", arrived));
  const calls = many(20, () => fetch(`${waiting.url}/customers`).catch(() => "ended"));
  await expect.poll(() => arrived.mock.calls).toHaveLength(20);
  // Their latency is a day.
  await waiting.close();
  expect(await Promise.all(calls)).toEqual(many(20, () => "ended"));
});
