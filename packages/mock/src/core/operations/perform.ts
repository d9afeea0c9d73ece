import type { Token, TokenCreate } from "@imcloud/spec";
import type { OperationId as AnyOperationId } from "@imcloud/spec/validators";
import { DomainError } from "../domain/errors.ts";
import { formatValue } from "../format-value.ts";
import { type ApiResponse, applicationError, json } from "../messages/responses.ts";
import type { Change, Store } from "../store/store.ts";
import { checkRead, checkWritten, faultsIn } from "./check-responses.ts";
import type { AnyCall } from "./handler.ts";
import { performOperation } from "./handlers.ts";
import { asSent, type CallParts, nextCall } from "./next-call.ts";
import { type AnyOverride, fromResponse, isResponse, type Overrides } from "./overrides.ts";
import type { ReportLinks } from "./report-links.ts";

/** A validated call without the mock's own context. */
export interface ValidCall extends Omit<AnyCall, "store" | "links"> {
  /** Below the base URL. */
  path: string;
}

/** Performs the operations of one mock. */
export interface Performer {
  /** Performs an operation on the store atomically. */
  perform(operationId: string, call: ValidCall): ApiResponse;
  /** Performs an operation with its overrides. */
  performOverridden(operationId: string, call: ValidCall): Promise<ApiResponse>;
  isOverridden(operationId: string): boolean;
}

/** The parts of a `Backend` that operations need. */
export interface OperationBackend {
  store: Store;
  overrides: Overrides;
  tokens: { issue(marketplace: string): Token };
  change<T>(work: () => T, check?: (changes: readonly Change[], result: T) => void): T;
}

/**
 * The body of an override's response, serialized and validated.
 * @throws {@link Error} if it cannot be serialized, or is not valid
 */
function overriddenBody(operationId: string, given: unknown): unknown {
  const what = `The override of ${operationId} responds with a body that`;
  let body: unknown;
  try {
    body = asSent(given);
  } catch (error) {
    throw new Error(`${what} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (body === undefined)
    throw new Error(`The override of ${operationId} returned ${formatValue(given)}, not a body or a Response`);
  const faults = faultsIn(operationId as AnyOperationId, body);
  if (faults) throw new Error(`${what} breaks the document: ${faults}`);
  return body;
}

/** Performs operations on a backend. */
export function createPerformer(backend: OperationBackend, links: ReportLinks): Performer {
  const { store, tokens, overrides } = backend;

  /** @throws {@link DomainError} */
  function bodyOf(operationId: string, call: ValidCall): unknown {
    if (operationId === "token_create") return tokens.issue((call.body as TokenCreate).marketplace);
    const id = operationId as AnyOperationId;
    return backend.change(
      () => performOperation(operationId, { store, links, ...call }),
      (changes, body) => {
        if (changes.length) checkWritten(id, body, changes, { store, links });
        else checkRead(id, body);
      },
    );
  }

  function errorOf(error: unknown, path: string): ApiResponse {
    if (!(error instanceof DomainError)) throw error;
    return applicationError(error.status, error.message, path);
  }

  async function overridden(operationId: string, call: ValidCall, chain: readonly AnyOverride[]): Promise<unknown> {
    const override = chain.at(-1);
    // A copy: what an override changes of it does not change the store.
    if (!override) return asSent(bodyOf(operationId, call));
    const { params, query, body } = call;
    const parts: CallParts = { params: { ...params }, query: { ...query }, body };
    return override(parts as never, async (changed) => {
      const next = nextCall(operationId as AnyOperationId, parts, changed);
      const result = await overridden(operationId, { ...call, ...next }, chain.slice(0, -1));
      if (!isResponse(result)) return result;
      if (!result.ok) throw result;
      return result.clone().json();
    });
  }

  return {
    perform(operationId, call) {
      try {
        const response = json(200, bodyOf(operationId, call));
        return operationId === "token_create" ? response : { ...response, isValidated: true };
      } catch (error) {
        return errorOf(error, call.path);
      }
    },
    async performOverridden(operationId, call) {
      try {
        const result = await overridden(operationId, call, overrides.of(operationId));
        return isResponse(result) ? await fromResponse(result) : json(200, overriddenBody(operationId, result));
      } catch (error) {
        return isResponse(error) ? await fromResponse(error) : errorOf(error, call.path);
      }
    },
    isOverridden: (operationId) => overrides.of(operationId).length > 0,
  };
}
