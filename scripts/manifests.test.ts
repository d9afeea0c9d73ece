import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asPublished, publicPackages, rootManifest } from "./manifests.ts";
import { paths } from "./paths.ts";

const root = await rootManifest();
const packages = (await publicPackages()).map((each) => [each.manifest.name, each] as const);

describe("package.json", () => {
  test.each(packages)("%s has the fields that all packages share", (_name, { folder, manifest }) => {
    expect(manifest, "Run: npm run manifests").toEqual(asPublished(manifest, folder, root));
  });

  test.each(packages)("%s has keywords of its own", (_name, { manifest }) => {
    const own = manifest.keywords?.filter((word) => !root.keywords?.includes(word));
    expect(own?.length).toBeGreaterThan(0);
    expect(String(manifest.description)).toMatch(/^[A-Z].{20,}\.$/);
  });

  test.each(packages)(
    "%s has only devDependencies that the root has too, as npm start installs some packages without theirs",
    (_name, { manifest }) => {
      const built = Object.keys(manifest.devDependencies ?? {}).filter((name) => name.startsWith("@imcloud/"));
      expect(Object.keys(root.devDependencies ?? {})).toEqual(expect.arrayContaining(built));
    },
  );

  test("private packages are those that nobody would install", () => {
    const names = packages.map(([name]) => name);
    for (const name of ["@imcloud/docs", "@imcloud/example", "@imcloud/openapi-tools"]) {
      expect(names).not.toContain(name);
    }
    expect(names).toContain("@imcloud/client");
  });
});

describe("packages", () => {
  test.each(packages)("%s has a README that says how to install it, and a changelog", (name, { path }) => {
    const readme = readFileSync(join(path, "README.md"), "utf8");
    expect(readme).toMatch(new RegExp(`(npm install|npx) .*${name}\\b`));
    expect(readme).not.toMatch(/\bclone\b/);
    expect(readFileSync(join(path, "CHANGELOG.md"), "utf8")).toMatch(new RegExp(`^# ${name}\n`));
    expect(existsSync(join(paths.root, "LICENSE"))).toBe(true);
  });
});
