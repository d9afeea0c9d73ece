import { ConnectionError } from "../errors/errors.ts";
import type { PipelineRequest } from "../pipeline.ts";
import { parseBody } from "./body.ts";

/** Statuses by which proxies say that they have lost the server, or believe that the caller has gone. */
const PROXY_STATUSES = [408, 460, 499, 502, 503, 504, 520, 521, 522, 523, 524, 598, 599];

/** The redirects that ask for the same request at another place: here, nothing was done (RFC 9110 §15.4.8 and §15.4.9). */
const SENT_ELSEWHERE = [307, 308];

/**
 * Whether an error's body is the application's own, by which it says that it refused. The framework below it, which reports what nobody
 * caught, writes a small `s` in `timestamp`; what came before that is not known. Other servers have a `message` too.
 */
export function isApplicationError(body: unknown): boolean {
  const { message, timeStamp } = (body ?? {}) as { message?: unknown; timeStamp?: unknown };
  return typeof message === "string" && typeof timeStamp === "string";
}

/**
 * Whether a status leaves the outcome of a write unknown. A 303 comes after a write that was done, and a 301 or 302 often means the same;
 * a browser hides which of them it was, as status 0.
 */
export function isOpenStatus(status: number, body: unknown): boolean {
  if (status < 400) return !SENT_ELSEWHERE.includes(status);
  return PROXY_STATUSES.includes(status) || (status > 499 && !isApplicationError(body));
}

/** Whether a write has left, and neither its response has refused it nor its connection shows that it never came. */
export function mayBeDone({ isSafe, state }: PipelineRequest, error: unknown): boolean {
  const { sentAt, response: last } = state;
  if (isSafe || sentAt === undefined) return false;
  if (last) return isOpenStatus(last.response.status, parseBody(last.text));
  return !(error instanceof ConnectionError && error.neverSent);
}
