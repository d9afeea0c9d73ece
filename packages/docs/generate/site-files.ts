import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { build } from "esbuild";
import { paths } from "./paths.ts";

const FONT = packageFile("@fontsource-variable/inter", "files/inter-latin-wght-normal.woff2", paths.package);

/** The styles of what every page has, in the order in which they build on each other. */
const STYLES = ["tokens.css", "header.css", "search.css"];

/** Writes what all pages share, whoever draws them, beside the scripts in `static/site`: font, styles, search. */
export async function siteFiles(folder: string): Promise<void> {
  const styles = await Promise.all(STYLES.map((name) => readFile(join(paths.styles, name), "utf8")));
  await Promise.all([
    copyFile(FONT, join(folder, "inter.woff2")),
    writeFile(join(folder, "site.css"), styles.join("\n")),
    build({
      entryPoints: [paths.searchScript],
      outfile: join(folder, "search.js"),
      bundle: true,
      format: "iife",
      minify: true,
    }),
  ]);
}
