import { readFileSync } from "node:fs";
import { type Document, type NamedOperation, operationsOf, resolve } from "@imcloud/openapi-tools/document";
import * as examples from "@imcloud/openapi-tools/examples";
import type { OrderCreate } from "@imcloud/spec";
import { documentFile } from "./document-file.ts";

export const document: Document = JSON.parse(readFileSync(documentFile, "utf8"));
export const operations = operationsOf(document);

/** The named examples of an operation's JSON request. */
export const requestExamples = (operation: NamedOperation) => examples.requestExamples(document, operation);

/** The document's example of a sale, with all parameters that the product needs. */
export const salesOrder = (): OrderCreate & { poNumber: string } => {
  const [create] = operations.filter(({ id }) => id === "orders_create");
  const example = create && requestExamples(create).find(([name]) => name === "SalesOrderCreate");
  if (!example) throw new Error("The document has no example SalesOrderCreate.");
  return structuredClone(example[1]) as OrderCreate & { poNumber: string };
};

/** Path parameters by name, with ids that exist. */
export const pathParameters = (operation: NamedOperation): Record<string, string> =>
  examples.examplePathParameters(document, operation);

/** Ids that exist, in the order of the path's parameters. */
export const knownIds = (operation: NamedOperation): string[] => Object.values(pathParameters(operation));

/** Valid ids that do not exist: the end of the last one is changed. */
export const unknownIds = (operation: NamedOperation): string[] =>
  knownIds(operation).map((id, index, all) => (index === all.length - 1 ? id.replace(/.{3}$/, "999") : id));

/** An operation's path with ids that exist. */
export const knownPath = (operation: NamedOperation): string =>
  examples.fillPath(operation.path, pathParameters(operation));

export const hasPathParameters = ({ path }: NamedOperation): boolean => path.includes("{");

/** The documented responses of an operation. */
export const responsesOf = ({ operation }: NamedOperation) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    status: Number(status),
    ...resolve(document, response),
  }));
