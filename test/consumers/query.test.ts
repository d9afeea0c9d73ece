import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

const run = promisify(execFile);

let folder: string;
let tarball: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-query-"));
  await run(join(paths.tests, "node_modules/.bin/pnpm"), ["pack", "--pack-destination", folder], { cwd: paths.query });
  const file = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  tarball = new Uint8Array(await readFile(join(folder, String(file))));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("@imcloud/query, packed", () => {
  test("has nothing that publint finds", async () => {
    const { messages, pkg } = await publint({ pkgDir: "package", pack: { tarball: tarball.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  test("has the right types for every kind of import", async () => {
    const checked = await checkPackage(createPackageFromTarballData(tarball));
    expect(checked.types && "problems" in checked && checked.problems).toEqual([]);
  });

  test.each(["index.js", "index.cjs"])("%s loads the client, and nothing of TanStack Query", async (file) => {
    const source = await readFile(join(paths.query, "dist", file), "utf8");
    const loaded = [...source.matchAll(/\b(?:from|require\()\s*["']([^"']+)["']/g)].map(([, name]) => name);
    expect(loaded).toEqual(["@imcloud/client"]);
  });
});
