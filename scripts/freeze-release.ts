import { constants, copyFile, cp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { build } from "./build.ts";
import { main } from "./log.ts";
import { paths } from "./paths.ts";

/** Tests that use nothing but what is public: the next version has to pass them too. */
const TESTS = ["test/contract", "test/document.ts", "test/sandbox/flows.test.ts", "test/sandbox/sandbox.ts"];

/** Keeps the document for good, which is never changed after. */
async function keepDocument(): Promise<string> {
  const { info }: Document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  const file = join(paths.releases, `${info.version}.yaml`);
  try {
    await copyFile(join(paths.spec, "openapi.yaml"), file, constants.COPYFILE_EXCL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new Error(`${info.version} is released already. Raise info.version in openapi/openapi.yaml.`, { cause });
  }
  return file;
}

/** Keeps the tests in place of those of the release before. */
async function keepTests(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(paths.client, "package.json"), "utf8"));
  const folder = join(paths.releasedTests, version);
  await rm(paths.releasedTests, { recursive: true, force: true });
  for (const path of TESTS) await cp(join(paths.root, path), join(folder, path), { recursive: true });
  return folder;
}

/** Keeps what the next version is held against: the document, and the tests of client and mock. */
main(async () => {
  await build();
  for (const kept of [await keepDocument(), await keepTests()]) console.log(`Kept ${kept}. Commit it.`);
});
