import { mkdtemp, rm } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import { packAll, readTarball } from "./support/pack.ts";

// Vitest starts Node with the condition `development`, by which this package leads to its TypeScript.
const hooks = registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: context.conditions.filter((name) => name !== "development") }),
});
const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
hooks.deregister();

const folder = await mkdtemp(join(tmpdir(), "imcloud-packed-"));
const packed = await packAll(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Problems that every ESM-only package has: `require` loads ESM since Node 20.19 only, and resolution before Node 12 does not know `exports`. A package
 * that has CommonJS too has none of them.
 */
const ESM_ONLY = ["CJSResolvesToESM", "NoResolution"];

describe.each(packed.map((each) => [each.name, each] as const))("%s, packed", (_name, each) => {
  test("has nothing that publint finds", async () => {
    const { messages, pkg } = await publint({
      pkgDir: "package",
      pack: { tarball: (await readTarball(each)).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  test("has the right types for every kind of import", async () => {
    const tarball = createPackageFromTarballData(await readTarball(each));
    const checked = await checkPackage(tarball);
    const isForRequire = JSON.parse(tarball.readFile(`/node_modules/${each.name}/package.json`)).main !== undefined;
    if (!checked.types) throw new Error("It has no types.");
    const found = checked.problems.filter(({ kind }) => isForRequire || !ESM_ONLY.includes(kind));
    expect(found).toEqual([]);
  });

  test("depends on published versions, not on this workspace", async () => {
    const tarball = createPackageFromTarballData(await readTarball(each));
    const manifest = JSON.parse(tarball.readFile(`/node_modules/${each.name}/package.json`));
    const ranges = Object.values({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect(ranges.filter((range) => !/^[\^~>=\d]/.test(String(range)))).toEqual([]);
  });

  test("contains README, license and changelog, and no sources or tests", async () => {
    const files = createPackageFromTarballData(await readTarball(each)).listFiles();
    const names = files.map((file) => file.replace(`/node_modules/${each.name}/`, ""));
    expect(names).toEqual(expect.arrayContaining(["package.json", "README.md", "LICENSE", "CHANGELOG.md"]));
    expect(names.filter((name) => /^(src|generate|test)\/|\.test\.|tsconfig|tsdown/.test(name))).toEqual([]);
  });
});
