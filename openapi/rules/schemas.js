import { subschemasOf } from "@imcloud/openapi-tools/schema-walker";

/** Walking schemas, as the linter sees them: over many files. */

export const isRef = (node) => node !== null && typeof node === "object" && "$ref" in node;

/** Calls `visit` once for every schema that can be reached from `schema`, through references. */
export function eachSchema(schema, location, resolve, visit, seen = new Set()) {
  const target = isRef(schema) ? resolve(schema, location.source.absoluteRef) : { node: schema, location };
  if (!target.node || typeof target.node !== "object" || seen.has(target.node)) return;
  seen.add(target.node);
  visit(target.node, target.location);
  for (const { path, schema: inner } of subschemasOf(target.node)) {
    eachSchema(inner, target.location.child(path), resolve, visit, seen);
  }
}
