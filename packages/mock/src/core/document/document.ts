import { bodies } from "../../generated/bodies.ts";
import { schemas } from "../../generated/schemas.ts";

/** The keywords of a schema that the mock reads. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: unknown;
}

const components = schemas as Readonly<Record<string, Schema>>;

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/** The schema that a reference names, or the schema itself. */
export function resolveSchema(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : resolveSchema(components[nameOf(schema.$ref)] ?? {});
}

/** A component schema by its name. */
export const schemaNamed = (name: string): Schema => components[name] ?? {};

/** The JSON schema of each operation's body, by the operation's id. */
export const bodySchemas: ReadonlyMap<string, Schema> = new Map(Object.entries(bodies as Record<string, Schema>));
