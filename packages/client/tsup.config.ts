import { defineConfig, type Options } from "tsup";

// What takes secrets out of logs, for others that write down calls of the API.
const entry = { index: "src/index.ts", redact: "src/observe/redact.ts" };

const shared: Options = {
  entry,
  platform: "neutral",
  target: "es2022",
  // Required from a package of modules, openapi-fetch's default export is one level too deep; a copy inside is not, and only
  // what we use of it comes along. Its types stay a dependency.
  noExternal: ["openapi-fetch"],
  // The document's types are part of our types, so that installing the client brings no other package of types.
  dts: { entry, resolve: ["@imcloud/spec"] },
};

export default defineConfig([
  {
    ...shared,
    format: "esm",
    // In files of their own, so that bundlers which split by file leave out the one that is not used, and openapi-fetch with it.
    entry: { ...entry, client: "src/client.ts", http: "src/http/signed-in.ts" },
    clean: true,
  },
  { ...shared, format: "cjs" },
]);
