import { defineRouteMiddleware } from "@astrojs/starlight/route-data";

/** A page without headings has nothing to list but itself. */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const { starlightRoute } = locals;
  if ((starlightRoute.toc?.items.length ?? 0) < 2) starlightRoute.toc = undefined;
});
