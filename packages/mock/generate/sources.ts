import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  componentName,
  type Document,
  jsonContent,
  type NamedOperation,
  type Operation,
  operationsOf,
  type Reference,
  requestSchema,
  resolve,
  responseSchema,
  type Schema,
  successResponse,
} from "@imcloud/openapi-tools/document";

const HEADER = "// Made from the document by packages/mock/generate/sources.ts. Change the document, not this file.";

const exported = (docstring: string, name: string, type: string, value: unknown) =>
  [HEADER, `/** ${docstring} */`, `export const ${name}: ${type} = ${JSON.stringify(value)};`, ""].join("\n");

/** The names of a schema and of its `allOf` parts. */
function partsOf(document: Document, schema: Reference<Schema> | undefined): string[] {
  if (!schema) return [];
  const name = componentName(schema);
  const parts = (resolve(document, schema).allOf ?? []).flatMap((part) => partsOf(document, part));
  return [...(name === undefined ? [] : [name]), ...parts];
}

/** The schema of an operation's resource: of a row, if the operation is a list. */
function shownSchema(document: Document, operation: Operation): Reference<Schema> | undefined {
  const schema = responseSchema(document, operation);
  const rows = schema && resolve(document, schema).properties?.data;
  return rows ? resolve<Schema>(document, rows).items : schema;
}

const OPERATION_TYPE = [
  "readonly { id: string; method: string; path: string; queryNames: readonly string[];",
  "integerNames: readonly string[]; shows: readonly string[] }[]",
].join(" ");

/** Source of the operations' table. */
export const operationsSource = (document: Document): string =>
  exported(
    "The operations of the document. `shows` names the schema of what it responds with, or of its rows, and those that it is made of.",
    "operations",
    OPERATION_TYPE,
    operationsOf(document).map(({ id, method, path, parameters, operation }) => {
      const inQuery = parameters.filter((parameter) => parameter.in === "query");
      return {
        ...{ id, method, path },
        queryNames: inQuery.map(({ name }) => name),
        integerNames: inQuery
          .filter(({ schema }) => schema && resolve(document, schema).type === "integer")
          .map(({ name }) => name),
        shows: partsOf(document, shownSchema(document, operation)),
      };
    }),
  );

function examplesOf(document: Document, { operation }: NamedOperation): Record<string, unknown> {
  const examples = jsonContent(successResponse(document, operation)?.content)?.examples ?? {};
  return Object.fromEntries(
    Object.entries(examples).map(([name, example]) => [name, resolve(document, example).value]),
  );
}

/** Source of the examples of each operation's success. */
export const examplesSource = (document: Document): string =>
  exported(
    "The examples of each operation's success, by the operation's id and their names.",
    "examples",
    "Readonly<Record<string, Readonly<Record<string, unknown>>>>",
    Object.fromEntries(operationsOf(document).map((named) => [named.id, examplesOf(document, named)])),
  );

/** The keywords of a schema that reading a body needs. */
const STRUCTURE = new Set([
  ...["$ref", "type", "properties", "required", "additionalProperties", "items", "allOf", "anyOf", "oneOf", "default"],
]);

function structureOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(structureOf);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => STRUCTURE.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => {
      if (keyword === "default") return [keyword, value];
      if (keyword !== "properties") return [keyword, structureOf(value)];
      const properties = Object.entries(value as object).map(([name, property]) => [name, structureOf(property)]);
      return [keyword, Object.fromEntries(properties)];
    }),
  );
}

/** Source of the component schemas, reduced to those keywords. */
export const schemasSource = (document: Document): string =>
  exported(
    "The document's schemas by name.",
    "schemas",
    "Readonly<Record<string, unknown>>",
    Object.fromEntries(
      Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, structureOf(schema)]),
    ),
  );

/** Source of the schemas of each operation's JSON body. */
export const bodiesSource = (document: Document): string =>
  exported(
    "The schema of each operation's JSON body, by the operation's id.",
    "bodies",
    "Readonly<Record<string, unknown>>",
    Object.fromEntries(
      operationsOf(document).flatMap(({ id, operation }) => {
        const schema = requestSchema(document, operation);
        return schema ? [[id, structureOf(schema)]] : [];
      }),
    ),
  );

/** Writes the mock's generated sources from the bundle in `folder`. They are modules, as some platforms cannot read files. */
export async function mockSources(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  await mkdir(output, { recursive: true });
  await writeFile(join(output, "operations.ts"), operationsSource(document));
  await writeFile(join(output, "schemas.ts"), schemasSource(document));
  await writeFile(join(output, "bodies.ts"), bodiesSource(document));
  await writeFile(join(output, "examples.ts"), examplesSource(document));
}
