import { checkSearch } from "../core/calls/check-query.ts";
import type { FindOperation } from "../core/calls/operation.ts";
import type { Identify } from "./pipelined-http.ts";

/**
 * Makes a function that finds the operation of a call in the document and checks its query.
 * @throws {@link TypeError} for a query that the document does not have
 */
export const createIdentify =
  (find: FindOperation): Identify =>
  ({ method, path, url }) => {
    const operation = find(method, path)?.operation;
    if (!operation) return { operation: `${method} ${path}`, template: path, isSafe: method === "GET" };
    const { id, path: template, isSafe = method === "GET", query = {} } = operation;
    checkSearch(id, query, url);
    return { operation: id, template, isSafe };
  };
