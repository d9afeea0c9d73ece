import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "./exec.ts";

/** Permissive licenses, which require only their text. */
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
  // For fonts, which may be part of anything that is not only a font.
  "OFL-1.1",
]);

/** Whether a license is allowed, or a choice that includes an allowed one. */
export const isAllowed = (license: string): boolean =>
  license
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((one) => one.split(" AND ").every((part) => ALLOWED.has(part.trim())));

const LICENSE_FILE = /^(licen[cs]e|copying|third_party_notices)/i;

/**
 * Writes the licenses of the packages that are bundled into a package.
 * @param dependent the folder of the package that bundles them
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
      // Without a license text, the names of the license and the author are written.
      const said =
        `The package names its license and has no text of it. ${author?.name ?? author ?? ""} ${homepage ?? ""}`.trim();
      return `${name} ${version} (${license})\n\n${parts.length ? parts.map((part) => part.trim()).join("\n\n") : said}`;
    }),
  );
  await writeFile(output, `${texts.join(`\n\n${"=".repeat(80)}\n\n`)}\n`);
}
