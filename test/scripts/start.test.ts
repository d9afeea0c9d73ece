import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@imcloud/client";
import { afterAll, afterEach, expect, test } from "vitest";
import { script } from "../support/script.ts";

const npmStart = () => script(fileURLToPath(new URL("../../scripts/start.ts", import.meta.url)), "--no-build");
const { start, resultOf, endAll } = npmStart();
afterEach(endAll);

/** The output up to the last line of the greeting. */
async function greeting(child: ChildProcess): Promise<string> {
  let printed = "";
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (printed.includes("Ctrl-C")) return printed;
  }
  throw new Error(`It ended before it was ready: ${printed}`);
}

test("npm start says Ready when mock and docs respond, and ends on a signal", async () => {
  const child = start("--port", "0");
  const printed = await greeting(child);
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

  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect(fetch(String(docsUrl))).rejects.toThrow("fetch failed");
});

/** One process for the tests that only read its output. */
const shared = npmStart();
let greetingOfShared: Promise<string> | undefined;
const sharedGreeting = () => (greetingOfShared ??= greeting(shared.start("--port", "0")));
afterAll(shared.endAll);

test("npm start prints a curl line that signs in", async ({ skip }) => {
  const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
    () => true,
    () => false,
  );
  skip(!hasCurl, "curl is not installed");
  const printed = await sharedGreeting();
  const curl = printed.split("\n").find((line) => line.trim().startsWith("curl")) ?? "";
  const { stdout } = await promisify(execFile)("sh", ["-c", curl]);
  expect(JSON.parse(stdout)).toMatchObject({ token: expect.any(String), expiresInSeconds: 1500 });
});

test("npm start prints every setting that the samples of the docs need", async () => {
  const printed = await sharedGreeting();
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

test.each([
  [["--port", "x"], '--port takes a number from 0 to 65535; got "x".'],
  [["--prot", "1"], "Unknown option '--prot'"],
])("npm start rejects %j with a clear message", async (args, sentence) => {
  const { stderr, code } = await resultOf(...args);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain("    at ");
  expect(code).toBe(1);
});
