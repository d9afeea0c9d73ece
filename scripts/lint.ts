import { readdirSync } from "node:fs";
import { join } from "node:path";
import { paths } from "./paths.ts";
import { redocly } from "./redocly.ts";
import { main, step } from "./step.ts";
import { commandFile, runTool } from "./tool.ts";

const workflowFiles = (): string[] =>
  readdirSync(paths.workflows)
    .filter((name) => name.endsWith(".arazzo.yaml"))
    .map((name) => join(paths.workflows, name));

/** Checks the document, its 3.0 form, the workflows, all code, and how much of it a browser loads. Needs a build. */
export async function lint(): Promise<void> {
  console.log("Checking");
  await step("document", () => redocly("lint", "imcloud", "imcloud-3.0", "--config", paths.lintConfig));
  await step("workflows", () => redocly("lint", ...workflowFiles(), "--extends", "recommended-strict"));
  await step("code", () =>
    runTool("biome", commandFile("@biomejs/biome", "bin/biome"), ["check", "--error-on-warnings"]),
  );
  await step("sizes", () => runTool("size-limit", commandFile("size-limit", "bin.js"), [], { cwd: paths.client }));
  await step("types", () => runTool("tsc", commandFile("typescript", "bin/tsc"), ["--project", paths.root]));
}

if (import.meta.main) main(lint);
