import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    cli: "src/cli/cli.ts",
    // For any runtime: what these two load has nothing of Node and nothing of Prism.
    sandbox: "src/sandbox/index.ts",
    msw: "src/msw/handlers.ts",
  },
  format: ["esm"],
  target: "es2022",
  // Node takes JSON only as what the import says that it is; older syntax has no word for it.
  esbuildOptions: (options) => {
    options.supported = { ...options.supported, "import-attributes": true };
  },
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  dts: true,
  clean: true,
});
