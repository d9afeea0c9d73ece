import { readFileSync } from "node:fs";
import { type Document, type NamedOperation, operationsOf, resolve } from "@imcloud/openapi-tools/document";
import * as examples from "@imcloud/openapi-tools/examples";
import type { OrderCreate } from "@imcloud/spec";
import { documentFile } from "./document-file.ts";

export const document: Document = JSON.parse(readFileSync(documentFile, "utf8"));
export const operations = operationsOf(document);

/** The named examples of an operation's JSON request. */
export const requestExamples = (operation: NamedOperation) => examples.requestExamples(document, operation);

/** The sale of the document's examples: seats of a product with all parameters that it needs. */
export const salesOrder = (): OrderCreate & { poNumber: string } => {
  const [create] = operations.filter(({ id }) => id === "orders_create");
  const example = create && requestExamples(create).find(([name]) => name === "SalesOrderCreate");
  if (!example) throw new Error("The document has no example SalesOrderCreate.");
  return structuredClone(example[1]) as OrderCreate & { poNumber: string };
};

/** Values for the parameters of an operation's path by name, which name what exists. */
export const pathParameters = (operation: NamedOperation): Record<string, string> =>
  examples.examplePathParameters(document, operation);

/** The same values in the order of the path; empty where it has no parameters. */
export const knownIds = (operation: NamedOperation): string[] => Object.values(pathParameters(operation));

/** Good values that name nothing: the last digits of the last one are changed. */
export const unknownIds = (operation: NamedOperation): string[] =>
  knownIds(operation).map((id, index, all) => (index === all.length - 1 ? id.replace(/.{3}$/, "999") : id));

/** An operation's path with values that name what exists. */
export const knownPath = (operation: NamedOperation): string =>
  examples.fillPath(operation.path, pathParameters(operation));

export const hasPathParameters = ({ path }: NamedOperation): boolean => path.includes("{");

/** The statuses and contents that an operation documents. */
export const responsesOf = ({ operation }: NamedOperation) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    status: Number(status),
    ...resolve(document, response),
  }));
