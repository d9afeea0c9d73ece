import { ConnectionError } from "./errors.ts";
import type { Fetch } from "./fetch.ts";
import type { Handler } from "./pipeline.ts";

/** What the platforms call a connection that was never made: Node, Bun and Deno, in this order. */
const NEVER_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$|^ConnectionRefused$|connection refused/i;

/** Whether a failure of `fetch` means that no connection was made. */
export function wasNeverSent(error: unknown): boolean {
  const { code, message, cause, errors } = (error ?? {}) as Record<string, unknown>;
  // One for each address that was tried.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(wasNeverSent);
  return (
    [code, message].some((word) => NEVER_CONNECTED.test(String(word))) || (cause !== undefined && wasNeverSent(cause))
  );
}

/** The end of the pipeline: sends a request by `fetch` and reads its response to the end. */
export const createTransport =
  (fetch: Fetch): Handler =>
  async ({ method, url, headers, body, signal }) => {
    try {
      // Another host would get the subscription key too; the API is not known to redirect.
      const init: RequestInit = { method, headers, body: body ?? null, redirect: "manual", signal: signal ?? null };
      const response = await fetch(url, init);
      return { response, text: await response.text() };
    } catch (cause) {
      // The URL stays out of the message, as it can hold a secret.
      throw new ConnectionError(`The connection for the ${method} call failed.`, { cause }, wasNeverSent(cause));
    }
  };
