import type { APIRoute } from "astro";
import { foundNow } from "./changed-pages.ts";
import { searchIndex } from "./search-index.ts";

/** The index of the site as a development server shows it. */
export const GET: APIRoute = async ({ url }) =>
  new Response(searchIndex(await foundNow(url.origin)), {
    headers: { "content-type": "text/javascript; charset=utf-8" },
  });
