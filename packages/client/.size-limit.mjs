/** Leaves out what is loaded only when it is asked for: jobs, `http`, logging, tracing, `validate`. */
const withoutLazyCode = (config) => ({
  ...config,
  format: "esm",
  plugins: [
    {
      name: "without-lazy-code",
      setup(build) {
        build.onResolve({ filter: /./ }, ({ kind, path }) =>
          kind === "dynamic-import" ? { path, external: true } : undefined,
        );
      },
    },
  ],
});

const measured = { path: "dist/index.js", gzip: true, modifyEsbuildConfig: withoutLazyCode };

export default [
  { ...measured, name: "the whole client, as it is loaded", import: "{ createClient }", limit: "7 kB" },
  { ...measured, name: "http with sign-in, openapi-fetch included", import: "{ createHttp }", limit: "5.2 kB" },
  {
    ...measured,
    name: "openapi-fetch alone",
    path: "node_modules/openapi-fetch/dist/index.mjs",
    import: "createClient",
    limit: "2.7 kB",
  },
  {
    ...measured,
    name: "everything in one file",
    import: "{ createClient }",
    limit: "26 kB",
    modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }),
  },
];
