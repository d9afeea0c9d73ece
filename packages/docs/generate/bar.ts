import { siteLinks } from "../src/site-links.ts";

/** The bar over a page that another tool draws. The site's own pages have Starlight's. */
export function bar(current: string): string {
  const links = [...siteLinks, { href: "search.html", label: "Search" }].map(
    ({ href, label }) => `<a href="${href}"${href === current ? ' aria-current="page"' : ""}>${label}</a>`,
  );
  return `<header class="bar"><a class="bar-name" href="index.html">imcloud</a><nav aria-label="Site">${links.join("")}</nav></header>`;
}
