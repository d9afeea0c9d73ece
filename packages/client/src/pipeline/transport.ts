import { ConnectionError, TimeoutError } from "../errors/errors.ts";
import type { Outgoing, Send } from "./send.ts";
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

/** The URL stays out of the message, as it can hold a secret. */
export const connectionError = (cause: unknown, what: string) =>
  new ConnectionError(`The connection for ${what} failed.`, { cause }, isRefused(cause));

/** Milliseconds until the retries of a call end. */
export const timeLeft = ({ giveUpAt = Infinity }: Outgoing): number => giveUpAt - performance.now();

/** Requests under way: the platform lets go of one whose body is still coming, and its signal with it. */
const underWay = new Set<Request>();

/** Sends a call once and reads its answer to the end, no longer than the call's timeout or `standard` milliseconds. */
export const createTransport =
  (fetch: (request: Request) => Promise<Response>, standard: number): Send =>
  (call: Outgoing) => {
    const what = `the ${call.method} call`;
    const timeout = call.timeout ?? standard;
    return within(
      // A write is not cut off for its retries' sake: nobody would know what became of it.
      call.isSafe && call.giveUpAt ? Math.max(1, Math.min(timeout || Infinity, timeLeft(call))) : timeout,
      call.signal,
      () => new TimeoutError(`No answer to ${what} came in time.`),
      async (signal) => {
        const { method, url, headers, body } = call;
        // Another host would get the subscription key too; the API is not known to redirect.
        const request = new Request(url, { method, headers, body: body ?? null, redirect: "manual", signal });
        underWay.add(request);
        try {
          const response = await fetch(request);
          return { response, text: await response.text() };
        } catch (error) {
          throw connectionError(error, what);
        } finally {
          underWay.delete(request);
        }
      },
    );
  };
