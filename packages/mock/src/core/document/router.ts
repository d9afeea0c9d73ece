import { createPathMatcher, type PathMatch } from "@imcloud/openapi-tools/path-matcher";
import { operations } from "../../generated/operations.ts";

/** An operation of the document, as the router needs it. */
export interface Operation {
  /** Its `operationId`. */
  id: string;
  /** Its path template, such as `/orders/{id}`. */
  path: string;
  /** The names of its query parameters. */
  queryNames: ReadonlySet<string>;
  /** The names of its integer query parameters. */
  integerNames: readonly string[];
}

/** A request's operation, with the values of the path's parameters. */
export interface Route extends Operation {
  params: Readonly<Record<string, string>>;
}

/** The ids of all operations of the document. */
export const operationIds: ReadonlySet<string> = new Set(operations.map(({ id }) => id));

const matcher = createPathMatcher<Operation>(
  operations.map(({ id, method, path, queryNames, integerNames }) => ({
    ...{ method, path },
    value: { id, path, queryNames: new Set(queryNames), integerNames },
  })),
);

/**
 * Finds the operation of a method and a path.
 * @param path below the base URL, percent-encoded
 */
export const matchPath = (method: string, path: string): PathMatch<Operation> => matcher.match(method, path);
