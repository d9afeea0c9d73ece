import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{openapi,packages,scripts,test}/**/*.test.ts"],
    typecheck: { enabled: true, include: ["packages/**/*.test-d.ts"] },
    globalSetup: "test/browser/unpack.ts",
    // One a core: Vitest leaves a core free otherwise, which of two is half.
    maxWorkers: availableParallelism(),
    // Properties that are tried more often, as at night, take longer.
    testTimeout: 30_000 * Number(process.env.PROPERTY_RUNS ?? 1),
    hookTimeout: 30_000,
  },
});
