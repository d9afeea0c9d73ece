import { join } from "node:path";
import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { releasedDocuments, workflowFiles } from "@imcloud/openapi-tools/files";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { checkImports } from "./imports.ts";
import { logStep, main } from "./log.ts";
import { paths } from "./paths.ts";

/** Checks the document, its 3.0 form, the workflows, all code, and how much of it a browser loads. Needs a build. */
export async function lint(): Promise<void> {
  console.log("Checking");
  await logStep("document", () => redocly("lint", "imcloud", "imcloud-3.0", "--config", paths.lintConfig));
  const released = (await releasedDocuments(paths.releases)).at(-1);
  // A breaking change needs a new major version, an addition a minor one, and a word a patch.
  if (released) {
    await logStep("compatibility", () =>
      redocly("diff", released.file, join(paths.spec, "openapi.yaml"), "--check-version", "--fail-on", "none"),
    );
  }
  const workflows = (await workflowFiles(paths.workflows)).map((name) => join(paths.workflows, name));
  await logStep("workflows", () => redocly("lint", ...workflows, "--extends", "recommended-strict"));
  await logStep("code", () =>
    exec("biome", packageFile("@biomejs/biome", "bin/biome"), ["check", "--error-on-warnings"]),
  );
  await logStep("imports", checkImports);
  await logStep("sizes", () => exec("size-limit", packageFile("size-limit", "bin.js"), [], { cwd: paths.client }));
  await logStep("public types", () =>
    exec("api-extractor", packageFile("@microsoft/api-extractor", "bin/api-extractor"), ["run"], {
      cwd: paths.client,
    }).catch((cause: Error) => {
      const advice =
        "The client's public types differ from packages/client/client.api.md: npm run public-types writes them anew.";
      throw new Error(`${advice}\n${cause.message}`, { cause });
    }),
  );
  for (const project of [paths.root, paths.docsPackage]) {
    await logStep("types", () => exec("tsc", packageFile("typescript", "bin/tsc"), ["--project", project]));
  }
}

if (import.meta.main) main(lint);
