import document from "@imcloud/spec/openapi.json" with { type: "json" };
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import type { IHttpOperation } from "@stoplight/types";
import { type Examples, examplesOf } from "./examples.ts";

/** The document as Prism reads it, and what can be known of it before any request. */
export interface Prepared {
  operations: IHttpOperation[];
  byId: ReadonlyMap<string, IHttpOperation>;
  examples: Examples;
}

let prepared: Promise<Prepared> | undefined;

/** Prepares the document once for all mocks of a process. */
export function prepare(): Promise<Prepared> {
  prepared ??= getHttpOperationsFromSpec(structuredClone(document)).then((operations) => ({
    operations,
    byId: new Map(operations.map((operation) => [String(operation.iid), operation])),
    examples: examplesOf(operations),
  }));
  return prepared;
}
