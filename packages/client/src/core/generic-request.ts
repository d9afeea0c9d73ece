import type { ApiPromise } from "./api-promise.ts";
import type { Call } from "./call.ts";
import type { RequestOptions } from "./request-options.ts";

/** What a generic call can send. */
export interface GenericRequestOptions extends RequestOptions {
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * Makes an authenticated call that the document may not have.
 * @param path below the base URL, starting with a slash
 * @throws {@link ApiError}, {@link ConnectionError}, {@link TimeoutError} and {@link UnknownOutcomeError} as the resource methods do
 * @throws {@link TypeError} when the path does not start with a slash
 */
export type GenericRequest = <T = unknown>(
  method: string,
  path: string,
  options?: GenericRequestOptions,
) => ApiPromise<T>;

/** Makes what makes calls to any path. */
export const createGenericRequest =
  (call: Call): GenericRequest =>
  (method, path, { query, body, ...options } = {}) => {
    // An absolute URL would carry the token to another host.
    if (!path.startsWith("/")) throw new TypeError(`The path must start with a slash; got "${path}".`);
    const verb = method.toUpperCase();
    return call(`${verb} ${path.replace(/\?.*/, "")}`, verb, path, { query, body }, options);
  };
