import type { Token, TokenCreate } from "@imcloud/spec";
import type { OperationId as AnyOperationId } from "@imcloud/spec/validators";
import { DomainError } from "../domain/errors.ts";
import { type ApiResponse, applicationError, json } from "../messages/responses.ts";
import type { Change, Store } from "../store/store.ts";
import { checkRead, checkWritten } from "./check-responses.ts";
import type { AnyCall } from "./handler.ts";
import { performOperation } from "./handlers.ts";
import { type AnyOverride, fromResponse, type Overrides } from "./overrides.ts";
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

/** A body after serialization, so that validation sees what is sent. */
function asSent(body: unknown): unknown {
  const text = JSON.stringify(body);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Performs operations on a backend. */
export function createPerformer(backend: OperationBackend, links: ReportLinks): Performer {
  const { store, tokens, overrides } = backend;

  /** @throws {@link DomainError} */
  function bodyOf(operationId: string, { path: _, ...call }: ValidCall): unknown {
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
    if (!override) return bodyOf(operationId, call);
    const { params, query, body } = call;
    return override({ params, query, body } as never, async (changed) => {
      const result = await overridden(operationId, { ...call, ...changed }, chain.slice(0, -1));
      if (!(result instanceof Response)) return result;
      if (!result.ok) throw result;
      return result.json();
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
        if (result instanceof Response) return await fromResponse(result);
        const body = asSent(result);
        checkRead(operationId as AnyOperationId, body);
        return json(200, body);
      } catch (error) {
        return error instanceof Response ? await fromResponse(error) : errorOf(error, call.path);
      }
    },
    isOverridden: (operationId) => overrides.of(operationId).length > 0,
  };
}
