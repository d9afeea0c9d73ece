import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    http: "src/http/create-http.ts",
    redact: "src/core/redact.ts",
    validate: "src/validate/validator.ts",
  },
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  // The entries share one copy of the error classes, also where they are required.
  splitting: true,
  // Required from a package of modules, openapi-fetch's default export is one level too deep; a copy inside is not, and only
  // what we use of it comes along. Its types stay a dependency.
  noExternal: ["openapi-fetch"],
  // The document's types are part of our types, so that installing the client brings no other package of types.
  dts: { resolve: ["@imcloud/spec"] },
  clean: true,
});
