import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { licenses } from "@imcloud/openapi-tools/licenses";
import { FONT_PACKAGE, themeFolder, writeFavicon, writeTheme } from "@imcloud/theme";
import { siteName, themeButton } from "@imcloud/theme/header";

/** The placeholder for the header. */
const HEADER = "<!-- header -->";

const header = `<div class="site-header-frame"><div class="site-header">${siteName("/", "imcloud mock")}<div class="site-tools">${themeButton}</div></div></div>`;

/**
 * Writes the mock's page, with the font, the palette and the header that all pages share.
 * @param source the folder of the page's files
 */
export async function mockPage(source: string, output: string): Promise<void> {
  await mkdir(output, { recursive: true });
  const html = await readFile(join(source, "index.html"), "utf8");
  if (!html.includes(HEADER)) throw new Error(`${source}/index.html has no place for its header: ${HEADER}`);
  await Promise.all([
    writeFile(join(output, "index.html"), html.replace(HEADER, header)),
    copyFile(join(source, "script.js"), join(output, "script.js")),
    writeTheme(output, "style.css", [join(source, "style.css")]),
    writeFavicon(output),
    licenses(themeFolder, [FONT_PACKAGE], join(output, "third-party-licenses.txt")),
  ]);
}
