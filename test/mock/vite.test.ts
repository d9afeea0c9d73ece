import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@imcloud/client";
import { afterEach, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { codeBlocks } from "../docs/code-blocks.ts";
import { sale, sandbox } from "./sandbox.ts";

const require = createRequire(join(paths.examplePackage, "package.json"));

/** The part of Vite that is used here. */
interface Vite {
  createServer(config: object): Promise<{
    listen(): Promise<unknown>;
    close(): Promise<void>;
    resolvedUrls: { local: string[] } | null;
  }>;
}

/** The guide's Vite config. */
async function configOfGuide(): Promise<string> {
  const guide = await readFile(join(paths.guides, "frontends.md"), "utf8");
  const block = codeBlocks(guide).find(({ code }) => code.startsWith("// vite.config.js"));
  return String(block?.code);
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("vite.config.js of the guide", () => {
  test("lets an app sign in, order, read a report's file and move the clock on its own origin", async () => {
    const { mock } = await sandbox();
    const root = await mkdtemp(join(paths.examplePackage, "node_modules/.vite-guide-"));
    closing.push(() => rm(root, { recursive: true }));
    await writeFile(join(root, "vite.config.mjs"), await configOfGuide());
    process.env.IMCLOUD_MOCK = new URL(mock.url).origin;
    closing.push(() => delete process.env.IMCLOUD_MOCK);
    const { createServer } = (await import(pathToFileURL(require.resolve("vite")).href)) as Vite;
    const vite = await createServer({
      ...{ root, configFile: join(root, "vite.config.mjs"), logLevel: "silent", clearScreen: false },
      server: { host: "127.0.0.1", port: 0 },
    });
    await vite.listen();
    closing.push(() => vite.close());
    const origin = String(vite.resolvedUrls?.local[0]).replace(/\/$/, "");

    const imcloud = createClient({ ...mock.connection, baseUrl: `${origin}/marketplace`, retry: false });
    const { id } = await imcloud.orders.create(sale(1));
    // The headers that a browser sends from a page of the app.
    const headers = { "content-type": "application/json", origin, "sec-fetch-site": "same-origin" };
    const moved = await fetch(`${origin}/__mock/clock`, { method: "POST", headers, body: '{"advance": 10000}' });
    expect(moved.status).toBe(200);
    expect((await imcloud.orders.get(id)).status).toBe("completed");
    const { downloadUrl = "" } = await imcloud.reports.get("6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90");
    const { pathname, search } = new URL(downloadUrl);
    expect((await fetch(`${origin}${pathname}${search}`)).status).toBe(200);
    const elsewhere = { ...headers, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
    expect((await fetch(`${origin}/__mock/reset`, { method: "POST", headers: elsewhere })).status).toBe(403);
  });
});
