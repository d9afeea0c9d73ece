import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@imcloud/client";
import { build, type Plugin } from "esbuild";
import { Miniflare } from "miniflare";
import { describe, expect, test } from "vitest";
import { openOwnTab } from "../browser/browser.ts";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, "programs/run-flow.mjs");
const platform = (name: string) => join(here, "../platforms/node_modules/.bin", name);

const node22 = join(here, "../platforms/with-prism/node_modules/.bin/node");

const SAID = "submitted completed PK 400 2";

/** Fails a build that imports a Node module. */
const noNode: Plugin = {
  name: "no Node",
  setup: ({ onResolve }) =>
    onResolve(
      { filter: /^(node:|(fs|http|crypto|path|module|buffer|stream|util|events|net|os)$)/ },
      ({ path, importer }) => ({
        errors: [{ text: `${importer} imports ${path}` }],
      }),
    ),
};

/** Bundles code with its imports, for platforms that resolve no packages. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here, loader: "js" },
    ...{ bundle: true, write: false, format: "esm", platform: "neutral", target: "es2022", plugins: [noNode] },
    ...{ mainFields: ["module", "main"], conditions: ["browser", "import"], logLevel: "silent" },
  });
  return String(outputFiles[0]?.text);
}

const IMPORTS = `
  import * as client from "@imcloud/client";
  import * as mock from "@imcloud/mock/sandbox";
  import { flow } from "./programs/flow.mjs";`;

describe("createSandbox", () => {
  test.each<[string, string, string[]]>([
    ["Node 24", process.execPath, []],
    ["Node 20", platform("node"), []],
    ["Node 22", node22, []],
    ["Bun", platform("bun"), []],
    ["Deno", platform("deno"), ["run", "--allow-all", "--node-modules-dir=manual"]],
  ])(
    "%s",
    async (_, command, words) => {
      // Bun and Deno are optional packages, which not every machine can install.
      if (!existsSync(command)) return console.log(`${command} is not installed here`);
      const { stdout, stderr } = await run(command, [...words, program]);
      expect(stderr).not.toMatch(/error|warning/i);
      expect(stdout).toBe(`${SAID}\n`);
    },
    60_000,
  );

  test("works in workerd, also when made at module scope", async () => {
    const worker = await bundled(`${IMPORTS}
      const early = mock.createSandbox({ baseUrl: "http://localhost/marketplace" });
      export default {
        async fetch(request) {
          if (new URL(request.url).pathname !== "/") return early.fetch(request);
          return new Response(await flow(mock, client) + " " + (early.now() < new Date("2026-10-06")));
        },
      };`);
    const miniflare = new Miniflare({ modules: true, script: worker, compatibilityDate: "2025-06-01" });
    try {
      expect(await (await miniflare.dispatchFetch("http://localhost/")).text()).toBe(`${SAID} true`);
      const unsigned = await miniflare.dispatchFetch("http://localhost/marketplace/orders");
      expect(unsigned.status).toBe(401);
    } finally {
      await miniflare.dispose();
    }
  }, 60_000);

  test("works in a page whose policy forbids eval", async () => {
    const script = await bundled(`${IMPORTS}
      flow(mock, client).then((said) => { document.title = said; }, (error) => { document.title = String(error); });`);
    const page = await openOwnTab();
    try {
      await page.route("https://app.example/**", (route) => {
        const isScript = route.request().url().endsWith(".js");
        return route.fulfill({
          body: isScript ? script : '<!doctype html><title>…</title><script type="module" src="/app.js"></script>',
          contentType: isScript ? "text/javascript" : "text/html",
          headers: { "content-security-policy": "default-src 'self'" },
        });
      });
      await page.goto("https://app.example/");
      await expect.poll(() => page.title()).toBe(SAID);
    } finally {
      await page.context().close();
    }
  }, 60_000);
});

describe("imcloud-mock", () => {
  test("serves on Node 22 with Prism", async () => {
    const program = `
      import { startMock } from "@imcloud/mock";
      const mock = await startMock({ port: 0 });
      const headers = { prefer: "code=429", authorization: "Bearer none" };
      console.log((await fetch(mock.url + "/orders", { headers })).status, (await fetch(mock.url)).status);
      await mock.close();`;
    const { stdout } = await run(node22, ["--input-type=module", "--eval", program], { cwd: here });
    expect(stdout).toBe("401 200\n");
  });

  test("serves on Node 20 by its core, and says so in one sentence", async () => {
    const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));
    const child = spawn(platform("node"), [cli, "--port", "0", "--quiet"]);
    try {
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += chunk;
      });
      await expect.poll(() => said).toContain("the mock's core serves without Prism");
      const url = String(/http:\S+/.exec(said)?.[0]);
      const auth = { username: "demo.api", password: "demo-password" };
      const imcloud = createClient({ baseUrl: url, auth, marketplace: "se" });
      expect((await imcloud.customers.list()).pagination.total).toBe(2);
      expect((await fetch(new URL("/", url))).status).toBe(200);
    } finally {
      child.kill();
      await once(child, "exit");
    }
  });

  test.each([
    ["--data", ["--data", "/nowhere/x.db"]],
    ["--stateless", ["--stateless"]],
    ["proxy", ["proxy", "https://api.example"]],
  ])("rejects %s on Node 20 with a clear message", async (_, words) => {
    const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));
    const failure = await run(platform("node"), [cli, ...words, "--port", "0"]).catch((error) => error);
    expect(failure.stderr).toMatch(/^.+ needs? .*Node 22.*; this is v20\.\d+\.\d+\.\n$/);
  });
});
