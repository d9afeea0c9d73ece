import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startMock } from "@imcloud/mock";
import { workflowFiles } from "@imcloud/openapi-tools/files";
import { redoclyCommand, redoclyEnvironment } from "@imcloud/openapi-tools/redocly";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

const workflows = await workflowFiles(paths.workflows);

/** The inputs of all workflows. */
const inputs = {
  ...{ customerId: "1002101", subscriptionId: "700401", externalId: "CRM-1", name: "Harbour Glass" },
  ...{ mpn: "NWB-1001-M", quantity: 3, domain: "harbour.onmicrosoft.com", poNumber: "T-77", total: 40 },
  ...{ startDate: "2026-09-01T00:00:00Z", endDate: "2026-09-30T23:59:59Z" },
};

/** Runs a workflow with redocly against a mock of its own, and returns redocly's output. Throws if a check fails. */
async function run(name: string, more: object = {}): Promise<string> {
  const mock = await startMock({ port: 0, speed: 20 });
  try {
    const { username, password, marketplace } = mock.credentials;
    const input = JSON.stringify({ username, password, marketplace, ...inputs, ...more });
    const respect = ["respect", `${paths.workflows}/${name}`, "--server", `marketplace=${mock.url}`, "--input", input];
    const { command, args } = redoclyCommand(respect);
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: paths.root, env: redoclyEnvironment() });
    return stdout + stderr;
  } finally {
    await mock.close();
  }
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

test.each(workflows)("%s passes against the mock", async (name) => {
  const printed = await run(name);
  expect(printed).toContain("Workflows: 1 passed, 1 total");
  expect(printed).not.toContain("demo-password");
});

test("the customer workflow creates no second customer", async () => {
  const printed = await run("find-or-create-customer.arazzo.yaml", { externalId: "PSA-4711" });
  expect(printed).toContain("Workflows: 1 passed, 1 total");
  expect(printed).not.toContain("POST /customers");
});

test("a workflow fails when its criteria are not met", async () => {
  await expect(run("change-seats.arazzo.yaml", { total: 30 })).rejects.toThrow();
});
