import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { exec } from "@imcloud/openapi-tools/exec";
import { licenses } from "@imcloud/openapi-tools/licenses";
import { build as tsdown } from "tsdown";
import { commands } from "../packages/cli/generate/commands.ts";
import { resources } from "../packages/client/generate/resources.ts";
import { version } from "../packages/client/generate/version.ts";
import { paths as docsPaths } from "../packages/docs/generate/paths.ts";
import { pages } from "../packages/mcp/generate/pages.ts";
import { personal } from "../packages/mcp/generate/personal.ts";
import { mockPage } from "../packages/mock/generate/page.ts";
import { mockSources } from "../packages/mock/generate/sources.ts";
import { queries } from "../packages/query/generate/operations.ts";
import { bundle } from "../packages/spec/generate/bundle.ts";
import { downConvert } from "../packages/spec/generate/down-convert.ts";
import { validators } from "../packages/spec/generate/validators.ts";
import { tables } from "../packages/sync/generate/tables.ts";
import { withBuildLock } from "./build-lock.ts";
import { logStep, main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";
import { beginStep, isCurrent, removeStamp, type Step } from "./stamps.ts";

export interface BuildOptions {
  /** Whether to write declaration files. They take most of the time, and running code does not need them. @defaultValue true */
  declarations?: boolean;
  /** Whether to overwrite `dist` without emptying it first, as running processes read it meanwhile. @defaultValue false */
  inPlace?: boolean;
}

/** Builds a package into its `dist`, by its own tsdown.config.ts. */
async function buildPackage(cwd: string, { declarations = true, inPlace = false }: BuildOptions): Promise<void> {
  await tsdown({ cwd, logLevel: "error", ...(!declarations && { dts: false }), ...(inPlace && { clean: false }) });
}

async function buildTypes(): Promise<void> {
  // Imported late: it loads TypeScript, which npm start does without.
  const { types } = await import("../packages/spec/generate/types.ts");
  await types(paths.spec);
}

async function buildSpec(options: BuildOptions): Promise<void> {
  await buildPackage(paths.specPackage, options);
  const copied = ["ajv", "ajv-formats", "fast-deep-equal"];
  await licenses(paths.specPackage, copied, join(paths.spec, "validators/third-party-licenses.txt"));
}

async function buildClient(options: BuildOptions): Promise<void> {
  await buildPackage(paths.client, options);
  const output = join(paths.client, "dist/third-party-licenses.txt");
  await licenses(paths.client, ["openapi-fetch"], output);
  // The client bundles the validators of the spec, and so the code that they bundle.
  const copied = await readFile(join(paths.spec, "validators/third-party-licenses.txt"), "utf8");
  await appendFile(
    output,
    `
${"=".repeat(80)}

${copied}`,
  );
}

async function buildMock(options: BuildOptions): Promise<void> {
  await buildPackage(paths.mock, options);
  await mockPage(paths.mockPage, join(paths.mock, "dist/page"));
}

const packageFolders = [
  paths.openapiTools,
  paths.specPackage,
  paths.client,
  paths.query,
  paths.mock,
  paths.stores,
  paths.sync,
  paths.cli,
  paths.mcp,
];
const packagesStep: Step = {
  name: "packages",
  inputs: [paths.openapi, paths.lockfile, paths.theme, paths.optionsPackage, paths.sql, ...packageFolders],
  outputs: packageFolders.slice(1).map((folder) => join(folder, "dist")),
};
/** The MCP server contains the built docs, so it is no input of theirs. */
const pagesInputs = packagesStep.inputs.filter((input) => input !== paths.mcp);
const docsStep: Step = {
  name: "docs",
  inputs: [...pagesInputs, join(paths.mcp, "generate/pages.ts"), paths.docsPackage],
  outputs: [join(paths.docs, "index.html"), docsPaths.found, paths.mcpPages],
};
const exampleStep: Step = {
  name: "example",
  inputs: [...pagesInputs, paths.examplePackage],
  outputs: [join(paths.example, "index.html")],
};

/** Generates the packages' sources from the document, and builds the packages. */
export async function buildPackages(options: BuildOptions = {}): Promise<void> {
  const endStep = await beginStep(packagesStep);
  await logStep("bundle", () => bundle(paths.document, paths.spec));
  await logStep("3.0", () => downConvert(paths.spec));
  if (options.declarations !== false) await logStep("types", buildTypes);
  await logStep("validators", () => validators(paths.spec, paths.validators));
  await logStep("spec", () => buildSpec(options));
  await logStep("resources", () => resources(paths.spec, paths.resources));
  await logStep("mock sources", () => mockSources(paths.spec, paths.mockSources));
  await logStep("version", () => version(paths.client, paths.version));
  await logStep("client", () => buildClient(options));
  await logStep("queries", () => queries(paths.spec, paths.queries));
  await logStep("query", () => buildPackage(paths.query, options));
  await logStep("mock", () => buildMock(options));
  await logStep("stores", () => buildPackage(paths.stores, options));
  await logStep("tables", () => tables(paths.spec, paths.syncTables));
  await logStep("sync", () => buildPackage(paths.sync, options));
  await logStep("commands", () => commands(paths.spec, paths.cliCommands));
  await logStep("cli", () => buildPackage(paths.cli, options));
  await logStep("personal", () => personal(paths.spec, paths.mcpPersonal));
  await logStep("mcp", () => buildPackage(paths.mcp, options));
  await endStep();
}

/** What a change rebuilds: everything made from the document, one package, the packages that contain a copy of a private one, or only pages. */
export type RebuildTarget =
  | "document"
  | "client"
  | "options"
  | "sql"
  | "mock"
  | "query"
  | "stores"
  | "sync"
  | "cli"
  | "mcp"
  | "pages";

/**
 * Rebuilds first what the mock runs on and what editors read. Declarations stay as they are, except the client's.
 * @returns a function that builds the rest, which nobody waits for
 */
export async function rebuild(what: Exclude<RebuildTarget, "pages">): Promise<() => Promise<void>> {
  // Not all is built here, and the change may be taken back after this process has ended.
  await removeStamp(packagesStep);
  const options = { declarations: false, inPlace: true };
  const buildEach = async (...folders: string[]) => {
    for (const folder of folders) await buildPackage(folder, options);
  };
  switch (what) {
    case "document":
      await bundle(paths.document, paths.spec);
      await Promise.all([
        buildTypes(),
        validators(paths.spec, paths.validators).then(() => buildPackage(paths.specPackage, options)),
        mockSources(paths.spec, paths.mockSources).then(() => buildMock(options)),
      ]);
      return async () => {
        await resources(paths.spec, paths.resources);
        // The client's types contain a copy of the document's types.
        await buildPackage(paths.client, { inPlace: true });
        await downConvert(paths.spec);
        await Promise.all([
          queries(paths.spec, paths.queries),
          tables(paths.spec, paths.syncTables),
          commands(paths.spec, paths.cliCommands),
          personal(paths.spec, paths.mcpPersonal),
        ]);
        await buildEach(paths.query, paths.sync, paths.cli, paths.mcp);
      };
    case "client":
      // Editors read the client's declarations. They are made of each module by itself, which is quick.
      await buildPackage(paths.client, { inPlace: true });
      return async () => {};
    case "options":
      await buildPackage(paths.client, options);
      return () => buildEach(paths.stores, paths.sync, paths.cli, paths.mcp);
    case "sql":
      await buildEach(paths.stores, paths.sync);
      return async () => {};
    case "mock":
      await buildMock(options);
      return async () => {};
    default:
      await buildPackage(paths[what], options);
      return async () => {};
  }
}

async function buildDocs(onWritten?: () => void): Promise<void> {
  const endStep = await beginStep(docsStep);
  // Imported late: it reads the built packages, which a fresh clone does not have yet.
  const { docs } = await import("../packages/docs/generate/docs.ts");
  await docs(paths.spec, onWritten);
  // The MCP package ships the docs as Markdown, which assistants search.
  await pages(paths.docs, paths.mcpPages);
  await endStep();
}

async function buildExample(): Promise<void> {
  const endStep = await beginStep(exampleStep);
  const vite = join(paths.examplePackage, "node_modules/vite/bin/vite.js");
  await exec("vite", vite, ["build", "--logLevel", "error"], { cwd: paths.examplePackage });
  await endStep();
}

/** Builds the packages, unless their inputs are unchanged since the last build. */
export async function ensurePackages(options: BuildOptions = {}): Promise<void> {
  const { declarations = true } = options;
  const step = declarations ? { ...packagesStep, outputs: [...packagesStep.outputs, paths.clientTypes] } : packagesStep;
  await withBuildLock(async () => {
    if (!(await isCurrent(step))) await buildPackages(options);
  });
}

/** Builds the docs and the example, unless their inputs are unchanged since the last build. Needs the built packages. */
export async function ensurePages(): Promise<void> {
  await withBuildLock(async () => {
    if (!(await isCurrent(docsStep))) await buildDocs();
    if (!(await isCurrent(exampleStep))) await buildExample();
  });
}

/**
 * Builds the docs and the example. Needs the built packages, as the pages of both contain the sandbox.
 * @param meanwhile what else is to be done, while Astro builds the site on one processor
 */
export async function buildPages(meanwhile?: () => Promise<unknown>): Promise<void> {
  const written = Promise.withResolvers<void>();
  const others = async () => {
    await written.promise;
    await meanwhile?.();
    await logStep("example", buildExample);
  };
  await Promise.all([logStep("docs", () => buildDocs(written.resolve)), others()]);
}

/** Builds everything, in the order of dependencies. */
export async function build(): Promise<void> {
  await withBuildLock(async () => {
    console.log("Building from openapi/openapi.yaml");
    await buildPackages();
    await buildPages();
  });
}

if (import.meta.main) {
  main(async () => {
    takeNoArguments();
    await build();
  });
}
