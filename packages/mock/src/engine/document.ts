import document from "@imcloud/spec/openapi.json" with { type: "json" };
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import type { IHttpOperation } from "@stoplight/types";
import { type Examples, examplesOf } from "./examples.ts";
import { Router } from "./router.ts";

/** The document as Prism reads it, and what can be known of it before any request. */
export interface Prepared {
  operations: IHttpOperation[];
  router: Router;
  examples: Examples;
}

let prepared: Promise<Prepared> | undefined;

/** Prepares the document once for all mocks of a process. */
export function prepare(): Promise<Prepared> {
  prepared ??= getHttpOperationsFromSpec(structuredClone(document)).then((operations) => ({
    operations,
    router: new Router(operations),
    examples: examplesOf(operations),
  }));
  return prepared;
}

/** The id of an operation in the document. */
export const idOf = ({ iid, method, path }: IHttpOperation): string => iid ?? `${method} ${path}`;
