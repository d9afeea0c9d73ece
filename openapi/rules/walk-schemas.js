import { subschemasOf } from "@imcloud/openapi-tools/schema-walker";

/** Walking schemas, as the linter sees them: over many files. */

export const isRef = (node) => node !== null && typeof node === "object" && "$ref" in node;

const isNull = (schema) => schema.type === "null";

/** A reference, or `null` in its place. */
export const isNullableRef = (schema) =>
  schema.anyOf?.length === 2 && schema.anyOf.some(isRef) && schema.anyOf.some(isNull);

/** Whether a value can be `null`; a schema that says no type takes anything. */
export const takesNull = (schema) =>
  !isRef(schema) && (schema.anyOf ? schema.anyOf.some(isNull) : !schema.type || [schema.type].flat().includes("null"));

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
