import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "@imcloud/client";
import { createAssistant, type HttpServer, serveHttp } from "@imcloud/mcp";
import { createSandbox } from "@imcloud/mock/sandbox";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callTool } from "./assistant.ts";

const manifest = createRequire(import.meta.url).resolve("@imcloud/mcp/package.json");
const command = join(dirname(manifest), "dist/cli.js");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-mcp-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An environment without this machine's configuration. */
const env = () => ({ PATH: String(process.env.PATH), IMCLOUD_CONFIG_DIR: folder });

/** Runs the command to its end. */
function run(
  words: string[],
  more: Record<string, string> = {},
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...words],
      { env: { ...env(), ...more } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

describe("imcloud-mcp", () => {
  test("serves over standard input and output, and ends when the host goes away", async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [command, "--mock", "--allow-writes", "--verbose"],
      env: env(),
      stderr: "pipe",
    });
    let log = "";
    transport.stderr?.on("data", (chunk) => {
      log += String(chunk);
    });
    const host = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
    await host.connect(transport);
    expect(host.getServerVersion()).toMatchObject({ name: "imcloud" });
    expect(host.getInstructions()).toContain("two steps");
    const { data: orders } = await callTool(host, "find_orders", { customerId: "1002101" });
    expect(orders.map(({ orderNumber }: { orderNumber: string }) => orderNumber)).toEqual(["CH900302", "SO900301"]);
    const { confirmation } = await callTool(host, "estimate_seats", { subscriptionId: "700401", seats: 31 });
    const { data } = await callTool(host, "change_seats", { confirmationId: confirmation?.confirmationId });
    expect(data).toMatchObject({ from: 30, to: 31 });
    await host.close();
    expect(log).toMatch(/find_orders done in \d+ ms/);
    expect(log).not.toMatch(/Unexpected|Error/);
  });

  test("drops what is no JSON-RPC message, says so in one sentence, and goes on", async () => {
    const messages = ["[]", '{"id":7}', '{"jsonrpc":"2.0","id":1,"method":"ping"}'];
    const { code, stdout, stderr } = await run(["--mock"], {}, `${messages.join("\n")}\n`);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: {} });
    const sentence = "A message on standard input was dropped, as it is not a JSON-RPC 2.0 message.\n";
    expect(stderr).toBe(sentence.repeat(2));
  });

  test("serves over HTTP to callers with the token, and exits on SIGTERM", async () => {
    const child = spawn(process.execPath, [command, "--mock", "--http", "--port", "0", "--allow-writes"], {
      env: { ...env(), IMCLOUD_MCP_TOKEN: "secret-of-the-test" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = once(child, "exit");
    const [line] = (await once(createInterface(child.stderr), "line")) as [string];
    const url = new URL(/http:\S+mcp/.exec(line)?.[0] ?? "");
    expect(line).not.toContain("secret-of-the-test");
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401);
    const requestInit = { headers: { Authorization: "Bearer secret-of-the-test" } };
    const host = new Client({ name: "test", version: "1.0.0" });
    await host.connect(new StreamableHTTPClientTransport(url, { requestInit }));
    const { total } = await callTool(host, "find_customers");
    expect(total).toBe(2);
    await host.close();
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  test("goes on where the host reads no log", async () => {
    const child = spawn(process.execPath, [command, "--mock", "--verbose"], { env: env() });
    child.stderr.destroy();
    const lines = createInterface(child.stdout);
    for (const id of [1, 2, 3]) {
      const params = { name: "find_customers", arguments: {} };
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })}\n`);
      const [line] = (await once(lines, "line")) as [string];
      expect(JSON.parse(line)).toMatchObject({ id });
    }
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("does not start without a marketplace, and says what to do with a clear message", async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^There is no marketplace to serve: .*--mock\.\n$/);
  });

  test("needs a token for writes over HTTP, which every user of the machine could call", async () => {
    const { code, stderr } = await run(["--mock", "--http", "--port", "0", "--allow-writes"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--allow-writes over --http needs IMCLOUD_MCP_TOKEN, .*\n$/);
  });
});

describe("serveHttp", () => {
  const sandbox = createSandbox({ speed: 1_000 });
  const client = createClient({ ...sandbox.connection, rateLimit: false });
  const assistant = createAssistant({ client, allowWrites: true });
  let server: HttpServer;
  beforeAll(async () => {
    server = await serveHttp(assistant, { port: 0, allowedHosts: ["assistant.example"] });
  });
  afterAll(async () => {
    await server.close();
    sandbox.close();
  });

  /** Sends a request with any `Host`, which `fetch` would not. */
  function post(headers: Record<string, string>, path = "/mcp"): Promise<number | undefined> {
    const body = JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
    });
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, server.url), {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
      });
      sent.once("error", reject).once("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.end(body);
    });
  }

  test("listens on this machine alone", () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  test.each([
    ["a name that leads here", { host: "attacker.example" }, 403],
    ["a page of another site", { origin: "https://attacker.example" }, 403],
    ["a page without an origin of its own", { origin: "null" }, 403],
    ["a name that ends like this machine's", { host: "localhost.attacker.example" }, 403],
    ["a program of this machine", {}, 200],
    ["a page of this machine", { origin: "http://localhost:5173" }, 200],
    ["a name that was allowed", { host: "assistant.example" }, 200],
  ])("responds to %s", async (_who, headers, status) => {
    expect(await post(headers as Record<string, string>)).toBe(status);
  });

  test.each([
    ["2026-07-28", "auto"],
    ["2025-11-25", "legacy"],
  ] as const)(
    "speaks %s with the official client, reports progress, and remembers confirmations",
    async (version, mode) => {
      const connect = async () => {
        const host = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
        await host.connect(new StreamableHTTPClientTransport(new URL(server.url)));
        return host;
      };
      const [first, second] = await Promise.all([connect(), connect()]);
      expect(first.getNegotiatedProtocolVersion()).toBe(version);
      const steps: number[] = [];
      const report = { name: "Accounts", from: "2026-09-01", to: "2026-09-30" };
      await callTool(first, "run_report", report, { onprogress: ({ progress }) => steps.push(progress) });
      expect(steps.length).toBeGreaterThan(0);
      const { confirmation } = await callTool(first, "estimate_order", {
        ...{ type: "sales", customerId: "1002101", products: [{ id: "500202", quantity: 1 }] },
      });
      const confirm = (host: Client) => callTool(host, "place_order", { confirmationId: confirmation?.confirmationId });
      expect((await confirm(second)).data.id).toBe((await confirm(first)).data.id);
      await Promise.all([first.close(), second.close()]);
    },
  );

  test("listens on an address of IPv6 with the brackets of a URL", async () => {
    const other = await serveHttp(assistant, { port: 0, host: "[::1]" });
    expect(other.url).toMatch(/^http:\/\/\[::1\]:\d+\/mcp$/);
    expect((await fetch(other.url)).status).toBe(405);
    await other.close();
  });

  test("responds 404 at another path", async () => {
    expect(await post({}, "/")).toBe(404);
  });

  test("does not listen on other addresses than the loopback without a token", async () => {
    await expect(serveHttp(assistant, { host: "0.0.0.0", port: 0 })).rejects.toThrow(/needs a token/);
  });
});
