import { join } from "node:path";
import { exec, packageFile } from "@imcloud/openapi-tools/exec";
import { licenses } from "@imcloud/openapi-tools/licenses";
import { resources } from "../packages/client/generate/resources.ts";
import { schemas } from "../packages/client/generate/schemas.ts";
import { version } from "../packages/client/generate/version.ts";
import { docs } from "../packages/docs/generate/docs.ts";
import { mockSources } from "../packages/mock/generate/sources.ts";
import { bundle } from "../packages/spec/generate/bundle.ts";
import { downConvert } from "../packages/spec/generate/down-convert.ts";
import { types } from "../packages/spec/generate/types.ts";
import { validators } from "../packages/spec/generate/validators.ts";
import { logStep, main } from "./log.ts";
import { paths } from "./paths.ts";

/** Builds a package to its `dist` as its own tsup.config.ts says. */
const buildPackage = (folder: string): Promise<void> =>
  exec(`tsup in ${folder}`, packageFile("tsup", "dist/cli-default.js"), [], { cwd: folder });

async function buildSpec(): Promise<void> {
  await buildPackage(paths.specPackage);
  const copied = ["ajv", "ajv-formats", "fast-deep-equal"];
  await licenses(paths.specPackage, copied, join(paths.spec, "validators/third-party-licenses.txt"));
}

async function buildClient(): Promise<void> {
  await buildPackage(paths.client);
  await licenses(
    paths.client,
    ["openapi-fetch", "@cfworker/json-schema"],
    join(paths.client, "dist/third-party-licenses.txt"),
  );
}

/** Builds everything from the document, in the order in which the parts need each other. */
export async function build(): Promise<void> {
  console.log("Building from openapi/openapi.yaml");
  await logStep("bundle", () => bundle(paths.document, paths.spec));
  await logStep("3.0", () => downConvert(paths.spec));
  await logStep("types", () => types(paths.spec));
  await logStep("validators", () => validators(paths.spec, paths.validators));
  await logStep("spec", buildSpec);
  await logStep("resources", () => resources(paths.spec, paths.resources));
  await logStep("schemas", () => schemas(paths.spec, paths.schemas));
  await logStep("mock sources", () => mockSources(paths.spec, paths.mockSources));
  await logStep("version", () => version(paths.client, paths.version));
  await Promise.all([
    logStep("client", buildClient).then(() => logStep("mock", () => buildPackage(paths.mock))),
    logStep("docs", () => docs(paths.spec)),
  ]);
}

if (import.meta.main) main(build);
