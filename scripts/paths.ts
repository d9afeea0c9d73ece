import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where the build finds its sources and leaves its results. */
export const paths = {
  root: at("."),
  lockfile: at("pnpm-lock.yaml"),
  openapi: at("openapi"),
  openapiTools: at("packages/openapi-tools"),
  document: at("openapi/openapi.yaml"),
  workflows: at("openapi/workflows"),
  decisions: at("openapi/decisions"),
  lintConfig: at("openapi/redocly.yaml"),
  specPackage: at("packages/spec"),
  spec: at("packages/spec/dist"),
  validators: at("packages/spec/src/generated"),
  resources: at("packages/client/src/generated/resources.ts"),
  version: at("packages/client/src/generated/version.ts"),
  client: at("packages/client"),
  clientTypes: at("packages/client/dist/index.d.ts"),
  query: at("packages/query"),
  queries: at("packages/query/src/generated/operations.ts"),
  cli: at("packages/cli"),
  cliCommands: at("packages/cli/src/generated/commands.ts"),
  examplePackage: at("packages/example"),
  example: at("packages/example/dist"),
  mock: at("packages/mock"),
  mockSources: at("packages/mock/src/generated"),
  stores: at("packages/stores"),
  releases: at("openapi/releases"),
  coverage: at("coverage"),
  releasedTests: at("test/releases"),
  knownDifferences: at("openapi/decisions/known-differences.yaml"),
  docs: at("packages/docs/dist"),
  docsPackage: at("packages/docs"),
  guides: at("packages/docs/guides"),
};
