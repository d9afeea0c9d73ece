import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

const run = promisify(execFile);
const built = (file: string) => readFileSync(`${paths.client}/dist/${file}`, "utf8");
const { dependencies } = JSON.parse(readFileSync(`${paths.client}/package.json`, "utf8"));

const USE = `
const imcloud = createClient({ baseUrl: endpoints.eu, marketplace: "se", auth: { username: "a", password: "b" } });
console.log(typeof imcloud.orders.create, new NotFoundError("No order was found", { status: 404 }).name);
`;

test.each([
  ["imported", "module", 'import { createClient, endpoints, NotFoundError } from "@imcloud/client";'],
  ["required", "commonjs", 'const { createClient, endpoints, NotFoundError } = require("@imcloud/client");'],
])("@imcloud/client can be %s", async (_how, type, load) => {
  const { stdout } = await run(process.execPath, [`--input-type=${type}`, "--eval", load + USE], { cwd: paths.root });
  expect(stdout).toBe("function NotFoundError\n");
});

test.each(["index.js", "index.cjs", "http.js", "http.cjs", "validate.js", "validate.cjs"])(
  "%s imports its own chunks alone, and none dynamically",
  (file) => {
    // Ajv's runtime contains `require` in template strings, for generated code.
    expect(built(file)).not.toMatch(/^\s*import\s*["'][^.]|\bfrom\s*["'][^.]|(?<!`)\brequire\(["'][^.]|\bimport\(/m);
    expect(Object.keys(dependencies)).toEqual(["openapi-fetch"]);
  },
);

test.each(["index.d.ts", "index.d.cts"])("%s imports no other @imcloud package", (file) => {
  expect(built(file)).not.toContain("@imcloud/spec");
  expect(built(file)).toContain("Place an order");
});
