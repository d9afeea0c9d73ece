import type { TokenCreate } from "@imcloud/spec";
import type { Backend } from "../backend.ts";
import { DomainError } from "../domain/errors.ts";
import { type ApiResponse, applicationError, json } from "../messages/responses.ts";
import type { AnyCall } from "./handler.ts";
import { performOperation } from "./handlers.ts";
import type { ReportLinks } from "./report-links.ts";

/** What a request asks of an operation, once it is known to be valid. */
export interface ValidCall extends Omit<AnyCall, "store" | "links"> {
  /** Below the base URL. */
  path: string;
}

/** Performs an operation on the store of a mock: as a whole, or not at all. */
export type Perform = (operationId: string, call: ValidCall) => ApiResponse;

/** Performs operations on a backend. */
export function createPerform(backend: Backend, links: ReportLinks): Perform {
  const { store, tokens } = backend;
  const resultOf = (operationId: string, { path: _, ...call }: ValidCall): unknown => {
    if (operationId === "token_create") return tokens.issue((call.body as TokenCreate).marketplace);
    return backend.change(() => performOperation(operationId, { store, links, ...call }));
  };
  return (operationId, call) => {
    try {
      return json(200, resultOf(operationId, call));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return applicationError(error.status, error.message, call.path);
    }
  };
}
