import type { ApiPromise } from "./api-promise.ts";
import type { Call, RequestOptions } from "./call.ts";

/** What a generic call can send. */
export interface GenericRequestOptions extends RequestOptions {
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * Makes an authenticated call that the document may not have.
 * @param path below the base URL, starting with a slash
 * @throws as the resource methods do, and TypeError for a path without its slash
 */
export type GenericRequest = <T = unknown>(
  method: string,
  path: string,
  options?: GenericRequestOptions,
) => ApiPromise<T>;

export const createRequest =
  (call: Call): GenericRequest =>
  (method, path, { query, body, ...options } = {}) => {
    // An absolute URL would carry the token to another host.
    if (!path.startsWith("/")) throw new TypeError(`The path must start with a slash; got "${path}".`);
    const verb = method.toUpperCase();
    return call(`${verb} ${path}`, verb, path, { query, body }, options);
  };
