import document from "@imcloud/spec/openapi.json" with { type: "json" };

/** A schema of the document, as far as the mock reads it. */
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

interface Operation {
  operationId: string;
  requestBody?: { $ref?: string; content?: Record<string, { schema?: Schema }> };
}

const components = document.components as unknown as {
  schemas: Record<string, Schema>;
  requestBodies?: Record<string, Operation["requestBody"]>;
};

const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf("/") + 1);

/** The schema that a reference names, or the schema itself. */
export function resolveSchema(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : resolveSchema(components.schemas[nameOf(schema.$ref)] ?? {});
}

/** A component schema by its name. */
export const schemaNamed = (name: string): Schema => components.schemas[name] ?? {};

const HTTP_METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** The JSON schema of each operation's body, by the operation's id. */
export const bodySchemas: ReadonlyMap<string, Schema> = new Map(
  Object.values(document.paths as unknown as Record<string, Record<string, Operation>>).flatMap((item) =>
    HTTP_METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const reference = operation.requestBody?.$ref;
      const body = reference === undefined ? operation.requestBody : components.requestBodies?.[nameOf(reference)];
      const schema = body?.content?.["application/json"]?.schema;
      return schema ? [[operation.operationId, schema] as const] : [];
    }),
  ),
);
