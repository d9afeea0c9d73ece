import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lintDocuments, lintStrictly } from "./lint.ts";

let folder: string;
let document: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-lint-"));
  document = join(folder, "document.yaml");
  await writeFile(document, "openapi: 3.1.0\ninfo: {title: A, version: 1.0.0}\npaths: {/a: {get: {responses: {}}}}\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function configuration(rules: string, ofApi: string): Promise<string> {
  const path = join(folder, "redocly.yaml");
  await writeFile(path, `apis: {a: {root: document.yaml, rules: {${ofApi}}}}\nrules: {${rules}}\n`);
  return path;
}

describe("lintDocuments", () => {
  test("names the file, the line and the rule of each error", async () => {
    const checked = lintDocuments(await configuration("operation-operationId: error, operation-summary: error", ""));
    await expect(checked).rejects.toThrow(/document.yaml:3:\d+: .+ \(operation-operationId\)\n.+\(operation-summary\)/);
  });

  test("lets a document have rules of its own", async () => {
    const path = await configuration("operation-operationId: error", "operation-operationId: off");
    await expect(lintDocuments(path)).resolves.toBeUndefined();
  });

  test("accepts warnings", async () => {
    await expect(lintDocuments(await configuration("operation-operationId: warn", ""))).resolves.toBeUndefined();
  });
});

test("lintStrictly rejects what redocly warns of by default", async () => {
  await expect(lintStrictly([document])).rejects.toThrow("(info-license)");
});
