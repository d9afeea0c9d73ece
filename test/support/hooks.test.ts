import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

/** Test files of a worker share modules, so a hook at a module's top level would run for the first file only. */
const HOOK = /^(?:export\s+)?(?:before|after)(?:All|Each)\(/m;

const shared = globSync("{openapi,packages,scripts,test}/**/*.ts", {
  cwd: paths.root,
  exclude: (path) => /(^|[\\/])(node_modules|dist|build|generated)$/.test(path),
}).filter((file) => !/\.(test|test-d|live)\.ts$/.test(file));

describe("isolate: false", () => {
  test("allows no hook at the top level of a shared module", () => {
    expect(shared.length).toBeGreaterThan(500);
    expect(shared.filter((file) => HOOK.test(readFileSync(join(paths.root, file), "utf8")))).toEqual([]);
  });

  test.each([
    ["afterEach(endAll);", true],
    ["import x from 'y';\nbeforeAll(async () => {});", true],
    ["export function useMock() {\n  afterAll(() => {});\n}", false],
  ])("finds a top-level hook in %j: %s", (code, isOne) => {
    expect(HOOK.test(code)).toBe(isOne);
  });
});
