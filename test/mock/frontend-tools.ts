import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import sirv from "sirv";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser, openTab } from "../browser/browser.ts";
import { codeBlocks } from "../docs/code-blocks.ts";
import { freePort } from "../support/free-port.ts";

/**
 * Runs the code of the guide "Use the mock from a frontend" with Playwright, Cypress and Storybook from the registry. Playwright's
 * runner starts the mock by its `webServer` and controls it, without a browser. Cypress' config is called as Cypress calls it. The
 * compiler checks the configs against the tools' types.
 */
const TOOLS = {
  "@playwright/test": "1.65.1",
  "@storybook/html": "10.6.5",
  "@storybook/html-vite": "10.6.0",
  cypress: "15.3.0",
  msw: "3.0.5",
  storybook: "10.6.5",
  typescript: "5.9.3",
  vite: "8.3.8",
};

const run = promisify(execFile);

/** The guide's code block with a given first line. */
async function blockOf(firstLine: string): Promise<string> {
  const guide = await readFile(join(paths.guides, "frontends.md"), "utf8");
  const found = codeBlocks(guide).find(({ code }) => code.startsWith(`// ${firstLine}`));
  if (!found) throw new Error(`The guide has no block that begins with "// ${firstLine}".`);
  return found.code;
}

/** Makes a user's project with the tools and this repository's packages. */
async function makeProject(folder: string): Promise<void> {
  const manifest = { name: "app", private: true, type: "module", dependencies: TOOLS };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await run("npm", args, { cwd: folder });
  await mkdir(join(folder, "node_modules/@imcloud"), { recursive: true });
  for (const [name, target] of Object.entries({ client: paths.client, mock: paths.mock, spec: paths.specPackage })) {
    await symlink(target, join(folder, "node_modules/@imcloud", name));
  }
  // As npm links a package's binary.
  await symlink("../@imcloud/mock/dist/cli.js", join(folder, "node_modules/.bin/imcloud-mock"));
}

async function typeCheck(folder: string): Promise<void> {
  const files = {
    "cypress.config.js": await blockOf("cypress.config.js"),
    "playwright.config.js": await blockOf("playwright.config.js"),
    ".storybook/preview.js": await blockOf(".storybook/preview.js"),
    "check.ts": `
      import { defineConfig as cypress } from "cypress";
      import { defineConfig as playwright } from "@playwright/test";
      import type { Preview } from "@storybook/html";
      import cypressConfig from "./cypress.config.js";
      import playwrightConfig from "./playwright.config.js";
      import preview from "./.storybook/preview.js";
      export const all = [cypress(cypressConfig), playwright(playwrightConfig), preview satisfies Preview];`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...{ allowJs: true, noEmit: true, strict: true, noImplicitAny: false, skipLibCheck: true, types: ["node"] },
        ...{ module: "esnext", moduleResolution: "bundler", target: "es2023", lib: ["es2023", "dom", "dom.iterable"] },
      },
      files: ["check.ts"],
    }),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc"), "-p", folder]).catch((error) => {
    throw new Error(`The guide's configs do not fit the tools' types:\n${error.stdout}`);
  });
}

/** Playwright's runner with the guide's config, and a test that orders and moves the clock by HTTP alone. */
async function runPlaywright(folder: string): Promise<void> {
  const port = String(await freePort());
  await writeFile(
    join(folder, "playwright.config.js"),
    (await blockOf("playwright.config.js")).replaceAll("4010", port),
  );
  await mkdir(join(folder, "tests"));
  await writeFile(
    join(folder, "tests/order.spec.js"),
    `import { expect, test } from "@playwright/test";
    for (const name of ["a", "b"]) test("orders in a store of its own " + name, async ({ request }) => {
      const origin = "http://127.0.0.1:${port}/w/" + name;
      const basic = "Basic " + Buffer.from("demo.api:demo-password").toString("base64");
      const signedIn = await request.post(origin + "/marketplace/token", { headers: { authorization: basic }, data: { marketplace: "se" } });
      const headers = { authorization: "Bearer " + (await signedIn.json()).token };
      const data = { type: "renewal", customerId: "1002101", subscriptionId: "700401" };
      const { id } = await (await request.post(origin + "/marketplace/orders", { headers, data })).json();
      await request.post(origin + "/__mock/clock", { data: { advance: 10_000 } });
      expect(await (await request.get(origin + "/marketplace/orders/" + id, { headers })).json()).toMatchObject({ status: "completed" });
      expect((await (await request.post(origin + "/__mock/reset")).json()).requests).toBe(0);
    });`,
  );
  const env = { ...process.env, CI: "1", PATH: [dirname(process.execPath), process.env.PATH].join(":") };
  const cli = join(folder, "node_modules/@playwright/test/cli.js");
  const { stdout } = await run(process.execPath, [cli, "test", "--workers=2", "--reporter=line"], {
    cwd: folder,
    env,
  }).catch((error) => {
    throw new Error(`Playwright's runner failed with the guide's config:\n${error.stdout}${error.stderr}`);
  });
  if (!/2 passed/.test(stdout)) throw new Error(`Playwright's runner passed no two tests:\n${stdout}`);
}

const STORIES = `
  import { createClient } from "@imcloud/client";
  import { sandbox } from "../.storybook/preview.js";
  const imcloud = createClient({ ...sandbox.connection, retry: false, fetch: (request) => fetch(request) });
  const namesOf = ({ data }) => data.map(({ name }) => name).join(", ");
  const text = async () => ({ text: await imcloud.customers.list().then(namesOf, (error) => error.message) });
  const render = (_, { loaded }) => Object.assign(document.createElement("output"), { textContent: loaded.text });
  export default { title: "Customers", render };
  export const Down = { loaders: [() => sandbox.faults.add({ kind: "gatewayTimeout", operation: "customers_list" }), text] };
  export const List = { loaders: [text] };`;

/** Builds Storybook with the guide's preview, and shows two stories one after the other in one page of a browser. */
async function runStorybook(folder: string): Promise<void> {
  const files = {
    ".storybook/main.js": `export default { framework: "@storybook/html-vite", stories: ["../stories/*.stories.js"] };`,
    "stories/customers.stories.js": STORIES,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const bin = join(folder, "node_modules/.bin");
  await run(process.execPath, [join(bin, "msw"), "init", "public", "--save=false"], { cwd: folder });
  const args = ["build", "--output-dir", "stories-built", "--disable-telemetry", "--test"];
  await run(process.execPath, [join(bin, "storybook"), ...args], { cwd: folder });
  const serve = sirv(join(folder, "stories-built"));
  const server = createServer((request, response) => serve(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await launchBrowser();
  try {
    const page = await openTab(browser);
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?path=/story/customers--down`);
    const output = page.frameLocator("#storybook-preview-iframe").locator("output");
    await output.filter({ hasText: "504" }).waitFor();
    await page.locator("#customers--list").click();
    await output.filter({ hasText: "Brightwater Dental Group" }).waitFor();
  } finally {
    await browser.close();
    server.close();
  }
}

/** Calls the config as Cypress documents it. Cypress itself is a binary that is not in the registry. */
async function runCypressConfig(folder: string): Promise<void> {
  const program = `
    import config from "./cypress.config.js";
    const listeners = {};
    const on = (event, listener) => { listeners[event] = listener; };
    const { env } = await config.e2e.setupNodeEvents(on, { env: { kept: 1 } });
    if (env.kept !== 1 || !(await fetch(env.apiUrl)).ok) throw new Error("no apiUrl");
    await fetch(env.apiUrl + "/orders");
    if ((await listeners.task.requests("orders_list")).length !== 1) throw new Error("no requests");
    for (const [task, argument] of [["advance", 10_000], ["reset"]]) {
      // Cypress fails a task that gives undefined.
      if ((await listeners.task[task](argument)) !== null) throw new Error(task + " does not give null");
    }
    if ((await listeners.task.requests()).length !== 0) throw new Error("not reset");
    await listeners["after:run"]();`;
  await writeFile(join(folder, "run-cypress-config.js"), program);
  await run(process.execPath, [join(folder, "run-cypress-config.js")], { cwd: folder, timeout: 60_000 });
}

main(async () => {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-frontend-tools-"));
  try {
    await makeProject(folder);
    await typeCheck(folder);
    await runPlaywright(folder);
    await runCypressConfig(folder);
    await runStorybook(folder);
    console.log(
      `Playwright ${TOOLS["@playwright/test"]}, Cypress ${TOOLS.cypress} and Storybook ${TOOLS.storybook} take what the guide shows.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
