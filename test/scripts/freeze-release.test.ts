import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { freezeTests } from "../../scripts/freeze-release.ts";
import { paths } from "../../scripts/paths.ts";
import { document } from "../support/document.ts";

const major = (version: string) => version.split(".")[0];

test("frozen tests belong to the document's major version", () => {
  for (const { name } of readdirSync(paths.releasedTests, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )) {
    const { info } = JSON.parse(readFileSync(join(paths.releasedTests, name, "openapi.json"), "utf8"));
    const advice = `test/releases/${name} holds ${info.version} of the document, and ours is ${document.info.version}: delete it.`;
    expect(major(info.version), advice).toBe(major(document.info.version));
  }
});

test("freezeTests copies every imported file except packages", async () => {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-release-"));
  try {
    await freezeTests(["test/contract/operations.test.ts", "test/mock/flows.test.ts"], folder);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
    expect(files).toContain(join("packages", "openapi-tools", "src", "path-matcher.ts"));
    for (const file of files) {
      const source = await readFile(join(folder, file), "utf8");
      for (const [, specifier = ""] of source.matchAll(/\bfrom "([^"]+)"/g)) {
        if (specifier.startsWith("."))
          expect(files, `${specifier} of ${file}`).toContain(join(dirname(file), specifier));
        else expect(specifier).not.toMatch(/^@imcloud\/openapi-tools\b/);
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
