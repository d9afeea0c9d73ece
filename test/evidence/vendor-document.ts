import { facts, words } from "./tables.ts";

/** Makes a schema of a type in the tables: `string`, `integer<int64>`, `Address`, `Address[]`, `map<string,string>`. */
function schemaOf(type: string): object {
  if (type.endsWith("[]")) return { type: "array", items: schemaOf(type.slice(0, -2)) };
  const member = /^map<string,\s*(.*)>$/.exec(type)?.[1];
  if (member) return { type: "object", additionalProperties: schemaOf(member) };
  const [, name = "", format] = /^(\w+)(?:<(\w+)>)?$/.exec(type) ?? [];
  if (["string", "integer", "number", "boolean", "object"].includes(name))
    return { type: name, ...(format && { format }) };
  if (!name || name === "any") return {};
  return { $ref: `#/components/schemas/${name}` };
}

/** The vendor's own examples, by `Schema.property`. */
const examples = new Map(
  facts("vendor-examples").map(({ schema, property, example = "" }) => [`${schema}.${property}`, JSON.parse(example)]),
);

function components(): Record<string, object> {
  const schemas: Record<string, { properties: Record<string, object>; required: string[]; allOf: object[] }> = {};
  for (const { schema = "", property = "", type = "", enum: values, required, access } of facts("schemas")) {
    schemas[schema] ??= { properties: {}, required: [], allOf: [{ type: "object" }] };
    const said = schemaOf(type);
    if (property === "(extends)") {
      schemas[schema].allOf.push(said);
      continue;
    }
    const listed = values ? { enum: values.split("|") } : {};
    const items = "items" in said ? { items: { ...(said.items as object), ...listed } } : listed;
    schemas[schema].properties[property] = {
      ...said,
      ...items,
      ...(examples.has(`${schema}.${property}`) && { example: examples.get(`${schema}.${property}`) }),
      ...(access === "readOnly" && { readOnly: true }),
      ...(access === "writeOnly" && { writeOnly: true }),
    };
    if (required === "yes") schemas[schema].required.push(property);
  }
  return schemas;
}

function parameter(text: string): object {
  const [place, name, type = ""] = text.split(":");
  return { in: place, name, required: type.endsWith("*"), schema: schemaOf(type.replace("*", "")) };
}

const json = (name: string) => ({ content: { "application/json": { schema: schemaOf(name) } } });

/** Rebuilds the vendor's document from the evidence tables, as far as they go. */
export function vendorDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of facts("operations")) {
    const { method = "", path = "", operation, "request body": sent, "response body": responseBody } = row;
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      operationId: operation,
      parameters: words(row["parameters (in:name:type, * = required)"]).map(parameter),
      ...(sent && { requestBody: json(sent) }),
      responses: { default: { description: "default response", ...(responseBody && json(responseBody)) } },
    };
  }
  return {
    openapi: "3.0.1",
    info: { title: "Evidence", version: "1.15" },
    paths,
    components: { schemas: components() },
  };
}
