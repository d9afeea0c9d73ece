import { describe, expect, test } from "vitest";
import { rebuiltBy } from "../../scripts/dev.ts";

describe("npm run dev", () => {
  test.each([
    ["openapi/components/schemas/Plan.yaml", "document"],
    ["openapi/rules/imcloud.js", "document"],
    ["packages/spec/generate/types.ts", "document"],
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
});
