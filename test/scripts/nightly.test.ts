import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runs } from "../../scripts/nightly.ts";
import { paths } from "../../scripts/paths.ts";

test("CONTRIBUTING.md lists what runs at night", () => {
  const [, section = ""] = readFileSync(join(paths.root, "CONTRIBUTING.md"), "utf8").split(/^## What runs at night$/m);
  const [list = ""] = section.split(/^## /m);
  const files = Object.values(runs).flatMap((args) => args.filter((arg) => arg.startsWith("test/")));
  expect(files.length).toBeGreaterThan(9);
  expect(files.filter((file) => !list.includes(file))).toEqual([]);
});
