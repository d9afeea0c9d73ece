import { icon, siteName, themeButton } from "@imcloud/theme/header";
import { searchMarkup } from "./search/markup.ts";
import { siteLinks } from "./site-links.ts";

export interface SiteHeaderOptions {
  /** The page that is shown, as a file below the site's root. */
  page: string;
  /** What stands before an address of the site. */
  root: string;
  /** The id of the menu that a narrow page opens. Without one, the header brings a menu of its own. */
  menuId?: string;
}

const magnifier = icon('<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>');
const menu = [
  icon('<path d="M4 7h16M4 12h16M4 17h16"/>', 'data-for="closed"'),
  icon('<path d="m6 6 12 12M18 6 6 18"/>', 'data-for="open"'),
];

/** The links to the parts of the site. The part that the page belongs to is the current one. */
export function siteLinksHtml({ page, root }: Pick<SiteHeaderOptions, "page" | "root">): string {
  return siteLinks
    .map(({ href, label, section }) => {
      const current = href === page ? ' aria-current="page"' : section?.test(page) ? ' aria-current="true"' : "";
      return `<a href="${root}${href}"${current}>${label}</a>`;
    })
    .join("");
}

/** The search over a page. It is there from the beginning, so that no key that follows Ctrl-K is lost. */
const searchDialog = (root: string) =>
  `<dialog class="search-dialog" aria-label="Search">${searchMarkup("search-in-dialog", `${root}search.html`, false)}
<p class="search-keys" aria-hidden="true"><span><kbd>↑</kbd><kbd>↓</kbd> to choose</span><span><kbd>Enter</kbd> to open</span><span><kbd>Esc</kbd> to close</span></p>
<form class="search-close" method="dialog"><button aria-label="Esc: close the search">Esc</button></form></dialog>`;

/** What stands in the header of every page: the site's name and parts, search, theme and, on narrow pages, the menu. */
export function siteHeader({ page, root, menuId }: SiteHeaderOptions): string {
  const ownMenu = `<div class="site-menu site-popover" id="site-menu" popover><nav class="site-menu-links" aria-label="Menu">${siteLinksHtml({ page, root })}</nav></div>`;
  return [
    '<div class="site-header">',
    // For programs that read one page and want the others. It costs who goes by the keyboard no step.
    `<a class="site-index site-hidden" tabindex="-1" href="${root}llms.txt">For language models: all pages as Markdown, in llms.txt</a>`,
    siteName(`${root}index.html`, "imcloud"),
    `<nav class="site-nav" aria-label="Site">${siteLinksHtml({ page, root })}</nav>`,
    '<div class="site-tools">',
    `<a class="site-tool site-search" href="${root}search.html" aria-keyshortcuts="Control+K Meta+K">${magnifier}<span>Search</span><kbd aria-hidden="true">Ctrl K</kbd></a>`,
    themeButton,
    `<button class="site-tool site-menu-button" type="button" popovertarget="${menuId ?? "site-menu"}" aria-label="Menu">${menu.join("")}</button>`,
    "</div>",
    "</div>",
    menuId ? "" : ownMenu,
    searchDialog(root),
  ].join("");
}
