import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Document,
  jsonContent,
  type NamedOperation,
  operationsOf,
  resolve,
  successResponse,
} from "@imcloud/openapi-tools/document";

const HEADER = "// Made from the document by packages/mock/generate/sources.ts. Change the document, not this file.";

const exported = (docstring: string, name: string, type: string, value: unknown) =>
  [HEADER, `/** ${docstring} */`, `export const ${name}: ${type} = ${JSON.stringify(value)};`, ""].join("\n");

/** What the mock has to know of each operation before any request. */
export const operationsSource = (document: Document): string =>
  exported(
    "The operations of the document.",
    "operations",
    "readonly { id: string; method: string; path: string; queryNames: readonly string[] }[]",
    operationsOf(document).map(({ id, method, path, parameters }) => ({
      ...{ id, method, path },
      queryNames: parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name),
    })),
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

/** Writes what the mock takes from the document, from the bundle in `folder`: it runs where no file can be read. */
export async function mockSources(folder: string, output: string): Promise<void> {
  const document: Document = JSON.parse(await readFile(join(folder, "openapi.json"), "utf8"));
  await mkdir(output, { recursive: true });
  await writeFile(join(output, "operations.ts"), operationsSource(document));
  await writeFile(join(output, "examples.ts"), examplesSource(document));
}
