import { readFile } from "node:fs/promises";

/** A page of the docs. */
export interface DocsPage {
  /** Its address below the docs' own, for example `guides/seats.md`. */
  path: string;
  title: string;
  description: string;
  markdown: string;
}

/** Beside `dist`, in a package as in a clone. */
const FILE = new URL("../build/pages.json", import.meta.url);

let pages: Promise<readonly DocsPage[]> | undefined;

/**
 * The pages of the docs, which the package contains. Read on demand.
 * @throws {@link Error} in a clone whose docs were not built
 */
export function readPages(): Promise<readonly DocsPage[]> {
  pages ??= readFile(FILE, "utf8")
    .then((text) => JSON.parse(text) as DocsPage[])
    .catch(() => {
      pages = undefined;
      throw new Error("The docs are not part of this build. In a clone, npm run build makes them.");
    });
  return pages;
}
