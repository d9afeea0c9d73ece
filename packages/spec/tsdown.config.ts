import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    // In files of their own, so that a bundler leaves out what is not used.
    "validate-request": "src/validate-request.ts",
    "validate-response": "src/validate-response.ts",
    "validate-security": "src/validate-security.ts",
  },
  outDir: "dist/validators",
  platform: "neutral",
  target: "es2022",
  // The little that Ajv's code needs when it runs comes along, so that the package depends on nothing.
  deps: { onlyBundle: ["ajv", "ajv-formats", "fast-deep-equal"], dts: { neverBundle: ["@imcloud/spec"] } },
  minify: true,
  dts: { entry: "src/index.ts", generator: "oxc" },
});
