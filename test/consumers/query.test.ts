import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

describe("@imcloud/query", () => {
  test.each(["index.js", "index.cjs"])("%s loads the client, and nothing of TanStack Query", (file) => {
    const source = readFileSync(join(paths.query, "dist", file), "utf8");
    const loaded = [...source.matchAll(/\b(?:from|require\()\s*["']([^"']+)["']/g)].map(([, name]) => name);
    expect(loaded).toEqual(["@imcloud/client"]);
  });
});
