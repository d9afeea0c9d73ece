import document from "@imcloud/spec/openapi.json" with { type: "json" };
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import type { IHttpOperation } from "@stoplight/types";
import { type Examples, examplesOf } from "./examples.ts";
import { operationIdOf } from "./operation-id.ts";
import { type Match, Router } from "./router.ts";

export type { Match } from "./router.ts";

/** The document as Prism reads it, and what can be known of it before any request. */
export interface Prepared {
  operations: IHttpOperation[];
  operationIds: ReadonlySet<string>;
  /** The operation of a method and a path; `"method"` where the path has others only, `"path"` where there is no such path. */
  match: (method: string, path: string) => Match | "method" | "path";
  examples: Examples;
}

let prepared: Promise<Prepared> | undefined;

/** Prepares the document once for all mocks of a process. */
export function prepare(): Promise<Prepared> {
  prepared ??= getHttpOperationsFromSpec(structuredClone(document)).then((operations) => {
    const router = new Router(operations);
    return {
      operations,
      operationIds: new Set(operations.map(operationIdOf)),
      match: (method, path) => router.find(method, path),
      examples: examplesOf(operations),
    };
  });
  return prepared;
}
