import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes the version of the package in `folder` as a module, so that its code can name it wherever it runs. */
export async function version(folder: string, output: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const warning = "// Made by packages/client/generate/version.ts from package.json.";
  await writeFile(output, `${warning}\nexport const version = ${JSON.stringify(version)};\n`);
}
