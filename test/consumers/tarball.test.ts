import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { packageFile } from "@imcloud/openapi-tools/exec";
import sirv from "sirv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser, openTab } from "../browser/browser.ts";
import { operations, requestExamples } from "../support/document.ts";

const run = promisify(execFile);

/** A user's project with the packed client. */
let project: string;
let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ port: 0 });
  project = await mkdtemp(join(tmpdir(), "imcloud-consumer-"));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true }));
  await run(join(paths.tests, "node_modules/.bin/pnpm"), ["pack", "--pack-destination", project], {
    cwd: paths.client,
  });
  const file = (await readdir(project)).find((name) => name.endsWith(".tgz"));
  const args = ["install", "--no-audit", "--no-fund", "--prefer-offline", `./${file}`];
  await run("npm", args, { cwd: project });
}, 120_000);
afterAll(async () => {
  await mock?.close();
  await rm(project, { recursive: true, force: true });
});

test("the client depends on openapi-fetch alone", async () => {
  const installed = await readdir(join(project, "node_modules"));
  expect(installed.filter((name) => !name.startsWith("."))).toEqual([
    "@imcloud",
    "openapi-fetch",
    "openapi-typescript-helpers",
  ]);
});

/**
 * What a user's program does: lists, reads, logs, handles an error, and calls in each of the other ways
 * to the platform's fetch.
 */
const use = (credentials: Mock["credentials"]) => `
const { username, password, subscriptionKey, marketplace } = ${JSON.stringify(credentials)};
const lines = [];
const log = (line) => lines.push(line);
const options = { baseUrl, marketplace, subscriptionKey, auth: { username, password } };
const imcloud = createClient({ ...options, logger: { debug: log, info: log, warn: log, error: log } });
const orders = [];
for await (const { id } of imcloud.orders.list()) orders.push(id);
const error = await imcloud.customers.get("999").catch((error) => error);

const order = { params: { path: { id: "900301" } } };
const read = await imcloud.http.GET("/orders/{id}", order);
const seen = [];
const middleware = [{ onRequest: ({ request }) => void seen.push(request instanceof Request) }];
await imcloud.http.GET("/orders/{id}", { ...order, middleware });
const own = await createClient({ ...options, fetch: (request) => fetch(request) }).orders.get("900301");
const http = createHttp(options);
const light = await http.GET("/orders/{id}", order);
const aborted = await http.GET("/orders/{id}", { ...order, signal: AbortSignal.abort(new Error("enough")) }).catch(
  ({ message }) => message,
);
const said = [
  orders.join(" "), error instanceof NotFoundError && error.name, lines.length + " lines",
  ...[read.data.id, read.response.status, seen, own.id, light.data.id, aborted],
].join(", ");
`;
const SAID = "900303 900302 900301, NotFoundError, 5 lines, 900301, 200, true, 900301, 900301, enough";

async function program(name: string, load: string, isModule: boolean): Promise<string> {
  const body = `const baseUrl = ${JSON.stringify(mock.url)};\n${use(mock.credentials)}\nconsole.log(said);`;
  const code = isModule ? `${load}\n${body}` : `${load}\n(async () => {${body}})();`;
  await writeFile(join(project, name), code);
  return name;
}

const IMPORT = `import { createClient, NotFoundError } from "@imcloud/client";
import { createHttp } from "@imcloud/client/http";`;
const REQUIRE = `const { createClient, NotFoundError } = require("@imcloud/client");
const { createHttp } = require("@imcloud/client/http");`;
const platform = (name: string) => join(paths.root, "test/platforms/node_modules/.bin", name);

describe("@imcloud/client, installed from its tarball", () => {
  test.each<[string, string, string[], string, boolean]>([
    ["Node 24, imported", process.execPath, [], IMPORT, true],
    ["Node 24, required", process.execPath, [], REQUIRE, false],
    ["Node 20, imported", platform("node"), [], IMPORT, true],
    ["Node 20, required", platform("node"), [], REQUIRE, false],
    ["Bun", platform("bun"), [], IMPORT, true],
    ["Deno", platform("deno"), ["run", "--allow-all", "--node-modules-dir=manual"], IMPORT, true],
  ])("works in %s", async (_where, command, args, load, isModule) => {
    // Bun and Deno are optional packages, which not every machine can install.
    if (!existsSync(command)) return console.log(`${command} is not installed here`);
    const file = await program(isModule ? "use.mjs" : "use.cjs", load, isModule);
    const { stdout } = await run(command, [...args, file], { cwd: project });
    expect(stdout).toBe(`${SAID}\n`);
  });

  test("works in a browser page", async () => {
    const files = createServer(sirv(join(project, "node_modules/@imcloud/client/dist"))).listen(0, "127.0.0.1");
    await once(files, "listening");
    const browser = await launchBrowser();
    try {
      const page = await openTab(browser);
      const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
      await page.goto(`${origin}/index.js`);
      const said = page.evaluate(`(async () => {
        const { createClient, NotFoundError } = await import("${origin}/index.js");
        const { createHttp } = await import("${origin}/http.js");
        const baseUrl = ${JSON.stringify(mock.url)};
        ${use(mock.credentials)}
        return said;
      })()`);
      expect(await said).toBe(SAID);
    } finally {
      await browser.close();
      files.close();
      files.closeAllConnections();
    }
  });
});

test("a project that calls every operation type-checks with fewer than 8,000 instantiations", async () => {
  const calls = operations.map((operation) => {
    const ids = operation.parameters.filter(({ in: where }) => where === "path").map(() => '"1"');
    const [example] = requestExamples(operation);
    const body = example ? [JSON.stringify(example[1])] : [];
    return `console.log(await imcloud.${operation.resource}.${operation.name}(${[...ids, ...body].join(", ")}));`;
  });
  const options = '{ baseUrl: "https://api.example", marketplace: "se", auth: { username: "a", password: "b" } }';
  const code = [
    IMPORT,
    `const imcloud = createClient(${options});`,
    ...calls,
    "console.log(NotFoundError, createHttp);",
  ].join("\n");
  await writeFile(join(project, "all.mts"), code);
  const config = {
    target: "es2022",
    lib: ["es2022", "dom"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    types: [],
  };
  await writeFile(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...config, skipLibCheck: true }, files: ["all.mts"] }),
  );
  const args = [packageFile("typescript", "bin/tsc"), "--project", project, "--extendedDiagnostics"];
  const { stdout } = await run(process.execPath, args);
  const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
  console.log(`${calls.length} operations, ${instantiations} instantiations`);
  expect(calls).toHaveLength(operations.length);
  expect(instantiations).toBeGreaterThan(0);
  expect(instantiations).toBeLessThan(8_000);
});
