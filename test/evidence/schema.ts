import { type Reference, resolve } from "@imcloud/openapi-tools/document";
import { document } from "../support/document.ts";

/** A schema of the document, as far as the evidence speaks of it. */
export interface Schema {
  type?: string;
  enum?: string[];
  "x-extensible-enum"?: string[];
  properties?: Record<string, Reference<Schema>>;
  required?: string[];
  items?: Reference<Schema>;
  additionalProperties?: Reference<Schema>;
  allOf?: Reference<Schema>[];
  anyOf?: Reference<Schema>[];
}

export const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;

/** The properties of a schema, those of its bases included. */
export function propertiesOf(node: Reference<Schema>): Record<string, Reference<Schema>> {
  const schema = resolve(document, node);
  return Object.assign({}, ...(schema.allOf ?? []).map(propertiesOf), schema.properties);
}

/** The names of the required properties of a schema, those of its bases included. */
export function requiredOf(node: Reference<Schema>): string[] {
  const schema = resolve(document, node);
  return [...(schema.required ?? []), ...(schema.allOf ?? []).flatMap(requiredOf)];
}

/** The JSON types that a value can have; empty where it can be anything. */
export function typesOf(node: Reference<Schema>): string[] {
  const schema = resolve(document, node);
  return schema.type ? [schema.type] : [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap(typesOf);
}

/** The name of the component that a reference points to. */
export const nameOf = (node: Reference<Schema> | undefined): string | undefined =>
  node && "$ref" in node ? node.$ref.replace("#/components/schemas/", "") : undefined;
