/** The parts of the site, as each page's head leads to them. */
export const siteLinks = [
  { href: "guides/access.html", label: "Guides" },
  { href: "reference.html", label: "Reference" },
  { href: "console.html", label: "Console" },
  { href: "downloads.html", label: "Downloads" },
];
