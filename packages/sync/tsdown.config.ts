import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts" },
  fixedExtension: false,
  platform: "node",
  target: "es2022",
  // Made of each module by itself, without the compiler: a tenth of its time.
  dts: { generator: "oxc" },
});
