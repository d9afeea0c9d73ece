import { siteHeader } from "../src/site-header.ts";

/** The site's header over a page that another tool draws. */
export const bar = (page: string): string =>
  `<header class="site-header-frame">${siteHeader({ page, root: "" })}</header>`;
