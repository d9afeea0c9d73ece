import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "../../scripts/paths.ts";
import { environmentOf, nodes, shell } from "./run.ts";

const COMPILERS = ["typescript-5.5", "typescript-5.9", "typescript-6", "typescript-7"];

/** The module resolutions of TypeScript. */
const RESOLUTIONS: Record<string, object> = {
  node16: { module: "node16", moduleResolution: "node16" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
};

/**
 * Checks the declarations of every package, with each compiler and each module resolution.
 * @param attempt runs each check by its name; a failure has the compiler's output
 */
export async function checkTypes(
  folder: string,
  npmrc: string,
  attempt: (name: string, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await cp(join(paths.root, "test/consumers/types"), folder, { recursive: true });
  await writeFile(join(folder, ".npmrc"), npmrc);
  const env = environmentOf(nodes[24]);
  await shell("npm install --no-audit --no-fund --prefer-offline", folder, env);
  for (const compiler of COMPILERS) {
    // MSW 3 has types that TypeScript 5.5 does not read.
    const files = ["renewals.ts", ...(compiler === "typescript-5.5" ? [] : ["handlers.ts"])];
    for (const [name, resolution] of Object.entries(RESOLUTIONS)) {
      const compilerOptions = {
        ...{ target: "es2022", lib: ["es2022", "dom", "dom.iterable"], strict: true, noEmit: true },
        ...{ skipLibCheck: false, types: ["node"], ...resolution },
      };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
      await attempt(`${compiler.replace("typescript-", "")} ${name}`, () =>
        shell(`node node_modules/${compiler}/bin/tsc --project .`, folder, env),
      );
    }
  }
}
