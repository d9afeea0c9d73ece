import { siteHeader } from "../src/site-header.ts";

/** The site's header over a page that another tool draws. */
export const headerOverPage = (page: string): string =>
  `<header class="site-header-frame">${siteHeader({ page, root: "" })}</header>`;
