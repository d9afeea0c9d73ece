import { type Document, type NamedOperation, operationsOf, type Reference, resolve, type Schema } from "../document.ts";

/** A field of a schema, and the first operation that sends or reads it. */
export interface Field {
  name: string;
  /** The schema that has it. */
  schema: string;
  description: string;
  operation: NamedOperation;
}

/** Every field of every schema that an operation sends or answers with a success, once. */
export function fieldsOf(document: Document): Field[] {
  const fields: Field[] = [];
  const seen = new Set<string>();

  function visit(node: Reference<Schema> | undefined, owner: string, operation: NamedOperation): void {
    if (!node) return;
    const name = "$ref" in node ? String(node.$ref).replace("#/components/schemas/", "") : owner;
    if ("$ref" in node) {
      if (seen.has(name)) return;
      seen.add(name);
    }
    const schema = resolve(document, node);
    for (const [property, value] of Object.entries(schema.properties ?? {})) {
      const description = value.description ?? resolve<Schema>(document, value).description;
      fields.push({ name: property, schema: name, description: description ?? "", operation });
      visit(value, name, operation);
    }
    const parts = [schema.items, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
    for (const part of parts) visit(part, name, operation);
    if (typeof schema.additionalProperties === "object") visit(schema.additionalProperties, name, operation);
  }

  const operations = operationsOf(document);
  for (const operation of operations) {
    const body = operation.operation.requestBody && resolve(document, operation.operation.requestBody);
    visit(body?.content["application/json"]?.schema as Schema, "", operation);
  }
  for (const operation of operations) {
    const response = operation.operation.responses["200"];
    visit(response && (resolve(document, response).content?.["application/json"]?.schema as Schema), "", operation);
  }
  return fields;
}
