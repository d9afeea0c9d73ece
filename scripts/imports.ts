import { join } from "node:path";
import { cruise, type ICruiseOptions, type IForbiddenRuleType } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { fileRules, folderRules } from "./import-rules.ts";
import { paths } from "./paths.ts";

/** Generated files, and tests that were frozen with a release. */
const NOT_OURS = ["/\\.astro/", "/build/", "^test/generators/generated/", "^test/releases/"];
const TESTS = ["\\.test(-d)?\\.ts$", "/testing[^/]*\\.ts$"];

async function check(
  root: string,
  folders: string[],
  forbidden: IForbiddenRuleType[],
  excluded: string[],
): Promise<string> {
  const options: ICruiseOptions = {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden },
    // Imports of types count too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: excluded },
    outputType: "err",
  };
  const { output, exitCode } = await cruise(
    folders,
    options,
    { exportsFields: ["exports"], conditionNames: ["types", "import", "node", "default"] },
    { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
  );
  return exitCode ? String(output) : "";
}

/**
 * Checks the direction of imports by the rules in import-rules.ts. Needs a build.
 * @param root the folder of the repository
 * @throws {@link Error} with each import that breaks a rule
 */
export async function checkImports(root: string = paths.root): Promise<void> {
  const broken = [
    await check(root, ["openapi", "packages", "scripts", "test"], fileRules, NOT_OURS),
    await check(root, ["packages"], folderRules, [...NOT_OURS, ...TESTS]),
  ];
  if (broken.some(Boolean)) throw new Error(`Imports run the wrong way.\n${broken.join("\n")}`);
}

if (import.meta.main) {
  await checkImports().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
