import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/cli.ts"],
  format: ["esm"],
  target: "node24",
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
  dts: true,
  clean: true,
});
