import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { WAIT } from "./test/support/wait.ts";

/** What looks at the built pages of docs and example. */
const PAGES = [
  "test/{browser,example}/**/*.test.ts",
  "test/docs/{downloads,search}.test.ts",
  "test/mcp/{docs,tasks}.test.ts",
  "test/security/{docs-server,secrets}.test.ts",
];

/** Beside their module, but they serve or start something: sockets, processes, the linter, a whole mock. */
const BEYOND_UNITS = [
  "openapi/rules/*.test.ts",
  "packages/cli/src/*.test.ts",
  "packages/client/src/sockets.test.ts",
  "packages/mock/src/persistence/journal.test.ts",
];

export default defineConfig({
  // Node itself resolves packages: without `module`, the entries of bundlers.
  ssr: { resolve: { conditions: ["node"] } },
  test: {
    // One a core: Vitest leaves a core free otherwise, which of two is half.
    maxWorkers: availableParallelism(),
    // Files of a worker share what they import: the mock takes half a second to load. So nothing that tests share may keep hooks at its
    // top (`onTestFinished` instead), and what a test changes of the process it puts back.
    isolate: false,
    // Young objects get 32 MB, not what Node starts with and grows to 16, so that fewer are copied before they are garbage; and one thread
    // collects, as each core has a worker already, and helpers would only take turns with it.
    execArgv: ["--min-semi-space-size=32", "--max-semi-space-size=32", "--single-threaded-gc"],
    // Node reads TypeScript itself, so that Vite need not transform each file for each project. It mocks no modules: tests that need one
    // to be missing use `registerHooks` of `node:module`.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // What hangs ends; on a busy machine some tests took 30 seconds. Properties that are tried more often, as at night, take longer.
    testTimeout: 120_000 * Number(process.env.PROPERTY_RUNS ?? 1),
    hookTimeout: 120_000,
    expect: { poll: { timeout: WAIT } },
    projects: [
      // Tests of one module, beside it. Types are tested by the compiler: `*.test-d.ts` are part of `npm run lint`.
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{openapi,packages,scripts}/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...BEYOND_UNITS],
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/**/*.test.ts", ...BEYOND_UNITS],
          exclude: ["**/node_modules/**", "test/consumers/apps/**", ...PAGES],
          globalSetup: ["test/support/unpack-browser.ts", "test/support/share-postgres.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          include: PAGES,
          globalSetup: ["test/support/unpack-browser.ts", "test/support/build-pages.ts"],
        },
      },
    ],
  },
});
