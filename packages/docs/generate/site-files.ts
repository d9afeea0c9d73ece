import { join } from "node:path";
import { writeTheme } from "@imcloud/theme";
import { build } from "esbuild";
import { paths } from "./paths.ts";

/** Writes what all pages share, whoever draws them, beside the scripts in `static/site`: font, styles, theme, search. */
export async function siteFiles(folder: string): Promise<void> {
  await Promise.all([
    writeTheme(folder, "site.css", [join(paths.styles, "search.css")]),
    build({
      entryPoints: [paths.searchScript],
      outfile: join(folder, "search.js"),
      bundle: true,
      format: "iife",
      minify: true,
    }),
  ]);
}
