import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import process from "node:process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isNightly } from "../support/nightly.ts";
import { propertyRuns } from "../support/property-runs.ts";
import type { Held } from "../support/tell-memory.ts";

/** A mock in a process of its own, so that its memory and its exit can be observed. */
let child: ChildProcess;
let url: URL;
let exited = false;
beforeAll(async () => {
  const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));
  const preload = new URL("../support/tell-memory.ts", import.meta.url).href;
  const args = ["--expose-gc", "--no-warnings", "--import", preload, cli, "--port", "0", "--quiet"];
  child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  child.on("exit", () => {
    exited = true;
  });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  url = new URL(String(/http:\S+/.exec(String(line))?.[0]));
});
afterAll(() => child.kill("SIGKILL"));

/** Sends bytes, and returns what comes back until the connection ends or is silent. */
async function send(bytes: Uint8Array | string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  let received = "";
  socket.on("data", (data) => {
    received += data;
  });
  socket.on("error", () => {});
  socket.end(bytes);
  await new Promise((resolve) => socket.on("close", resolve));
  return received;
}

const statusOf = (received: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]);

async function signIn(): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("demo.api:demo-password")}`, "content-type": "application/json" },
    body: '{"marketplace":"se"}',
  });
  return ((await response.json()) as { token: string }).token;
}

async function memory(): Promise<Held> {
  child.send("memory");
  return (await once(child, "message"))[0];
}

/** The limit of open files, which only Linux has in a file. */
async function mostFiles(): Promise<number> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1]);
}

/** Checks that the mock still responds. */
async function expectAlive(): Promise<void> {
  expect(exited).toBe(false);
  const headers = { authorization: `Bearer ${await signIn()}` };
  expect((await fetch(`${url}/orders/900301`, { headers })).status).toBe(200);
}

describe("startMock, with bad input", () => {
  test("responds to random bytes or closes the connection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        await send(bytes);
      }),
      propertyRuns(60),
    );
    await expectAlive();
  });

  test("responds as the API to random paths, queries and headers", async () => {
    const token = await signIn();
    const printable = fc.string({ unit: "grapheme", maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(printable, fc.dictionary(printable, printable, { maxKeys: 3 }), async (path, query) => {
        const target = `${url}/${path}?${new URLSearchParams(query)}`;
        if (!URL.canParse(target)) return;
        const response = await fetch(target, { headers: { authorization: `Bearer ${token}` } });
        expect(response.status).toBeLessThan(500);
        await response.text();
      }),
      propertyRuns(80),
    );
    await expectAlive();
  });

  test("rejects random JSON for an order without a 500", async () => {
    const headers = { authorization: `Bearer ${await signIn()}`, "content-type": "application/json" };
    const near = fc.record(
      {
        type: fc.oneof(fc.constantFrom("sales", "change", "renewal", "cancellation", "migration"), fc.anything()),
        customerId: fc.oneof(fc.constant("1002101"), fc.anything()),
        subscriptionId: fc.oneof(fc.constant("700401"), fc.anything()),
        products: fc.oneof(
          fc.array(fc.record({ id: fc.constantFrom("500201", "500202"), quantity: fc.double() }, { requiredKeys: [] })),
          fc.anything(),
        ),
        migrationDate: fc.oneof(fc.constantFrom("2026-12-01", "0000-00-00", "9999-12-31"), fc.string()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          near,
          fc.json().map((text) => JSON.parse(text)),
        ),
        async (body) => {
          const text = JSON.stringify(body, (_key, value) => (typeof value === "bigint" ? String(value) : value));
          const response = await fetch(`${url}/orders`, { method: "POST", headers, body: text ?? "null" });
          const received = await response.text();
          // The API responds 500 to a conflict too.
          if (response.status >= 500) expect(received).toContain("700401");
          expect(received).not.toContain("The mock");
        },
      ),
      propertyRuns(120),
    );
    await expectAlive();
  });

  test.each<[what: string, path: string]>([
    ["up and out", "/marketplace/../../../etc/passwd"],
    ["out of the folder, encoded", "/marketplace/%2e%2e/%2e%2e/etc/passwd"],
    ["out of the page's files", "/style.css/../../package.json"],
    ["to a file above the page, encoded", "/%2e%2e/package.json"],
    ["an absolute address", "http://evil.example/marketplace/orders"],
    ["a null byte", "/marketplace/orders/900301%00"],
    ["a prototype's field", "/marketplace/__proto__"],
    ["to a member of Object.prototype", "/__mock/__proto__"],
    ["slashes without end", `/marketplace${"/".repeat(5_000)}etc/passwd`],
  ])("serves no file for a path %s", async (_what, path) => {
    const received = await send(`GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
    expect(statusOf(received)).toBeGreaterThanOrEqual(400);
    expect(statusOf(received)).toBeLessThan(500);
    expect(received).not.toMatch(/root:|"name": "@imcloud/);
  });

  test("rejects endless headers", async () => {
    const received = await send(`GET / HTTP/1.1\r\nHost: ${url.host}\r\nX-Long: ${"x".repeat(17_000)}\r\n\r\n`);
    expect(statusOf(received)).toBe(431);
    await expectAlive();
  });

  test("rejects deep JSON and keys that would change prototypes", async () => {
    const headers = { authorization: `Bearer ${await signIn()}`, "content-type": "application/json" };
    for (const body of [
      "[".repeat(500_000) + "]".repeat(500_000),
      '{"a":'.repeat(100_000),
      '{"__proto__":{"status":"active"},"constructor":{"prototype":{"polluted":true}}}',
    ]) {
      const response = await fetch(`${url}/customers`, { method: "POST", headers, body });
      expect(response.status).toBe(400);
    }
    const updated = await fetch(`${url}/customers/1002101`, {
      method: "PATCH",
      headers,
      body: '{"attributes":{"__proto__":"x","constructor":"y","toString":"z"}}',
    });
    expect(updated.status).toBe(200);
    await expectAlive();
  });

  // Ten thousand at night. What each of them costs shows with fewer.
  const connections = isNightly ? 10_000 : 2_000;

  test(`serves requests beside ${connections} idle connections`, async ({ skip }) => {
    const most = await mostFiles();
    skip(Number.isNaN(most), "this system does not tell its limit of open files");
    skip(most < connections + 500, `a process may open ${most} files here`);
    const before = (await memory()).resident;
    const sockets: Socket[] = [];
    try {
      for (let batch = 0; batch < connections / 100; batch++) {
        const opened = Array.from({ length: 100 }, () => connect(Number(url.port), url.hostname));
        for (const socket of opened) socket.on("error", () => {});
        sockets.push(...opened);
        await Promise.all(opened.map((socket) => once(socket, "connect")));
      }
      expect(sockets).toHaveLength(connections);
      await expectAlive();
      const grown = (await memory()).resident - before;
      console.log(`${connections} idle connections: ${grown.toFixed(0)} MB`);
      // 40 kB each.
      expect(grown).toBeLessThan(connections / 25);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await expectAlive();
  }, 60_000);

  test("keeps its memory bounded under many requests and large bodies", async () => {
    const headers = { authorization: `Bearer ${await signIn()}`, "content-type": "application/json" };
    const large = Buffer.from(JSON.stringify({ poNumber: "x".repeat(900_000) }));
    const storm = async (calls: number) => {
      for (let call = 0; call < calls; call += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async () => {
            await (await fetch(`${url}/orders?${"a=1&".repeat(500)}`, { headers })).text();
            await (await fetch(`${url}/orders/900301`, { method: "PATCH", headers, body: large })).text();
          }),
        );
      }
    };
    await storm(20);
    const before = await memory();
    await storm(40);
    const after = await memory();
    const [held, resident] = [after.used - before.used, after.resident - before.resident];
    console.log(
      `80 requests more, half of them with 900 kB: ${held.toFixed(1)} MB held, ${resident.toFixed(0)} MB resident`,
    );
    // The bodies are 36 MB in all, so the limit shows if a third of them were kept.
    expect(held).toBeLessThan(12);
    await expectAlive();
  }, 180_000);
});
