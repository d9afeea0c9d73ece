import { readFileSync } from "node:fs";
import type { Document, NamedOperation } from "../../scripts/document.ts";
import * as ofDocument from "../../scripts/document.ts";

const file = new URL(import.meta.resolve("@imcloud/spec/openapi.json"));

export const document: Document = JSON.parse(readFileSync(file, "utf8"));
export const operations = ofDocument.operationsOf(document);

/** The named examples of an operation's JSON request. */
export const requestExamples = (operation: NamedOperation) => ofDocument.requestExamples(document, operation);

/** The value of the path's parameter for a thing that exists. */
export const knownId = (operation: NamedOperation) => ofDocument.knownId(document, operation);

export const hasId = ({ path }: NamedOperation) => path.includes("{");

/** A good id of no thing: the last digits of a known one changed. */
export const unknownId = (operation: NamedOperation) => knownId(operation).replace(/.{3}$/, "999");

/** The statuses and contents that an operation documents. */
export const responsesOf = ({ operation }: NamedOperation) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    status: Number(status),
    ...ofDocument.resolve(document, response),
  }));
