import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { cli: "src/cli.ts", index: "src/index.ts" },
  format: ["esm"],
  platform: "node",
  fixedExtension: false,
  target: "es2022",
  dts: true,
});
