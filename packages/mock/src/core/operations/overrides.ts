import type { ApiResponse } from "../messages/responses.ts";
import type { Call, OperationId, SuccessOf } from "./handler.ts";

/** A call as an override sees it: valid by the document. */
export type OverrideCall<Id extends OperationId> = Pick<Call<Id>, "params" | "query" | "body">;

/**
 * Responds to an operation in place of the mock.
 * @param call what was sent; it is valid by the document
 * @param next performs the operation, with another call where one is given, and gives the body of its success. It throws what the
 *   rules of the mock do not allow, which the caller then gets as the API's error.
 * @returns the body of a success, or a `Response` for anything else
 */
export type Override<Id extends OperationId> = (
  call: OverrideCall<Id>,
  next: (call?: OverrideCall<Id>) => Promise<SuccessOf<Id>>,
) => SuccessOf<Id> | Response | Promise<SuccessOf<Id> | Response>;

/** An override of whatever operation. */
export type AnyOverride = (
  call: OverrideCall<never>,
  next: (call?: OverrideCall<never>) => Promise<unknown>,
) => unknown;

/** The overrides of a mock. Of several for one operation, the last is called first, and its `next` calls the one before. */
export class Overrides {
  readonly #all = new Map<string, AnyOverride[]>();

  /** @returns a function that removes it */
  add(operationId: string, override: AnyOverride): () => void {
    this.#all.set(operationId, [...this.of(operationId), override]);
    return () => {
      this.#all.set(
        operationId,
        this.of(operationId).filter((other) => other !== override),
      );
    };
  }

  of(operationId: string): readonly AnyOverride[] {
    return this.#all.get(operationId) ?? [];
  }

  clear(): void {
    this.#all.clear();
  }
}

/** A response of the platform as one of the API. */
export async function fromResponse(response: Response): Promise<ApiResponse> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: bytes };
}
