const inOneFile = (config) => ({ ...config, format: "esm" });

/**
 * Leaves out what is loaded only when it is asked for: jobs, `http`, logging, tracing, `validate`; and, with the first call, signing
 * in by password or at an OAuth 2 server.
 */
const withoutLazyCode = (config) => ({
  ...inOneFile(config),
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
  {
    ...measured,
    name: "http with sign-in, openapi-fetch included, as it is loaded",
    import: "{ createHttp }",
    limit: "4 kB",
  },
  {
    ...measured,
    name: "openapi-fetch alone",
    path: "node_modules/openapi-fetch/dist/index.mjs",
    import: "createClient",
    limit: "2.7 kB",
  },
  {
    ...measured,
    name: "http with every way to sign in, in one file",
    import: "{ createHttp }",
    limit: "6.2 kB",
    modifyEsbuildConfig: inOneFile,
  },
  {
    ...measured,
    name: "everything in one file",
    import: "{ createClient }",
    limit: "26 kB",
    modifyEsbuildConfig: inOneFile,
  },
];
