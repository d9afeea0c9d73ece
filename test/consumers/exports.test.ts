import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { publicPackages } from "../../scripts/manifests.ts";
import { paths } from "../../scripts/paths.ts";

/** A module as users get it: its declarations and its code. */
interface Module {
  types: string;
  code: string;
}

interface Target {
  types?: string;
  default?: string;
  import?: Target;
  require?: Target;
}

const isModule = (target: Target): target is Required<Pick<Target, "types" | "default">> =>
  target.types !== undefined && target.default !== undefined;

/** Every module of a package's `exports`, as ESM and CommonJS. Data files have no declarations. */
function modulesOf(folder: string): Module[] {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.values<Target | string>(exports)
    .flatMap((target) => (typeof target === "string" ? [] : [target, target.import ?? {}, target.require ?? {}]))
    .filter(isModule)
    .map(({ types, default: code }) => ({ types: join(folder, types), code: join(folder, code) }));
}

const packages = await publicPackages();
const modules = packages.flatMap(({ path }) => modulesOf(path));
const options: ts.CompilerOptions = {
  ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext, noEmit: true, types: [] },
  // What a module exports needs no library, and nothing of other people's packages.
  noLib: true,
};
const host = ts.createCompilerHost(options);
const program = ts.createProgram(
  modules.map(({ types }) => types),
  options,
  {
    ...host,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    getSourceFile: (file, ...others) =>
      packages.some(({ path }) => file.startsWith(path) && !file.startsWith(join(path, "node_modules")))
        ? host.getSourceFile(file, ...others)
        : undefined,
  },
);
const checker = program.getTypeChecker();

const isTypeOnly = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((node) => ts.isExportSpecifier(node) && (node.isTypeOnly || node.parent.parent.isTypeOnly));

/** The names that TypeScript lets users import as values. */
function declaredValues(file: string): string[] {
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (!symbol) throw new Error(`${file} is no module. Run the build.`);
  return checker
    .getExportsOfModule(symbol)
    .filter((name) => !isTypeOnly(name))
    .filter((name) => {
      const target = name.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(name) : name;
      return target.flags & ts.SymbolFlags.Value;
    })
    .map(({ name }) => name)
    .sort();
}

/** The names that the module exports at run time. */
async function valuesAtRunTime(file: string): Promise<string[]> {
  const loaded = file.endsWith(".cjs") ? createRequire(import.meta.url)(file) : await import(pathToFileURL(file).href);
  return Object.keys(loaded).sort();
}

describe("package.json exports", () => {
  test.each(modules.map(({ types, code }) => [types.slice(paths.root.length), types, code]))(
    "%s declares exactly the values that the module has",
    async (_name, types, code) => {
      expect(declaredValues(types)).toEqual(await valuesAtRunTime(code));
    },
  );

  test.each(packages.map(({ manifest, path }) => [manifest.name, path]))(
    "%s has modules with values",
    (_name, path) => {
      expect(modulesOf(path).flatMap(({ types }) => declaredValues(types))).not.toEqual([]);
    },
  );
});
