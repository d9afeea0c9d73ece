const measured = {
  path: "dist/index.js",
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }),
};

export default [
  { ...measured, name: "the whole client, in one file", import: "{ createClient }", limit: "37.7 kB" },
  {
    ...measured,
    name: "/http, openapi-fetch included",
    path: "dist/http.js",
    import: "{ createHttp }",
    limit: "14.1 kB",
  },
  {
    ...measured,
    name: "openapi-fetch alone",
    path: "node_modules/openapi-fetch/dist/index.mjs",
    import: "createClient",
    limit: "2.7 kB",
  },
];
