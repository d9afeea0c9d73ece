import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

/** Files of a worker share modules, and a module runs once: a hook at its top is a hook of the first file alone. */
const HOOK = /^(?:export\s+)?(?:before|after)(?:All|Each)\(/m;

const shared = globSync("{openapi,packages,scripts,test}/**/*.ts", {
  cwd: paths.root,
  exclude: (path) => /(^|[\\/])(node_modules|dist|build|generated)$/.test(path),
}).filter((file) => !/\.(test|test-d|live)\.ts$/.test(file));

describe("isolate: false", () => {
  test("has no hook at the top of a module that tests share", () => {
    expect(shared.length).toBeGreaterThan(500);
    expect(shared.filter((file) => HOOK.test(readFileSync(join(paths.root, file), "utf8")))).toEqual([]);
  });

  test.each([
    ["afterEach(endAll);", true],
    ["import x from 'y';\nbeforeAll(async () => {});", true],
    ["export function useMock() {\n  afterAll(() => {});\n}", false],
  ])("%j is one: %s", (code, isOne) => {
    expect(HOOK.test(code)).toBe(isOne);
  });
});
