import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  // The document's types are part of our types, so that installing the client brings no other package of types.
  dts: { resolve: ["@imcloud/spec"] },
  clean: true,
});
