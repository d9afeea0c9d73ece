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

/** The names of a schema and of those that it is made of by `allOf`. */
function partsOf(document: Document, schema: Reference<Schema> | undefined): string[] {
  if (!schema) return [];
  const name = componentName(schema);
  const parts = (resolve(document, schema).allOf ?? []).flatMap((part) => partsOf(document, part));
  return [...(name === undefined ? [] : [name]), ...parts];
}

/** The schema of what an operation shows: of each row, where it is a list. */
function shownSchema(document: Document, operation: Operation): Reference<Schema> | undefined {
  const schema = responseSchema(document, operation);
  const rows = schema && resolve(document, schema).properties?.data;
  return rows ? resolve<Schema>(document, rows).items : schema;
}

const OPERATION_TYPE = [
  "readonly { id: string; method: string; path: string; queryNames: readonly string[];",
  "integerNames: readonly string[]; shows: readonly string[] }[]",
].join(" ");

/** What the mock has to know of each operation before any request. */
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

/** What the document shows of the success of each operation. */
export const examplesSource = (document: Document): string =>
  exported(
    "The examples of each operation's success, by the operation's id and their names.",
    "examples",
    "Readonly<Record<string, Readonly<Record<string, unknown>>>>",
    Object.fromEntries(operationsOf(document).map((named) => [named.id, examplesOf(document, named)])),
  );

/** What a reader of bodies needs of a schema. */
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

/** The schemas of the document as far as bodies are read by them, by name. */
export const schemasSource = (document: Document): string =>
  exported(
    "The document's schemas by name.",
    "schemas",
    "Readonly<Record<string, unknown>>",
    Object.fromEntries(
      Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, structureOf(schema)]),
    ),
  );

/** The schema of each operation's JSON body. */
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

/** Writes what the mock takes from the document, from the bundle in `folder`: it runs where no file can be read. */
export async function mockSources(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  await mkdir(output, { recursive: true });
  await writeFile(join(output, "operations.ts"), operationsSource(document));
  await writeFile(join(output, "schemas.ts"), schemasSource(document));
  await writeFile(join(output, "bodies.ts"), bodiesSource(document));
  await writeFile(join(output, "examples.ts"), examplesSource(document));
}
