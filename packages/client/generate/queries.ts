import {
  type Document,
  type NamedOperation,
  type Parameter,
  resolve,
  type Schema,
} from "@imcloud/openapi-tools/document";
import { docstring } from "./source.ts";

const schemaOf = (document: Document, { schema }: Parameter): Schema => (schema ? resolve(document, schema) : {});

/** The values that a parameter is known to take. */
const knownValues = ({ enum: values, "x-extensible-enum": known }: Schema): unknown[] | undefined => values ?? known;

/** What the client checks a query value by, as the source of a `QueryRule`. */
export function queryRule(document: Document, parameter: Parameter): string {
  const schema = schemaOf(document, parameter);
  const values = knownValues(schema);
  if (values) return `${parameter.name}: ${JSON.stringify(values)}`;
  return `${parameter.name}: ${JSON.stringify(kindOf(schema))}`;
}

/** The format of a value; of one that can have several, the first. */
function formatOf({ format, anyOf = [] }: Schema): string | undefined {
  return format ?? anyOf.flatMap((part) => ("format" in part && part.format) || []).at(0);
}

/** The kind of a query value, as `checkQuery` of the client knows it. */
function kindOf(schema: Schema): string {
  const { type } = schema;
  const format = formatOf(schema);
  if (type === "integer" || type === "boolean") return type;
  return format === "date" || format === "date-time" ? format : "text";
}

/** The type of a query value. What is known to be one of some values can be several of them, which is a call for each. */
function queryType(schema: Schema): string {
  const values = knownValues(schema)?.map((value) => JSON.stringify(value));
  if (values) {
    const one = values.join(" | ");
    return `${one} | readonly (${one})[]`;
  }
  if (schema.type === "integer") return "number";
  if (schema.type === "boolean") return "boolean";
  return /^date(-time)?$/.test(String(formatOf(schema))) ? "Date | string" : "string";
}

function fieldSource(document: Document, parameter: Parameter): string {
  const schema = schemaOf(document, parameter);
  const lines = [parameter.description ?? schema.description ?? parameter.name];
  if (schema.default !== undefined) lines.push(`@defaultValue ${JSON.stringify(schema.default)}`);
  const optional = parameter.required ? "" : "?";
  return `${docstring(lines, "  ")}\n  ${parameter.name}${optional}: ${queryType(schema)}${optional && " | undefined"};`;
}

/** The source of an interface of an operation's filters and paging. */
export function queriesSource(
  document: Document,
  { resource, name, parameters }: NamedOperation,
  type: string,
): string {
  const query = parameters.filter((parameter) => parameter.in === "query");
  return [
    `/** Filters and paging of \`${resource}.${name}\`. */`,
    `export interface ${type} {`,
    ...query.map((parameter) => fieldSource(document, parameter)),
    "}",
  ].join("\n");
}
