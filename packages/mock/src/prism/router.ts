import type { IHttpOperation } from "@stoplight/types";
import { operationIdOf } from "./operation-id.ts";

/** An operation that a request is for. */
export interface Match {
  operation: IHttpOperation;
  /** The operation's id in the document. */
  id: string;
  /** The values of the path's parameters, by their names. */
  params: Readonly<Record<string, string>>;
  /** Names of the query parameters that the operation knows. */
  queryNames: ReadonlySet<string>;
}

type Segment = { fixed: string } | { parameter: string };

interface Route {
  segments: readonly Segment[];
  byMethod: ReadonlyMap<string, Omit<Match, "params">>;
}

const PLACEHOLDER = /^\{(\w+)\}$/;

function segmentOf(text: string): Segment {
  const parameter = PLACEHOLDER.exec(text)?.[1];
  return parameter === undefined ? { fixed: text } : { parameter };
}

const isFixed = ({ segments }: Route) => segments.every((segment) => "fixed" in segment);

/** The values of a route's parameters in a path; `undefined` when it is another path. */
function paramsIn({ segments }: Route, parts: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const part = parts[at] as string;
    if ("fixed" in segment ? segment.fixed !== part : part === "") return undefined;
    if ("parameter" in segment) params[segment.parameter] = decodeURIComponent(part);
  }
  return params;
}

/** Finds operations by method and path; a fixed path goes before one with parameters. */
export class Router {
  readonly #fixed = new Map<string, Route>();
  readonly #open: Route[] = [];

  constructor(operations: readonly IHttpOperation[]) {
    for (const [path, all] of Map.groupBy(operations, ({ path }) => path)) {
      const byMethod = new Map(
        all.map((operation) => [
          operation.method.toUpperCase(),
          {
            operation,
            id: operationIdOf(operation),
            queryNames: new Set(operation.request?.query?.map(({ name }) => name)),
          },
        ]),
      );
      const route = { segments: path.split("/").map(segmentOf), byMethod };
      if (isFixed(route)) this.#fixed.set(path, route);
      else this.#open.push(route);
    }
  }

  /** The operation; `"method"` where the path has others only, `"path"` where there is no such path. */
  find(method: string, path: string): Match | "method" | "path" {
    const fixed = this.#fixed.get(path);
    if (fixed) return this.#of(fixed, method, {});
    const parts = path.split("/");
    for (const route of this.#open) {
      const params = paramsIn(route, parts);
      if (params) return this.#of(route, method, params);
    }
    return "path";
  }

  #of({ byMethod }: Route, method: string, params: Match["params"]): Match | "method" {
    const operation = byMethod.get(method);
    return operation ? { ...operation, params } : "method";
  }
}
