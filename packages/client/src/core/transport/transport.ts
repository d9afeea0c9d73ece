import { ConnectionError, MarketplaceError, TimeoutError } from "../errors/errors.ts";
import type { Handler } from "../pipeline.ts";
import type { Fetch } from "./fetch.ts";
import { codeOf, isPlatformTimeout, MAX_DEPTH, wasNeverSent } from "./never-sent.ts";
import { readText } from "./read-text.ts";

/** The error for what `fetch` rejects with. The URL stays out of the message, as it can hold a secret. */
export function toConnectionError(operation: string, url: string, cause: unknown, options?: ErrorOptions): Error {
  if (isPlatformTimeout((cause ?? {}) as Error)) {
    return new TimeoutError(`The platform's fetch gave up waiting for ${operation}.`, options);
  }
  const { host } = new URL(url);
  return new ConnectionError({ operation, host, code: codeOf(cause), neverSent: wasNeverSent(cause) }, options);
}

/** Characters of the shortest header that is a secret. */
const MIN_SECRET = 8;

/** Whether a failure is about a header that no platform can send, and repeats its value. */
function repeats(failure: unknown, headers: Record<string, string>, depth = 0): boolean {
  const { message, cause } = (failure ?? {}) as Partial<Error>;
  const isHere = Object.values(headers).some((value) => value.length >= MIN_SECRET && `${message}`.includes(value));
  return (
    (isHere && /header/i.test(`${message}`)) ||
    (cause !== undefined && depth < MAX_DEPTH && repeats(cause, headers, depth + 1))
  );
}

/**
 * The end of the pipeline: sends a request by `fetch` and reads its response to the end.
 * @param maxResponseBytes bytes that are read at most
 */
export const createTransport =
  (fetch: Fetch, maxResponseBytes: number): Handler =>
  async (request) => {
    const { operation, method, url, headers, body, signal, state } = request;
    state.response = undefined;
    try {
      // Another host would get the subscription key too; the API is not known to redirect.
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" } as RequestInit);
      state.response = { response, text: await readText(request, response, maxResponseBytes) };
      return state.response;
    } catch (cause) {
      if (cause instanceof MarketplaceError) throw cause;
      throw toConnectionError(operation, url, cause, repeats(cause, headers) ? undefined : { cause });
    }
  };
