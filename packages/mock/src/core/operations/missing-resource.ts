import { matchPath, type Route } from "../document/router.ts";
import type { ApiResponse } from "../messages/responses.ts";
import type { Performer } from "./perform.ts";

/**
 * The error for a path with an id that does not exist: the same as that of the resource's GET. `undefined`
 * if all exist.
 * @param path the request's path, below the base URL
 */
export function missingThing(route: Pick<Route, "path">, path: string, performer: Performer): ApiResponse | undefined {
  const parts = path.split("/");
  for (const [at, segment] of route.path.split("/").entries()) {
    if (!segment.startsWith("{")) continue;
    const get = matchPath("GET", parts.slice(0, at + 1).join("/"));
    if (get.kind !== "match") continue;
    const call = { path, params: get.parameters, query: {}, body: undefined, orderStop: undefined, note: () => {} };
    const response = performer.perform(get.value.id, call);
    if (response.statusCode === 404) return response;
  }
  return undefined;
}
