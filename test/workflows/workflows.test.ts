import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { workflowFiles } from "@imcloud/openapi-tools/files";
import { redoclyCommand, redoclyEnvironment } from "@imcloud/openapi-tools/redocly";
import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

const workflows = await workflowFiles(paths.workflows);

/** The inputs of all workflows. */
const inputs = {
  ...{ customerId: "1002101", subscriptionId: "700401", externalId: "CRM-1", name: "Harbour Glass" },
  ...{ mpn: "NWB-1001-M", quantity: 3, domain: "harbour.onmicrosoft.com", poNumber: "T-77", total: 40 },
  ...{ startDate: "2026-09-01T00:00:00Z", endDate: "2026-09-30T23:59:59Z" },
};

let mock: Mock;
let folder: string;
beforeAll(async () => {
  [mock, folder] = await Promise.all([
    startMock({ port: 0, speed: 20 }),
    mkdtemp(join(tmpdir(), "imcloud-workflows-")),
  ]);
  // redocly would lint the whole document for each workflow, which `npm run lint` does.
  await writeFile(join(folder, "redocly.yaml"), "extends: []\n");
});
afterAll(() => Promise.all([mock.close(), rm(folder, { recursive: true, force: true })]));

/** A run of workflows: whether all passed, and what redocly printed of each. */
interface Run {
  passed: boolean;
  printed: Map<string, string>;
}

/** Runs workflows one after the other, in one process of redocly, against the mock as it starts. */
async function run(names: readonly string[], more: object = {}): Promise<Run> {
  await mock.reset();
  const { username, password, marketplace } = mock.credentials;
  const input = JSON.stringify({ username, password, marketplace, ...inputs, ...more });
  const files = names.map((name) => join(paths.workflows, name));
  const { command, args } = redoclyCommand([
    ...["respect", ...files, "--server", `marketplace=${mock.url}`, "--input", input],
  ]);
  const { stdout, stderr, code } = await promisify(execFile)(command, args, {
    ...{ cwd: folder, env: redoclyEnvironment() },
  }).then(
    (ended) => ({ ...ended, code: 0 }),
    (failure: { stdout: string; stderr: string; code: number }) => failure,
  );
  // Its table of all files follows the last one.
  const parts = (stdout + stderr).split("┌")[0]?.split(/^ *Running workflow /m) ?? [];
  return { passed: code === 0, printed: new Map(parts.map((part) => [String(part.split(" ")[0]), part])) };
}

test("openapi/workflows has a workflow for each job", () => {
  expect(workflows).toEqual([
    "change-seats.arazzo.yaml",
    "end-subscription.arazzo.yaml",
    "find-or-create-customer.arazzo.yaml",
    "run-report.arazzo.yaml",
    "sell.arazzo.yaml",
  ]);
});

test("all workflows pass against the mock, one after the other", async () => {
  const { passed, printed } = await run(workflows);
  for (const name of workflows) expect(printed.get(name)).toContain("Workflows: 1 passed, 1 total");
  expect(passed).toBe(true);
  expect([...printed.values()].join()).not.toContain("demo-password");
  expect(printed.get("find-or-create-customer.arazzo.yaml")).toContain("POST /customers");
});

test("the customer workflow creates no second customer, and a workflow fails when its criteria are not met", async () => {
  const [customer, seats] = ["find-or-create-customer.arazzo.yaml", "change-seats.arazzo.yaml"] as const;
  // The subscription has these seats already, so the order is refused.
  const { passed, printed } = await run([customer, seats], { externalId: "PSA-4711", total: 30 });
  expect(printed.get(customer)).toContain("Workflows: 1 passed, 1 total");
  expect(printed.get(customer)).not.toContain("POST /customers");
  expect(printed.get(seats)).toContain("Workflows: 1 failed, 1 total");
  expect(passed).toBe(false);
});
