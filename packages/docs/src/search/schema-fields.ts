import {
  type Document,
  type NamedOperation,
  operationsOf,
  type Reference,
  requestSchema,
  resolve,
  responseSchema,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { walkSchema } from "@imcloud/openapi-tools/schema-walker";

/** A field of a schema, and the first operation that sends or reads it. */
export interface SchemaField {
  name: string;
  /** The schema that has it; empty where it has no name. */
  schema: string;
  description: string;
  operation: NamedOperation;
}

/** Every field of every schema of the requests and successful responses of all operations, once. */
export function schemaFieldsOf(document: Document): SchemaField[] {
  const fields: SchemaField[] = [];
  const entered = new Set<string>();
  const collect = (operation: NamedOperation, root: Reference<Schema> | undefined) =>
    root &&
    walkSchema(
      document,
      root,
      ({ schema, component = "" }) => {
        for (const [name, property] of Object.entries(schema.properties ?? {})) {
          const description = property.description ?? resolve<Schema>(document, property).description ?? "";
          fields.push({ name, schema: component, description, operation });
        }
      },
      entered,
    );
  const operations = operationsOf(document);
  for (const named of operations) collect(named, requestSchema(document, named.operation));
  for (const named of operations) collect(named, responseSchema(document, named.operation));
  return fields;
}
