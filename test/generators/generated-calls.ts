import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Connection } from "./calls/calls.ts";
import { installed, type Outcome, runNode } from "./tool.ts";

/** Compiler options of most projects: strict, for a bundler. */
const compilerOptions = {
  ...{ target: "es2024", lib: ["es2024", "dom", "dom.iterable"], module: "esnext", moduleResolution: "bundler" },
  ...{ strict: true, skipLibCheck: true, resolveJsonModule: true, allowImportingTsExtensions: true, noEmit: true },
  types: ["node"],
  paths: { "generated/*": ["./*"] },
};

async function compilerErrorsOf(project: string): Promise<string[]> {
  try {
    await runNode(installed("typescript", "bin/tsc"), ["--project", project, "--pretty", "false"]);
    return [];
  } catch (error) {
    const errors = (error as Error).message.split("\n").filter((line) => /error TS\d+/.test(line));
    if (!errors.length) throw error;
    return errors;
  }
}

/**
 * Compiles generated code together with calls that use it, and makes the calls.
 * @param name the name of the file in `calls/`
 */
export async function callGenerated(folder: string, name: string, connection: Connection): Promise<Outcome> {
  const project = join(folder, "tsconfig.json");
  const calls = join(import.meta.dirname, "calls", `${name}.ts`);
  await writeFile(project, JSON.stringify({ compilerOptions, include: ["**/*.ts"], files: [calls] }));
  const compilerErrors = await compilerErrorsOf(project);
  const program = join(folder, "calls.mjs");
  await build({
    stdin: {
      contents: `
        import { makeCalls } from "./calls.ts";
        import { calls } from "./${name}.ts";
        console.log(JSON.stringify(await makeCalls(calls, JSON.parse(process.argv[2]))));
        process.exit();`,
      resolveDir: join(import.meta.dirname, "calls"),
      loader: "ts",
    },
    outfile: program,
    tsconfig: project,
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", target: "node22", logLevel: "silent" },
  });
  const printed = await runNode(program, [JSON.stringify(connection)]);
  return { compilerErrors, calls: JSON.parse(printed.trim().split("\n").at(-1) ?? "") };
}
