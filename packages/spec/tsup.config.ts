import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    // In files of their own, so that a bundler leaves out what is not used.
    "validate-request": "src/validate-request.ts",
    "validate-response": "src/validate-response.ts",
    "validate-security": "src/validate-security.ts",
  },
  outDir: "dist/validators",
  clean: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // The little that Ajv's code needs when it runs comes along, so that the package depends on nothing.
  noExternal: [/^ajv/, "fast-deep-equal"],
  minify: true,
  dts: { entry: { index: "src/index.ts" } },
});
