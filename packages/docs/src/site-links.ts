/** A part of the site, as each page's header leads to it. */
export interface SiteLink {
  href: string;
  label: string;
  /** What the addresses of its pages begin with, where they are more than the one that it leads to. */
  section?: RegExp;
}

/** The parts of the site. */
export const siteLinks: SiteLink[] = [
  { href: "guides/access.html", label: "Guides", section: /^guides\// },
  { href: "operations.html", label: "API reference", section: /^(?:operations|objects|errors)(?:\/|\.)/ },
  { href: "reference.html", label: "All on one page" },
  { href: "downloads.html", label: "Downloads" },
  { href: "changelog.html", label: "Changelog" },
];
