import type { ConnectionOptions } from "../options.ts";
import type { Send } from "./send.ts";

/** A browser sends its own `User-Agent`; one of ours would only cost a preflight. */
export const isBrowser = () => /^Mozilla\//.test(globalThis.navigator?.userAgent ?? "");

/** The headers that every call to the API carries. */
export function headersOf(
  { subscriptionKey, clientId, userAgent }: ConnectionOptions,
  version: string,
): Record<string, string> {
  return {
    accept: "application/json",
    ...(subscriptionKey && { "x-subscription-key": subscriptionKey }),
    ...(clientId && { "x-client-id": clientId }),
    ...(!isBrowser() && { "user-agent": `${userAgent ? `${userAgent} ` : ""}imcloud/${version}` }),
  };
}

/** Adds headers that a call has not set itself. */
export const withHeaders =
  (send: Send, all: Record<string, string>): Send =>
  (call) => {
    for (const [name, value] of Object.entries(all)) if (!call.headers.has(name)) call.headers.set(name, value);
    return send(call);
  };
