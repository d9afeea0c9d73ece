import { defineConfig } from "tsup";

export default defineConfig({
  // What takes secrets out of logs, for others that write down calls of the API.
  entry: { index: "src/index.ts", redact: "src/observe/redact.ts" },
  format: ["esm", "cjs"],
  platform: "neutral",
  target: "es2022",
  // Required from a package of modules, openapi-fetch's default export is one level too deep; a copy inside is not, and only
  // what we use of it comes along. Its types stay a dependency.
  noExternal: ["openapi-fetch"],
  // The document's types are part of our types, so that installing the client brings no other package of types.
  dts: { resolve: ["@imcloud/spec"] },
  clean: true,
});
