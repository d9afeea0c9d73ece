import { version } from "../generated/version.ts";
import type { ConnectionOptions } from "../options.ts";
import type { Send } from "./send.ts";

/** A browser sends its own `User-Agent`; one of ours would only cost a preflight. */
export const isBrowser = () => globalThis.navigator?.userAgent?.startsWith("Mozilla/");

/** Headers by their names in lower case; those that are `undefined` are not sent. */
export type HeaderValues = Record<string, string | undefined>;

/** The headers that every call to the API carries. */
export const headersOf = ({ subscriptionKey, clientId, userAgent }: ConnectionOptions): HeaderValues => ({
  accept: "application/json",
  "x-subscription-key": subscriptionKey,
  "x-client-id": clientId,
  "user-agent": isBrowser() ? undefined : `${userAgent ?? ""} imcloud/${version}`.trim(),
});

/** Those headers that are sent. */
export const sentOf = (headers: HeaderValues): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined));

/** Adds headers that a call has not set itself. */
export function withHeaders(send: Send, all: HeaderValues): Send {
  const sent = sentOf(all);
  return (call) => {
    call.headers = { ...sent, ...call.headers };
    return send(call);
  };
}
