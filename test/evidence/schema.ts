import { componentName, type Reference, type Schema } from "@imcloud/openapi-tools/document";
import { mergedSchema } from "@imcloud/openapi-tools/fields";
import { document } from "../support/document.ts";

export type { Schema };

const isNull = (node: Reference<Schema>) => "type" in node && node.type === "null";

/** A schema without the `null` alternative that requests take: decision 0011. */
export function nonNull(node: Reference<Schema>): Reference<Schema> {
  const [only, ...more] = ("anyOf" in node && node.anyOf?.filter((part) => !isNull(part))) || [];
  return only && !more.length ? only : node;
}

export const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;

/** The properties of a schema and of its `allOf` parts. */
export const propertiesOf = (node: Reference<Schema>): Record<string, Reference<Schema>> =>
  Object.fromEntries([...mergedSchema(document, node).properties].map(([name, { schema }]) => [name, schema]));

/** The required properties of a schema and of its `allOf` parts. */
export const requiredOf = (node: Reference<Schema>): string[] =>
  [...mergedSchema(document, node).properties].flatMap(([name, { required }]) => (required ? [name] : []));

/** The JSON types of a schema; empty where any value fits. */
export const typesOf = (node: Reference<Schema>): string[] => mergedSchema(document, node).types;

/** The name of the component that a reference points to. */
export const nameOf = (node: Reference<Schema> | undefined): string | undefined => node && componentName(nonNull(node));
