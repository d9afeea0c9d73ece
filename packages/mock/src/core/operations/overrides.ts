import { type ApiResponse, BrokenConnection, CORRELATION_ID } from "../messages/responses.ts";
import type { Call, OperationId, SuccessOf } from "./handler.ts";

/** A validated call, as an override gets it. */
export type OverrideCall<Id extends OperationId> = Pick<Call<Id>, "params" | "query" | "body">;

/**
 * Replaces the mock's response to an operation.
 * @param call the validated call
 * @param next performs the operation, with another call if given, and returns the body of its success. It throws if the document or a
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
  ...["connection", "content-encoding", "content-length", "keep-alive", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/** Whether a value is a `Response`, of the platform or of another implementation of the Fetch Standard. */
export const isResponse = (value: unknown): value is Response =>
  value instanceof Response || Object.prototype.toString.call(value) === "[object Response]";

/**
 * Converts a platform `Response` to a response of the API. It reads a copy, so that the same one can be returned again.
 * @throws {@link BrokenConnection} for `Response.error()`
 * @throws {@link TypeError} for one whose body was read before
 */
export async function fromResponse(response: Response): Promise<ApiResponse> {
  if (response.type === "error") throw new BrokenConnection();
  if (response.bodyUsed) {
    throw new TypeError("The body of an override's Response was read before; return a new one, or a clone()");
  }
  const bytes = new Uint8Array(await response.clone().arrayBuffer());
  const headers: Record<string, string> = {};
  for (const [name, value] of response.headers) {
    if (OF_ANOTHER_CONNECTION.has(name) || name === "set-cookie") continue;
    headers[name === CORRELATION_ID.toLowerCase() ? CORRELATION_ID : name] = value;
  }
  return { statusCode: response.status, headers, cookies: response.headers.getSetCookie?.() ?? [], body: bytes };
}
