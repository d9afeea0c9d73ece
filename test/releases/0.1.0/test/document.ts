import { readFileSync } from "node:fs";
import { type Content, type Document, type NamedOperation, operationsOf, resolve } from "../scripts/document.ts";

const file = new URL(import.meta.resolve("@imcloud/spec/openapi.json"));

export const document: Document = JSON.parse(readFileSync(file, "utf8"));
export const operations = operationsOf(document);

type Named<T> = [name: string, value: T];

function examplesIn(content: Content | undefined): Named<unknown>[] {
  return Object.entries(content?.examples ?? {}).map(([name, example]) => [name, resolve(document, example).value]);
}

/** The named examples of an operation's JSON request. */
export function requestExamples({ operation }: NamedOperation): Named<unknown>[] {
  const body = operation.requestBody && resolve(document, operation.requestBody);
  return examplesIn(body?.content["application/json"]);
}

/** The ids that the document has examples of, for what an operation's path names. */
function knownIds({ path }: NamedOperation): string[] {
  const thing = path.slice(0, path.indexOf("}") + 1);
  const get = operations.find((other) => other.path === thing && other.method === "get");
  if (!get) return [];
  const { content } = resolve(document, get.operation.responses["200"] ?? { description: "" });
  return examplesIn(content?.["application/json"]).map(([, value]) => (value as { id: string }).id);
}

/** The value of the path's parameter for a thing that exists. */
export function knownId(operation: NamedOperation): string {
  const [id] = knownIds(operation);
  if (!id) throw new Error(`No example shows what ${operation.path} names.`);
  return id;
}

export const hasId = ({ path }: NamedOperation) => path.includes("{");

/** A good id of no thing: the last digits of a known one changed. */
export const unknownId = (operation: NamedOperation) => knownId(operation).replace(/.{3}$/, "999");

/** The statuses and contents that an operation documents. */
export const responsesOf = ({ operation }: NamedOperation) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    status: Number(status),
    ...resolve(document, response),
  }));
