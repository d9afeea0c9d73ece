import { join } from "node:path";
import { cruise, format, type ICruiseResult, type IModule } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { folderCircles } from "./folder-circles.ts";
import { fileRules } from "./import-rules.ts";
import { paths } from "./paths.ts";

/** Generated files, and tests that were frozen with a release. */
const NOT_OURS = ["/\\.astro/", "/build/", "^test/generators/generated/", "^test/releases/"];

/** Reads the imports of all files, and marks those that break a rule for files. */
async function readImports(root: string): Promise<ICruiseResult> {
  const { output } = await cruise(
    ["openapi", "packages", "scripts", "test"],
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: fileRules },
      // Imports of types count too.
      tsPreCompilationDeps: true,
      doNotFollow: { path: ["node_modules", "/dist/"] },
      exclude: { path: NOT_OURS },
    },
    { exportsFields: ["exports"], conditionNames: ["types", "import", "node", "default"] },
    { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
  );
  return output as ICruiseResult;
}

const isTest = (file: string) => /\.test(-d)?\.ts$|\/testing[^/]*\.ts$/.test(file);

/** What packages and the document's rules consist of. Tests are left out, as they use their module from outside. */
const withoutTests = (modules: IModule[]): IModule[] =>
  modules
    .filter(({ source }) => /^(openapi|packages)\//.test(source) && !isTest(source))
    .map((module) => ({ ...module, dependencies: module.dependencies.filter(({ resolved }) => !isTest(resolved)) }));

/**
 * Checks the direction of imports: of files by the rules in import-rules.ts, and of folders, of which no two may import each
 * other, as they are divided in the wrong place then. Needs a build.
 * @param root the folder of the repository
 * @throws {@link Error} with each import that breaks a rule
 */
export async function checkImports(root: string = paths.root): Promise<void> {
  const result = await readImports(root);
  const { output, exitCode } = await format(result, { outputType: "err" });
  const circles = folderCircles(withoutTests(result.modules));
  const broken = [
    ...(exitCode ? [String(output)] : []),
    ...circles.map((folders) => `  error no-circular-folders: ${folders.join(" → ")}`),
  ];
  if (broken.length) throw new Error(`Imports run the wrong way.\n${broken.join("\n")}`);
}

if (import.meta.main) {
  await checkImports().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
