import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { releasedDocuments, workflowFiles } from "@imcloud/openapi-tools/files";
import { lintDocuments, lintStrictly } from "@imcloud/openapi-tools/lint";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { ensurePackages, ensurePages } from "./build.ts";
import { checkImports } from "./imports.ts";
import { logStep, main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** Runs a check in the client's folder, where its configuration is. */
const execInClient = (name: string, file: string, args: string[] = []) => exec(name, file, args, { cwd: paths.client });

/** A changed public type is no error, but somebody has to look at it. */
const checkPublicTypes = () =>
  execInClient("api-extractor", packageFile("@microsoft/api-extractor", "bin/api-extractor", paths.tests), [
    "run",
  ]).catch((cause: Error) => {
    const advice =
      "The client's public types differ from packages/client/client.api.md. Run: npm run public-types. Look at its diff, and commit it.";
    throw new Error(`${advice}\n${cause.message}`, { cause });
  });

/** Checks that `info.version` fits the changes since the last release: major for a breaking one, minor for an addition, patch for texts. */
async function checkCompatibility(): Promise<void> {
  const released = (await releasedDocuments(paths.releases)).at(-1);
  if (!released) return;
  await redocly("diff", released.file, join(paths.spec, "openapi.yaml"), "--check-version", "--fail-on", "none");
}

async function checkWorkflows(): Promise<void> {
  const files = (await workflowFiles(paths.workflows)).map((name) => join(paths.workflows, name));
  await lintStrictly(files);
}

/** Type-checks a project, incrementally. */
const typeCheck = (project: string) => () => {
  const known = join(paths.root, "node_modules/.cache/tsc", `${basename(project)}.tsbuildinfo`);
  // More checkers would repeat much of each other's work.
  const args = ["--project", project, "--incremental", "--tsBuildInfoFile", known, "--checkers", "1"];
  // The compiler is done before its memory has to be collected, which takes a third of its time otherwise.
  const env = { GOGC: "off", GOMEMLIMIT: "2GiB", ...process.env };
  return exec("tsc", packageFile("typescript-7", "bin/tsc", paths.tests), args, { env });
};

const checks: [name: string, check: () => Promise<void>][] = [
  ["document", () => lintDocuments(paths.lintConfig)],
  ["compatibility", checkCompatibility],
  ["workflows", checkWorkflows],
  [
    "code",
    () => exec("biome", packageFile("@biomejs/biome", "bin/biome", paths.tests), ["check", "--error-on-warnings"]),
  ],
  ["imports", () => checkImports()],
  ["sizes", () => execInClient("size-limit", packageFile("size-limit", "bin.js"))],
  ["sizes of query", () => exec("size-limit", packageFile("size-limit", "bin.js"), [], { cwd: paths.query })],
  ["types", typeCheck(paths.root)],
  ["types of docs", typeCheck(paths.docsPackage)],
  ["types of the example", typeCheck(paths.examplePackage)],
  ["public types", checkPublicTypes],
];

/**
 * Checks the document, its 3.0 form, the workflows, all code, and how much of it a browser loads. Needs a build.
 * @throws {@link Error} with all failures: every check runs, whatever the others find
 */
export async function lint(): Promise<void> {
  console.log("Checking");
  const failures: string[] = [];
  for (const [name, check] of checks) {
    await logStep(name, check).catch((failure: Error) => failures.push(`${name}: ${failure.message}`));
  }
  if (failures.length) throw new Error(failures.join("\n\n"));
}

if (import.meta.main) {
  main(async () => {
    takeNoArguments();
    // `npm start` builds no declarations, and without them most types are errors.
    await ensurePackages();
    // Astro writes types when it builds. They do not depend on the pages' content.
    if (!existsSync(join(paths.docsPackage, ".astro/types.d.ts"))) await ensurePages();
    await lint();
  });
}
