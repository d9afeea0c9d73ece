import { type ApiResponse, BrokenConnection } from "../messages/responses.ts";
import type { Call, OperationId, SuccessOf } from "./handler.ts";

/** A call as an override sees it: valid by the document. */
export type OverrideCall<Id extends OperationId> = Pick<Call<Id>, "params" | "query" | "body">;

/**
 * Responds to an operation in place of the mock.
 * @param call what was sent; it is valid by the document
 * @param next performs the operation, with another call where one is given, and gives the body of its success. It throws what the
 *   rules of the mock do not allow, which the caller then gets as the API's error.
 * @returns the body of a success, or a `Response` for anything else, which may be thrown too; `Response.error()` breaks the connection
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
    // One of its own for each call: a function that is added twice is removed once.
    const added: AnyOverride = (call, next) => override(call, next);
    this.#all.set(operationId, [...this.of(operationId), added]);
    return () => {
      this.#all.set(
        operationId,
        this.of(operationId).filter((other) => other !== added),
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

/** Headers of the connection that a response came by. Its body has been decoded since, and is sent in another way (RFC 9110 §7.6.1). */
const OF_ANOTHER_CONNECTION = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
]);

/**
 * A response of the platform as one of the API.
 * @throws {@link BrokenConnection} for `Response.error()`
 */
export async function fromResponse(response: Response): Promise<ApiResponse> {
  if (response.type === "error") throw new BrokenConnection();
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = [...response.headers].filter(([name]) => !OF_ANOTHER_CONNECTION.has(name));
  return { statusCode: response.status, headers: Object.fromEntries(headers), body: bytes };
}
