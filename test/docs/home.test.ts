import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { runShell, STRICT } from "./run.ts";

let mock: Mock;
beforeAll(async () => {
  // Not the port that the page names, which may be in use.
  mock = await startMock({ port: 0 });
});
afterAll(() => mock.close());

/** The shell blocks of the home page's steps, in order, as its copy buttons copy them. */
function steps(): string[] {
  const page = readFileSync(join(paths.docs, "index.html"), "utf8");
  const start = page.slice(page.indexOf('id="start-in-five-minutes"'));
  const blocks = [...start.matchAll(/<pre data-language="(\w+)"[\s\S]*?data-code="([^"]*)"/g)];
  const entities: Record<string, string> = { quot: '"', amp: "&", lt: "<", gt: ">", "#39": "'", "#x27": "'" };
  return blocks
    .filter(([, language]) => language === "sh")
    .map(([, , code = ""]) =>
      code.replaceAll("\u007f", "\n").replace(/&(quot|amp|lt|gt|#39|#x27);/g, (_entity, name) => entities[name] ?? ""),
    );
}

test("the steps of the home page, pasted from top to bottom into a shell, end in an order", async () => {
  const pasted = steps();
  expect(pasted.length).toBeGreaterThanOrEqual(4);
  // The mock is on another port, as `npm start` would print it.
  const { stdout } = await runShell(pasted.join("\n"), { IMCLOUD_BASE_URL: mock.url }, STRICT);
  expect(stdout).toContain("Brightwater Dental Group");
  expect(stdout).toContain("Lindmark Timber");
  expect(stdout).toContain('"SO900301"');
  expect(mock.requests().map(({ operation, status, problems }) => ({ operation, status, problems }))).toEqual([
    { operation: "token_create", status: 200, problems: [] },
    { operation: "customers_list", status: 200, problems: [] },
    { operation: "orders_get", status: 200, problems: [] },
  ]);
});

test("the home page defaults to the settings of the mock of npm start", async () => {
  const [settings = ""] = steps();
  const { stdout } = await runShell(`${settings}\nenv`, {}, STRICT);
  const { username, password, subscriptionKey, marketplace } = mock.credentials;
  for (const [name, value] of Object.entries({
    BASE_URL: "http://127.0.0.1:4010/marketplace",
    MARKETPLACE: marketplace,
    USERNAME: username,
    PASSWORD: password,
    SUBSCRIPTION_KEY: subscriptionKey,
  }))
    expect(stdout).toContain(`IMCLOUD_${name}=${value}\n`);
});
