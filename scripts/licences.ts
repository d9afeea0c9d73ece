import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "./tool.ts";

/** Licences that let anybody use, change and sell what is under them, and ask for no more than their text. */
export const ALLOWED = new Set([
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "Python-2.0",
]);

/** Whether a licence is one of the allowed, or a choice that has one. */
export const isAllowed = (licence: string): boolean =>
  licence
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => one.split(" AND ").every((part) => ALLOWED.has(part.trim())));

const LICENCE_FILE = /^(licen[cs]e|copying|third_party_notices)/i;

/**
 * Writes the licences of what is copied into a package, as each of them asks for.
 * @param dependent the folder of the package that they are copied into
 * @throws Error when one of them has a licence that is not allowed
 */
export async function licences(dependent: string, names: string[], output: string): Promise<void> {
  const texts = await Promise.all(
    names.map(async (name) => {
      const folder = packageFile(name, "", dependent);
      const { version, license, author, homepage } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      if (!isAllowed(license))
        throw new Error(`${name} is under ${license}, which is not one of ${[...ALLOWED].join(", ")}.`);
      const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file)).sort();
      const parts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
      // Some publish no text beside their code: the name of the licence and of who gives it has to do.
      const said =
        `The package names its licence and has no text of it. ${author?.name ?? author ?? ""} ${homepage ?? ""}`.trim();
      return `${name} ${version} (${license})\n\n${parts.length ? parts.map((part) => part.trim()).join("\n\n") : said}`;
    }),
  );
  await writeFile(output, `${texts.join(`\n\n${"=".repeat(80)}\n\n`)}\n`);
}
