import { defineConfig } from "tsdown";

export default defineConfig({
  entry: { index: "src/index.ts", profiles: "src/profiles/profiles.ts" },
  fixedExtension: false,
  platform: "node",
  target: "es2022",
  dts: true,
});
