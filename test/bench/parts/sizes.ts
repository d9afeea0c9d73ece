import { gzipSync } from "node:zlib";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { build } from "esbuild";
import { paths } from "../../../scripts/paths.ts";
import { operations } from "../../support/document.ts";
import { outputOf } from "../children.ts";
import { exactRow, type Part } from "../measure.ts";
import { folder, heyName, prepareHey } from "../peers.ts";

const openapiFetch = packageFile("openapi-fetch", "dist/index.mjs", paths.client);
const auth = 'headers: { authorization: "Bearer t" }';

const filled = (path: string) => path.replaceAll(/\{\w+\}/g, "1");

/** How each contender is set up, and how it calls an operation. Ids in paths are `1`. */
const users: Record<string, { setUp: string; call(operation: (typeof operations)[number]): string }> = {
  imcloud: {
    setUp: `import { createClient } from "@imcloud/client"; const client = createClient({ baseUrl: "/", marketplace: "se", auth: { username: "a", password: "b" } });`,
    call: ({ resource, name }) => `client.${resource}.${name}("1", {})`,
  },
  "openapi-fetch": {
    setUp: `import createClient from ${JSON.stringify(openapiFetch)}; const client = createClient({ baseUrl: "/", ${auth} });`,
    call: ({ method, path }) =>
      `client.${method.toUpperCase()}(${JSON.stringify(path)}, { params: { path: { id: "1" } } })`,
  },
  "hey-api": {
    setUp: `import * as sdk from "./build/hey/sdk.gen.ts"; import { client } from "./build/hey/client.gen.ts"; client.setConfig({ baseUrl: "/", ${auth} });`,
    call: ({ id }) => `sdk.${heyName(id)}({ path: { id: "1" } })`,
  },
  ky: {
    setUp: `import ky from "ky"; const client = ky.create({ ${auth} });`,
    call: ({ method, path }) => `client.${method}(${JSON.stringify(filled(path))}).json()`,
  },
  ofetch: {
    setUp: `import { ofetch } from "ofetch"; const client = ofetch.create({ ${auth} });`,
    call: ({ method, path }) => `client(${JSON.stringify(filled(path))}, { method: "${method}" })`,
  },
  axios: {
    setUp: `import axios from "axios"; const client = axios.create({ ${auth} });`,
    call: ({ method, path }) => `client.${method}(${JSON.stringify(filled(path))})`,
  },
};

/** The kilobytes of a program for browsers, minified and gzipped: in all, and loaded at its start. */
async function sizeOf(contents: string): Promise<{ all: number; start: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: "out",
    format: "esm",
    platform: "browser",
    logLevel: "error",
  });
  const size = (files: typeof outputFiles) =>
    files.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0) / 1000;
  // Follows static imports, not dynamic ones.
  const first = new Set<string>();
  const visit = (file: string) => {
    if (first.has(file)) return;
    first.add(file);
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) if (kind === "import-statement") visit(path);
  };
  visit("out/stdin.js");
  return {
    all: size(outputFiles),
    start: size(outputFiles.filter(({ path }) => [...first].some((file) => path.endsWith(file)))),
  };
}

/** The size of each contender in a program for browsers, for one operation and for all. */
export async function sizes(): Promise<Part> {
  await prepareHey();
  const rows: Part["rows"] = [];
  for (const [who, { setUp, call }] of Object.entries(users)) {
    const program = (those: typeof operations) =>
      `${setUp}\n${those.map((operation) => `console.log(await ${call(operation)});`).join("\n")}`;
    const [one, all] = [await sizeOf(program(operations.slice(1, 2))), await sizeOf(program(operations))];
    rows.push(exactRow("one operation, at the start", who, "kB gzipped", one.start));
    rows.push(exactRow("all operations, at the start", who, "kB gzipped", all.start));
    rows.push(exactRow("all operations, everything that can be loaded", who, "kB gzipped", all.all));
  }
  return { rows, budgets: await limits() };
}

/** The limits of the client's package.json, which `npm test` checks too. */
async function limits(): Promise<Part["budgets"]> {
  const args = [packageFile("size-limit", "bin.js"), "--json"];
  const stdout = await outputOf(args, { cwd: paths.client });
  const measured: { name: string; size: number; sizeLimit: number }[] = JSON.parse(stdout);
  return measured.map(({ name, size, sizeLimit }) => ({
    name: `${name}, against its limit`,
    ratio: size / sizeLimit,
    limit: 1,
    is: "at most",
  }));
}
