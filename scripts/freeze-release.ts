import { constants, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Document } from "@imcloud/openapi-tools/document";
import { build } from "./build.ts";
import { main, takeNoArguments } from "./log.ts";
import { paths } from "./paths.ts";

/** Tests that use public interfaces only, and that all later versions have to pass. */
const TESTS = ["test/contract/operations.test.ts", "test/mock/flows.test.ts"];

/** Replaces support code in the frozen tests: they have a document of their own, and record no coverage. */
const REPLACEMENTS: Record<string, string> = {
  "test/support/document-file.ts": `/** The document of this release. */
export const documentFile = new URL("../../openapi.json", import.meta.url);
`,
  "test/coverage/record.ts": `/** Frozen tests record no coverage. */
export const recordCall = (..._call: unknown[]): void => {};
`,
};

const IMPORT = /(\bfrom ")([^"]+)(")/g;

/**
 * Copies tests with every repository file that they import, so that later changes do not reach them.
 * They import packages by name, and so test the current ones.
 */
export async function freezeTests(tests: string[], folder: string): Promise<void> {
  const files = new Set(tests);
  for (const file of files) {
    const source = REPLACEMENTS[file] ?? (await readFile(join(paths.root, file), "utf8"));
    const frozen = source.replace(IMPORT, (whole, before, specifier: string, after) => {
      const isTool = specifier.startsWith("@imcloud/openapi-tools/");
      if (!isTool && !specifier.startsWith(".")) return whole;
      const target = isTool
        ? relative(paths.root, fileURLToPath(import.meta.resolve(specifier)))
        : join(dirname(file), specifier);
      files.add(target);
      const path = relative(dirname(file), target);
      return `${before}${path.startsWith(".") ? path : `./${path}`}${after}`;
    });
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), frozen);
  }
}

const readJson = async (file: string) => JSON.parse(await readFile(file, "utf8"));

/**
 * Writes the document into `openapi/releases`, where it is never changed.
 * @throws {@link Error} when its version is already released
 */
async function freezeDocument({ info }: Document): Promise<string> {
  const file = join(paths.releases, `${info.version}.yaml`);
  try {
    await copyFile(join(paths.spec, "openapi.yaml"), file, constants.COPYFILE_EXCL);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new Error(`${info.version} is already released. Raise info.version in openapi/openapi.yaml.`, { cause });
  }
  return file;
}

/** Freezes the document and the tests that later versions are checked with. */
async function freezeRelease(): Promise<void> {
  await build();
  const document: Document = await readJson(join(paths.spec, "openapi.json"));
  const { version } = await readJson(join(paths.client, "package.json"));
  const folder = join(paths.releasedTests, version);
  const file = await freezeDocument(document);
  await rm(folder, { recursive: true, force: true });
  await freezeTests(TESTS, folder);
  await writeFile(join(folder, "openapi.json"), `${JSON.stringify(document)}\n`);
  for (const frozen of [file, folder]) console.log(`Froze ${frozen}. Commit it.`);
}

if (import.meta.main) {
  main(async () => {
    takeNoArguments();
    await freezeRelease();
  });
}
