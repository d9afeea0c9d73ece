import root from "../../../package.json" with { type: "json" };

/**
 * Where the site is published, with a slash at its end: what its canonical addresses, its sitemap and its pictures for links begin with. The
 * owner sets it where it is published; the site itself works at any address, and from a folder.
 * @defaultValue the root package.json's `homepage`
 */
export const siteAddress = process.env.DOCS_ADDRESS ?? root.homepage;

/**
 * What stands before an address of the site in its Markdown: where the site is published, so that a text that was copied still leads
 * somewhere; nothing while nobody said where, so that it leads to the page beside it.
 */
export const textRoot = process.env.DOCS_ADDRESS;

/**
 * The repository on its forge, without a slash at its end: where a page is edited.
 * @defaultValue the root package.json's `repository`, or `DOCS_REPOSITORY`
 */
export const repository =
  process.env.DOCS_REPOSITORY ?? root.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");

/** Where a file of the repository is edited. */
export const editAddress = (path: string): string => `${repository}/edit/main/${path}`;
