import { describe, expect, test } from "vitest";
import { isOfBuilder, rebuiltBy } from "../../scripts/dev.ts";

describe("npm run dev", () => {
  test.each([
    ["openapi/components/schemas/Plan.yaml", "document"],
    ["openapi/rules/imcloud.js", "document"],
    ["packages/spec/generate/types.ts", "document"],
    ["packages/mock/generate/sources.ts", "document"],
    ["packages/client/generate/resources.ts", "document"],
    ["packages/openapi-tools/src/document.ts", "document"],
    ["packages/client/src/client.ts", "client"],
    ["packages/mock/src/core/domain/orders.ts", "mock"],
    ["packages/mock/page/page.js", "mock"],
    ["packages/theme/static/tokens.css", "mock"],
    ["packages/query/src/index.ts", "query"],
    ["packages/stores/src/index.ts", "stores"],
  ])("builds again after a change of %s: %s", (file, rebuilt) => {
    expect(rebuiltBy(file)).toBe(rebuilt);
  });

  test.each([
    "packages/spec/dist/openapi.json",
    "packages/mock/src/generated/operations.ts",
    "packages/mock/node_modules/fp-ts/index.js",
    "packages/client/src/retry.test.ts",
    "packages/client/src/client.test-d.ts",
    "packages/mock/README.md",
    "openapi/paths/.plans.yaml.swp",
    "openapi/paths/plans.yaml~",
    "packages/docs/guides/selling.md",
  ])("builds nothing after a change of %s", (file) => {
    expect(rebuiltBy(file)).toBeUndefined();
  });

  test.each([
    ["packages/mock/generate/sources.ts", true],
    ["packages/openapi-tools/src/document.ts", true],
    ["packages/theme/src/header.ts", true],
    ["packages/client/tsdown.config.ts", true],
    ["packages/client/src/client.ts", false],
    ["packages/theme/static/tokens.css", false],
    ["openapi/components/schemas/Plan.yaml", false],
  ])("knows whether %s is part of what builds: %s", (file, isPart) => {
    expect(isOfBuilder(file)).toBe(isPart);
  });
});
