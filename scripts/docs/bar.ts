/** The parts of the site, as each page's head leads to them. */
export const siteLinks = [
  { href: "guides/access.html", label: "Guides" },
  { href: "reference.html", label: "Reference" },
  { href: "console.html", label: "Console" },
  { href: "downloads.html", label: "Downloads" },
];

/** The bar over a page that another tool draws. The site's own pages have Starlight's. */
export function bar(current: string): string {
  const links = [...siteLinks, { href: "search.html", label: "Search" }].map(
    ({ href, label }) => `<a href="${href}"${href === current ? ' aria-current="page"' : ""}>${label}</a>`,
  );
  return `<header class="bar"><a class="bar-name" href="index.html">imcloud</a><nav aria-label="Site">${links.join("")}</nav></header>`;
}
