import type { Call } from "./calls/call.ts";
import { type Operation, pathNames } from "./calls/operation.ts";
import type { ListCall } from "./lists/pages.ts";
import type { RequestOptions } from "./request-options.ts";

/** Makes a method of each operation: it takes what is in the path, then the body or the query, then options for the call. */
export function createResources(operations: readonly Operation[], call: Call, list: ListCall): unknown {
  const resources: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const { id, method, path: template, hasBody, isList, isSafe, isUpdate, query: queryRules } = operation;
    const [resource = "", name = ""] = id.split("_");
    const names = pathNames(operation);
    resources[resource] ??= {};
    resources[resource][name] = (...values: unknown[]) => {
      const path = Object.fromEntries(names.map((name) => [name, values.shift() as string]));
      const body = hasBody ? values.shift() : undefined;
      const query = queryRules && (values.shift() as object | undefined);
      const input = { path, body, hasBody, query, isSafe, isUpdate, queryRules, givesObject: !isList };
      const [options] = values as [RequestOptions?];
      return isList ? list(id, method, template, input, options) : call(id, method, template, input, options);
    };
  }
  return resources;
}
