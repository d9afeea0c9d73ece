import { getCollection } from "astro:content";
import { defineRouteMiddleware } from "@astrojs/starlight/route-data";
import { menuAround } from "./menu.ts";

export const onRequest = defineRouteMiddleware(async ({ locals }) => {
  const { starlightRoute } = locals;
  Object.assign(starlightRoute, menuAround(starlightRoute, await getCollection("docs")));
  // A page without headings has nothing to list but itself.
  if ((starlightRoute.toc?.items.length ?? 0) < 2) starlightRoute.toc = undefined;
});
