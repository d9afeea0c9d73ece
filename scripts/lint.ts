import { join } from "node:path";
import { releasesIn } from "./docs/changelog.ts";
import { workflowFiles } from "./docs/workflows.ts";
import { paths } from "./paths.ts";
import { redocly } from "./redocly.ts";
import { main, step } from "./step.ts";
import { packageFile, runTool } from "./tool.ts";

/** Checks the document, its 3.0 form, the workflows, all code, and how much of it a browser loads. Needs a build. */
export async function lint(): Promise<void> {
  console.log("Checking");
  await step("document", () => redocly("lint", "imcloud", "imcloud-3.0", "--config", paths.lintConfig));
  const released = (await releasesIn(paths.releases)).at(-1);
  // A breaking change needs a new major version, an addition a minor one, and a word a patch.
  if (released) {
    await step("compatibility", () =>
      redocly("diff", released.file, join(paths.spec, "openapi.yaml"), "--check-version", "--fail-on", "none"),
    );
  }
  const workflows = (await workflowFiles(paths.workflows)).map((name) => join(paths.workflows, name));
  await step("workflows", () => redocly("lint", ...workflows, "--extends", "recommended-strict"));
  await step("code", () =>
    runTool("biome", packageFile("@biomejs/biome", "bin/biome"), ["check", "--error-on-warnings"]),
  );
  await step("sizes", () => runTool("size-limit", packageFile("size-limit", "bin.js"), [], { cwd: paths.client }));
  await step("public types", () =>
    runTool("api-extractor", packageFile("@microsoft/api-extractor", "bin/api-extractor"), ["run"], {
      cwd: paths.client,
    }).catch((cause: Error) => {
      const advice =
        "The client's public types differ from packages/client/client.api.md: npx pnpm@12.21.0 public-types writes them anew.";
      throw new Error(`${advice}\n${cause.message}`, { cause });
    }),
  );
  for (const project of [paths.root, paths.docsPackage]) {
    await step("types", () => runTool("tsc", packageFile("typescript", "bin/tsc"), ["--project", project]));
  }
}

if (import.meta.main) main(lint);
