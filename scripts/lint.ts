import { paths } from "./paths.ts";
import { redocly } from "./redocly.ts";
import { main, step } from "./step.ts";
import { commandFile, runTool } from "./tool.ts";

/** Checks the document, its 3.0 form, all code, and how much of it a browser loads. Needs a build. */
export async function lint(): Promise<void> {
  console.log("Checking");
  await step("document", () => redocly("lint", "imcloud", "imcloud-3.0", "--config", paths.lintConfig));
  await step("code", () =>
    runTool("biome", commandFile("@biomejs/biome", "bin/biome"), ["check", "--error-on-warnings"]),
  );
  await step("sizes", () => runTool("size-limit", commandFile("size-limit", "bin.js"), [], { cwd: paths.client }));
  await step("types", () => runTool("tsc", commandFile("typescript", "bin/tsc"), ["--project", paths.root]));
}

if (import.meta.main) main(lint);
