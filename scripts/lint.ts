import { paths } from "./paths.ts";
import { redocly } from "./redocly.ts";
import { main, step } from "./step.ts";
import { commandFile, runTool } from "./tool.ts";

/** Checks the document, its 3.0 form, and all code. Needs a build, whose types the code uses. */
export async function lint(): Promise<void> {
  console.log("Checking");
  await step("document", () => redocly("lint", "imcloud", "imcloud-3.0", "--config", paths.lintConfig));
  await step("code", () =>
    runTool("biome", commandFile("@biomejs/biome", "bin/biome"), ["check", "--error-on-warnings"]),
  );
  await step("types", () => runTool("tsc", commandFile("typescript", "bin/tsc"), ["--project", paths.root]));
}

if (import.meta.main) main(lint);
