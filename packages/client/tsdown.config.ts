import { defineConfig } from "tsdown";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    http: "src/http/create-http.ts",
    redact: "src/core/secrets/redact-by-name.ts",
    validate: "src/validate/validator.ts",
  },
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  deps: {
    // Required from a package of modules, openapi-fetch's default export is one level too deep; a copy inside is not, and only
    // what we use of it comes along. Its types stay a dependency.
    alwaysBundle: ["openapi-fetch"],
    // What is not installed with the client comes along: the validators, and the document's types.
    onlyBundle: ["openapi-fetch", "@imcloud/spec", "@imcloud/options"],
    dts: { alwaysBundle: ["@imcloud/spec"], neverBundle: ["openapi-fetch"] },
  },
  // Made of each module by itself, without the compiler: a tenth of its time.
  dts: { generator: "oxc", oxc: { stripInternal: true } },
});
