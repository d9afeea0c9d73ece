import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@imcloud/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { script } from "../support/script.ts";

const { start, resultOf, endAll } = script(
  fileURLToPath(new URL("../../scripts/start.ts", import.meta.url)),
  "--no-build",
);
afterAll(endAll);

/** The output up to the last line of the greeting. */
async function greeting(child: ChildProcess): Promise<string> {
  let printed = "";
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (printed.includes("Ctrl-C")) return printed;
  }
  throw new Error(`It ended before it was ready: ${printed}`);
}

/** One process, which takes a second to start. */
let child: ChildProcess;
let printed: string;
beforeAll(async () => {
  child = start("--port", "0");
  printed = await greeting(child);
});
afterAll(async () => {
  const [, docsUrl] = printed.match(/http:\S+/g) ?? [];
  child.kill("SIGINT");
  expect(await once(child, "exit"), "npm start ends on a signal").toEqual([0, null]);
  await expect(fetch(String(docsUrl))).rejects.toThrow("fetch failed");
});

test("npm start says Ready when mock and docs respond", async () => {
  expect(printed).toContain("Ready");
  const [mockUrl, docsUrl, pageUrl] = printed.match(/http:\S+/g) ?? [];
  expect((await fetch(`${mockUrl}/customers`)).status).toBe(401);
  const docs = await fetch(String(docsUrl));
  expect(docs.headers.get("content-type")).toContain("text/html");
  expect(await docs.text()).toContain("Cloud Marketplace API");
  expect((await fetch(`${docsUrl}downloads/openapi.yaml`)).status).toBe(200);
  expect((await fetch(`${docsUrl}nowhere`)).status).toBe(404);
  expect(await (await fetch(`${docsUrl}example`)).text()).toContain("<title>Cloud desk</title>");
  expect(await (await fetch(String(pageUrl))).text()).toContain("imcloud mock");
});

test("npm start prints a curl line that signs in", async ({ skip }) => {
  const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
    () => true,
    () => false,
  );
  skip(!hasCurl, "curl is not installed");
  const curl = printed.split("\n").find((line) => line.trim().startsWith("curl")) ?? "";
  const { stdout } = await promisify(execFile)("sh", ["-c", curl]);
  expect(JSON.parse(stdout)).toMatchObject({ token: expect.any(String), expiresInSeconds: 1500 });
});

test("npm start prints every setting that the samples of the docs need", async () => {
  const settings = Object.fromEntries(
    [...printed.matchAll(/IMCLOUD_(\w+)="([^"]+)"/g)].map(([, name, value]) => [name, value]),
  );
  const { BASE_URL, MARKETPLACE, USERNAME, PASSWORD, SUBSCRIPTION_KEY } = settings;
  const imcloud = createClient({
    baseUrl: String(BASE_URL),
    marketplace: String(MARKETPLACE),
    auth: { username: String(USERNAME), password: String(PASSWORD) },
    subscriptionKey: String(SUBSCRIPTION_KEY),
  });
  expect((await imcloud.customers.list()).data).not.toEqual([]);
});

test("npm start names a port in use, and how to choose another", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asMock = await resultOf("--port", String(port));
  const asDocs = await resultOf("--port", "0", "--docs-port", String(port));
  server.close();
  expect(asMock.stderr).toMatch(new RegExp(`^Port ${port} is in use. Choose another: npm start -- --port \\d+\n$`));
  expect(asDocs.stderr).toMatch(
    new RegExp(`^Port ${port} is in use. Choose another: npm start -- --docs-port \\d+\n$`),
  );
  expect([asMock.code, asDocs.code]).toEqual([1, 1]);
});

test("npm start rejects what is no port with a clear message", async () => {
  expect(await resultOf("--port", "x")).toEqual({
    ...{ stdout: "", stderr: '--port takes a number from 0 to 65535; got "x".\n', code: 1 },
  });
});
