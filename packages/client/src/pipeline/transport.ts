import { ConnectionError, TimeoutError } from "../errors/errors.ts";
import { fetchOf, type OwnFetch } from "./fetch.ts";
import type { Answer, Outgoing, Send } from "./send.ts";
import { within } from "./time.ts";

/** What the platforms call a connection that was never made: Node, Bun and Deno, in this order. */
const REFUSED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$|^ConnectionRefused$|connection refused/i;

/** Whether a failure of `fetch` means that no connection was made. */
export function isRefused(error: unknown): boolean {
  const { code, message, cause, errors } = (error ?? {}) as Record<string, unknown>;
  // One for each address that was tried.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isRefused);
  return [code, message].some((word) => REFUSED.test(String(word))) || (cause !== undefined && isRefused(cause));
}

/** Milliseconds until the retries of a call end. */
export const timeLeft = ({ giveUpAt = Infinity }: Outgoing): number => giveUpAt - performance.now();

/**
 * Sends a call once and reads its answer to the end, no longer than the call's timeout or `standard` milliseconds.
 * @param own a caller's own `fetch`
 */
export function createTransport(own: OwnFetch | undefined, standard: number): Send {
  const fetch = fetchOf(own);

  async function exchange(call: Outgoing, signal: AbortSignal): Promise<Answer> {
    const { method, url, headers, body } = call;
    try {
      // Another host would get the subscription key too; the API is not known to redirect.
      const response = await fetch(url, { method, headers, body: body ?? null, redirect: "manual", signal });
      return { response, text: await response.text() };
    } catch (cause) {
      // The URL stays out of the message, as it can hold a secret.
      throw new ConnectionError(`The connection for the ${method} call failed.`, { cause }, isRefused(cause));
    }
  }

  return (call) => {
    const timeout = call.timeout ?? standard;
    return within(
      // A write is not cut off for its retries' sake: nobody would know what became of it.
      call.isSafe && call.giveUpAt ? Math.max(1, Math.min(timeout || Infinity, timeLeft(call))) : timeout,
      call.signal,
      () => new TimeoutError(`No answer to the ${call.method} call came in time.`),
      (signal) => exchange(call, signal),
    );
  };
}
