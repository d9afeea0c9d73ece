const measured = {
  path: "dist/index.js",
  gzip: true,
  ignore: ["@imcloud/client"],
  modifyEsbuildConfig: (config) => ({ ...config, format: "esm" }),
};

export default [
  { ...measured, name: "every operation", limit: "3 kB" },
  { ...measured, name: "customers alone", import: "{ customers }", limit: "2 kB" },
];
