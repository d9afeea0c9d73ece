import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where the build finds its sources and leaves its results. */
export const paths = {
  root: at("."),
  document: at("openapi/openapi.yaml"),
  workflows: at("openapi/workflows"),
  lintConfig: at("openapi/redocly.yaml"),
  spec: at("packages/spec/dist"),
  resources: at("packages/client/src/generated/resources.ts"),
  schemas: at("packages/client/src/generated/schemas.ts"),
  version: at("packages/client/src/generated/version.ts"),
  client: at("packages/client"),
  mock: at("packages/mock"),
  docs: at("packages/docs/dist"),
};
