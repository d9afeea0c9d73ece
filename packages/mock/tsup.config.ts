import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", cli: "src/cli/cli.ts" },
  format: ["esm"],
  target: "node24",
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  dts: true,
  clean: true,
});
