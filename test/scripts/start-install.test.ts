import { cp, glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin, stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, extname, join, matchesGlob, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parse } from "yaml";
import { script } from "../support/script.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The folders whose packages `npm start` does not install: what run.mjs tells pnpm, whose place another program takes. */
async function notInstalled(): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "imcloud-start-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ["scripts", "package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml"]) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, "npx"), `#!/bin/sh\necho "$@" > "${join(folder, "arguments")}"\nexit 1\n`, {
    mode: 0o755,
  });
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  await script(join(folder, "scripts/run.mjs")).resultOf("start");
  const told = await readFile(join(folder, "arguments"), "utf8");
  expect(told).toMatch(/ install --frozen-lockfile /);
  return [...told.matchAll(/--filter=!\.\/(\S+)/g)].map(([, pattern]) => String(pattern));
}

type Importer = Partial<Record<"dependencies" | "devDependencies" | "optionalDependencies", object>>;

/** The packages that each folder can import, of the folders that are installed. */
async function installed(): Promise<Map<string, Set<string>>> {
  const excluded = await notInstalled();
  const { importers } = parse(await readFile(join(root, "pnpm-lock.yaml"), "utf8")) as {
    importers: Record<string, Importer>;
  };
  const kept = Object.entries(importers).filter(
    ([folder]) => !excluded.some((pattern) => matchesGlob(folder, pattern)),
  );
  return new Map(
    kept.map(([folder, { dependencies, devDependencies, optionalDependencies }]) => [
      folder,
      new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })),
    ]),
  );
}

const STATIC = /^(?:import|export)\s(?:[^"';]*?\sfrom\s*)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** What a module imports when it is loaded; of what is written by hand also later, as all of that is for something that is served. */
async function importsOf(file: string): Promise<string[]> {
  const source = await readFile(file, "utf8");
  const isBuilt = relative(root, file).split(sep).includes("dist");
  const code =
    extname(file) === ".ts"
      ? stripTypeScriptTypes(source)
      : extname(file) === ".astro"
        ? String(source.split(/^---$/m)[1])
        : source;
  const found = isBuilt ? [...code.matchAll(STATIC)] : [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)];
  return found.map(([, name]) => String(name));
}

/** The file of an export, by the conditions that Node and bundlers resolve imports by. */
const fileOf = (target: unknown): string | undefined =>
  typeof target === "object" && target !== null
    ? fileOf("import" in target ? target.import : "default" in target ? target.default : undefined)
    : (target as string | undefined);

/** The file that a package of the repository exports under a name, such as `@imcloud/client/http`. */
async function exportOf(name: string): Promise<string | undefined> {
  const [, folder = "", path = ""] = /^@imcloud\/([^/]+)(.*)$/.exec(name) ?? [];
  const { exports } = JSON.parse(await readFile(join(root, "packages", folder, "package.json"), "utf8"));
  const file = fileOf(exports[`.${path}`]);
  return file && join(root, "packages", folder, file);
}

const packageOf = (name: string) => name.split("/", name.startsWith("@") ? 2 : 1).join("/");

/** What `npm start` runs: itself, how each package is built, and the programs and sources of docs and example. */
const ENTRIES = [
  "scripts/start.ts",
  "packages/*/tsdown.config.ts",
  "packages/docs/{astro.config.ts,ec.config.mjs}",
  "packages/docs/generate/*.ts",
  "packages/docs/src/**/*.{ts,astro}",
  "packages/example/vite.config.ts",
  "packages/example/src/**/*.{ts,tsx}",
];

/** Follows imports from the entries through the repository, and gives each that finds no package where it is. */
async function missingPackages(packages: Map<string, Set<string>>): Promise<string[]> {
  const missing = new Set<string>();
  const seen = new Set<string>();
  const waiting: string[] = [];
  for await (const file of glob(ENTRIES, { cwd: root, exclude: ["**/node_modules/**", "**/*.test.ts"] }))
    waiting.push(join(root, file));
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const from = relative(root, file).replaceAll(sep, "/");
    const folder = /^packages\/[^/]+/.exec(from)?.[0] ?? ".";
    for (const name of await importsOf(file)) {
      if (isBuiltin(name) || name.includes(":")) continue;
      if (name.startsWith(".")) {
        const target = join(dirname(file), name.replace(/\?.*/, ""));
        if (/\.(?:ts|tsx|js|mjs|astro)$/.test(target)) waiting.push(target);
        continue;
      }
      if (![folder, "."].some((each) => packages.get(each)?.has(packageOf(name)))) {
        missing.add(`${from} imports ${name}`);
        continue;
      }
      // A package of the repository: what it exports runs too.
      if (name.startsWith("@imcloud/")) {
        const target = await exportOf(name);
        if (target && /\.(?:ts|js)$/.test(target)) waiting.push(target);
      }
    }
  }
  expect(seen.size).toBeGreaterThan(200);
  return [...missing].sort();
}

describe("npm start's installation", () => {
  test.skipIf(process.platform === "win32")(
    "has every package that its code imports, also without those of tests",
    async () => {
      expect(await missingPackages(await installed())).toEqual([]);
    },
  );
});
