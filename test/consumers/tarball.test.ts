import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { packageFile } from "@imcloud/openapi-tools/exec";
import sirv from "sirv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { openOwnTab } from "../browser/browser.ts";
import { operations, requestExamples } from "../support/document.ts";
import { projectWith } from "./support/unpack.ts";

const run = promisify(execFile);

/** A user's project with the packed client. */
let project: string;
let mock: Mock;
beforeAll(async () => {
  [mock, project] = await Promise.all([startMock({ port: 0 }), projectWith(["@imcloud/client"])]);
}, 120_000);
afterAll(async () => {
  await mock?.close();
  await rm(project, { recursive: true, force: true });
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

const IMPORT = `import { createClient, NotFoundError } from "@imcloud/client";
import { createHttp } from "@imcloud/client/http";`;
const REQUIRE = `const { createClient, NotFoundError } = require("@imcloud/client");
const { createHttp } = require("@imcloud/client/http");`;

/** Writes a program that imports the client, and one that requires it and then runs the other, and returns their names. */
async function programs(): Promise<{ imported: string; both: string }> {
  const body = `const baseUrl = ${JSON.stringify(mock.url)};\n${use(mock.credentials)}\n`;
  const [imported, both] = ["imported.mjs", "both.cjs"];
  await writeFile(join(project, imported), `${IMPORT}\n${body}console.log("imported", said);`);
  const required = `${REQUIRE}\n(async () => {${body}console.log("required", said); await import("./${imported}"); })();`;
  await writeFile(join(project, both), required);
  return { imported, both };
}

const platform = (name: string) => join(paths.root, "test/platforms/node_modules/.bin", name);

describe("@imcloud/client, installed from its tarball", () => {
  test.each<[string, string, string[]]>([
    ["Node 24", process.execPath, []],
    ["Node 20", platform("node"), []],
    ["Bun", platform("bun"), []],
    ["Deno", platform("deno"), ["run", "--allow-all", "--node-modules-dir=manual"]],
  ])("works in %s", async (name, command, args) => {
    // Bun and Deno are optional packages, which not every machine can install.
    if (!existsSync(command)) return console.log(`${command} is not installed here`);
    const { imported, both } = await programs();
    const isNode = name.startsWith("Node");
    const { stdout } = await run(command, [...args, isNode ? both : imported], { cwd: project });
    expect(stdout).toBe(`${isNode ? `required ${SAID}\n` : ""}imported ${SAID}\n`);
  });

  test("works in a browser page", async () => {
    const files = createServer(sirv(join(project, "node_modules/@imcloud/client/dist"))).listen(0, "127.0.0.1");
    await once(files, "listening");
    const page = await openOwnTab();
    try {
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
      await page.context().close();
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
  const tsc = packageFile("typescript-7", "bin/tsc", paths.tests);
  const { stdout } = await run(process.execPath, [tsc, "--project", project, "--extendedDiagnostics"]);
  const instantiations = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
  console.log(`${calls.length} operations, ${instantiations} instantiations`);
  expect(calls).toHaveLength(operations.length);
  expect(instantiations).toBeGreaterThan(0);
  expect(instantiations).toBeLessThan(8_000);
});
