import type { IHttpOperation } from "@stoplight/types";

/** An operation with the value of its path's parameter. */
export interface Match {
  operation: IHttpOperation;
  /** Empty where the path has no parameter. */
  id: string;
}

const PLACEHOLDER = /^\{\w+\}$/;

interface Route {
  segments: readonly string[];
  idAt: number;
  byMethod: ReadonlyMap<string, IHttpOperation>;
}

/** Finds operations by method and path; a fixed path goes before one with a parameter. */
export class Router {
  readonly #fixed = new Map<string, Route>();
  readonly #open: Route[] = [];

  constructor(operations: readonly IHttpOperation[]) {
    for (const [path, all] of Map.groupBy(operations, ({ path }) => path)) {
      const segments = path.split("/");
      const idAt = segments.findIndex((segment) => PLACEHOLDER.test(segment));
      const route = { segments, idAt, byMethod: new Map(all.map((operation) => [operation.method, operation])) };
      if (idAt < 0) this.#fixed.set(path, route);
      else this.#open.push(route);
    }
  }

  /** The operation; `"method"` where the path has others only, `"path"` where there is no such path. */
  find(method: string, path: string): Match | "method" | "path" {
    const fixed = this.#fixed.get(path);
    const segments = fixed ? [] : path.split("/");
    const route =
      fixed ??
      this.#open.find(
        (open) =>
          open.segments.length === segments.length &&
          open.segments.every((segment, at) => (at === open.idAt ? segments[at] !== "" : segment === segments[at])),
      );
    if (!route) return "path";
    const operation = route.byMethod.get(method);
    if (!operation) return "method";
    return { operation, id: route.idAt < 0 ? "" : decodeURIComponent(segments[route.idAt] ?? "") };
  }
}
