import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "./exec.ts";

/** Licenses that let anybody use, change and sell what is under them, and ask for no more than their text. */
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
  // Of fonts: they may be part of anything that is not a font alone.
  "OFL-1.1",
]);

/** Whether a license is one of the allowed, or a choice that has one. */
export const isAllowed = (license: string): boolean =>
  license
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => one.split(" AND ").every((part) => ALLOWED.has(part.trim())));

const LICENSE_FILE = /^(licen[cs]e|copying|third_party_notices)/i;

/**
 * Writes the licenses of what is copied into a package, as each of them asks for.
 * @param dependent the folder of the package that they are copied into
 * @throws {@link Error} when one of them has a license that is not allowed
 */
export const licenses = (dependent: string, names: string[], output: string): Promise<void> =>
  licensesOf(
    names.map((name) => packageFile(name, "", dependent)),
    output,
  );

/**
 * Writes the licenses of packages by their folders.
 * @throws {@link Error} when one of them has a license that is not allowed
 */
export async function licensesOf(folders: string[], output: string): Promise<void> {
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const { name, version, license, author, homepage } = manifest;
      if (!isAllowed(license))
        throw new Error(`${name} is under ${license}, which is not one of ${[...ALLOWED].join(", ")}.`);
      const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
      const parts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
      // Some packages publish no license text: then the name of the license and of its author is written.
      const said =
        `The package names its license and has no text of it. ${author?.name ?? author ?? ""} ${homepage ?? ""}`.trim();
      return `${name} ${version} (${license})\n\n${parts.length ? parts.map((part) => part.trim()).join("\n\n") : said}`;
    }),
  );
  await writeFile(output, `${texts.join(`\n\n${"=".repeat(80)}\n\n`)}\n`);
}
