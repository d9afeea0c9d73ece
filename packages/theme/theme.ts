import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile } from "@imcloud/openapi-tools/exec";

const here = fileURLToPath(new URL(".", import.meta.url));
const at = (name: string) => join(here, "static", name);

/** What every page has, in the order in which the styles build on each other. */
const STYLES = ["font.css", "tokens.css", "header.css"];

/** Which package the font is of, whose license goes with it. */
export const FONT_PACKAGE = "@fontsource-variable/inter";

/** The folder of this package, which depends on the font. */
export const themeFolder = here;

/**
 * Writes what all pages share into a folder: the font, `theme.js`, and one style sheet of font, palette, header and what is given.
 * @param name of the style sheet
 * @param more style sheets that build on the shared ones, by their files
 */
export async function writeTheme(folder: string, name: string, more: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const styles = await Promise.all([...STYLES.map(at), ...more].map((file) => readFile(file, "utf8")));
  await Promise.all([
    writeFile(join(folder, name), styles.join("\n")),
    copyFile(packageFile(FONT_PACKAGE, "files/inter-latin-wght-normal.woff2", here), join(folder, "inter.woff2")),
    copyFile(at("theme.js"), join(folder, "theme.js")),
  ]);
}

/** Writes the icon that a browser's tab shows. */
export const writeFavicon = (folder: string): Promise<void> => copyFile(at("favicon.svg"), join(folder, "favicon.svg"));
