import { join } from "node:path";
import { mockSources } from "../packages/mock/generate/sources.ts";
import { validators } from "../packages/spec/generate/validators.ts";
import { bundle } from "./bundle.ts";
import { docs } from "./docs/docs.ts";
import { downConvert } from "./down-convert.ts";
import { licences } from "./licences.ts";
import { buildPackage } from "./packages.ts";
import { paths } from "./paths.ts";
import { resources } from "./resources.ts";
import { schemas } from "./schemas.ts";
import { main, step } from "./step.ts";
import { types } from "./types.ts";
import { version } from "./version.ts";

/** Builds everything from the document, in the order in which the parts need each other. */
export async function build(): Promise<void> {
  console.log("Building from openapi/openapi.yaml");
  await step("bundle", () => bundle(paths.document, paths.spec));
  await step("3.0", () => downConvert(paths.spec));
  await step("types", () => types(paths.spec));
  await step("validators", () => validators(paths.spec, paths.validators));
  await step("spec", () =>
    buildPackage(paths.specPackage).then(() =>
      licences(
        paths.specPackage,
        ["ajv", "ajv-formats", "fast-deep-equal"],
        join(paths.spec, "validators/third-party-licences.txt"),
      ),
    ),
  );
  await step("resources", () => resources(paths.spec, paths.resources));
  await step("schemas", () => schemas(paths.spec, paths.schemas));
  await step("mock sources", () => mockSources(paths.spec, paths.mockSources));
  await step("version", () => version(paths.client, paths.version));
  await Promise.all([
    step("client", () =>
      buildPackage(paths.client).then(() =>
        licences(
          paths.client,
          ["openapi-fetch", "@cfworker/json-schema"],
          join(paths.client, "dist/third-party-licences.txt"),
        ),
      ),
    ).then(() => step("mock", () => buildPackage(paths.mock))),
    step("docs", () => docs(paths.spec)),
  ]);
}

if (import.meta.main) main(build);
