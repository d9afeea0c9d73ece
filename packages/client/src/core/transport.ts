import { ConnectionError, TimeoutError } from "./errors.ts";
import type { Fetch } from "./fetch.ts";
import { isPlatformTimeout, wasNeverSent } from "./never-sent.ts";
import type { Handler } from "./pipeline.ts";

/** The error for what `fetch` rejects with. The URL stays out of the message, as it can hold a secret. */
const toConnectionError = (what: string, cause: unknown): ConnectionError | TimeoutError =>
  isPlatformTimeout((cause ?? {}) as Error)
    ? new TimeoutError(`The platform's fetch gave up waiting for ${what}.`, { cause })
    : new ConnectionError(`The connection for ${what} failed.`, { cause }, wasNeverSent(cause));

/** The end of the pipeline: sends a request by `fetch` and reads its response to the end. */
export const createTransport =
  (fetch: Fetch): Handler =>
  async ({ method, url, headers, body, signal }) => {
    try {
      // Another host would get the subscription key too; the API is not known to redirect.
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" } as RequestInit);
      return { response, text: await response.text() };
    } catch (cause) {
      throw toConnectionError(`the ${method} call`, cause);
    }
  };
