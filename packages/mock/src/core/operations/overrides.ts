import { type ApiResponse, BrokenConnection } from "../messages/responses.ts";
import type { Call, OperationId, SuccessOf } from "./handler.ts";

/** A validated call, as an override gets it. */
export type OverrideCall<Id extends OperationId> = Pick<Call<Id>, "params" | "query" | "body">;

/**
 * Replaces the mock's response to an operation.
 * @param call the validated call
 * @param next performs the operation, with another call if given, and returns the body of its success. It throws if a
 *   rule refuses the call, which becomes the API's error.
 * @returns the body of a success, or a `Response` for anything else, which may be thrown too; `Response.error()` breaks the connection
 */
export type Override<Id extends OperationId> = (
  call: OverrideCall<Id>,
  next: (call?: OverrideCall<Id>) => Promise<SuccessOf<Id>>,
) => SuccessOf<Id> | Response | Promise<SuccessOf<Id> | Response>;

/** An override of any operation. */
export type AnyOverride = (
  call: OverrideCall<never>,
  next: (call?: OverrideCall<never>) => Promise<unknown>,
) => unknown;

/** The overrides of a mock. Of several for one operation, the last is called first, and its `next` calls the one before. */
export class Overrides {
  readonly #all = new Map<string, AnyOverride[]>();

  /** @returns a function that removes it */
  add(operationId: string, override: AnyOverride): () => void {
    // Wrapped, so that a function that is added twice can be removed once.
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

/** Headers that must not be copied: hop-by-hop headers (RFC 9110 §7.6.1), and those of the encoding, as the body is decoded. */
const OF_ANOTHER_CONNECTION = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
]);

/**
 * Converts a platform `Response` to a response of the API.
 * @throws {@link BrokenConnection} for `Response.error()`
 */
export async function fromResponse(response: Response): Promise<ApiResponse> {
  if (response.type === "error") throw new BrokenConnection();
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = [...response.headers].filter(([name]) => !OF_ANOTHER_CONNECTION.has(name));
  return { statusCode: response.status, headers: Object.fromEntries(headers), body: bytes };
}
