import { defined } from "../core/defined.ts";
import type { Middleware } from "../core/pipeline.ts";
import { isBrowser } from "../core/platform.ts";
import { version } from "../generated/version.ts";

/** How a client identifies itself in every call to the API. */
export interface Identity {
  subscriptionKey?: string | undefined;
  clientId?: string | undefined;
  userAgent?: string | undefined;
}

/** The headers of every call to the API, keyed by their names in lower case. */
export const defaultHeaders = ({ subscriptionKey, clientId, userAgent }: Identity): Record<string, string> =>
  defined({
    accept: "application/json",
    "x-subscription-key": subscriptionKey,
    "x-client-id": clientId,
    // A browser sends its own; another one would only cost a preflight request.
    "user-agent": isBrowser() ? undefined : `${userAgent ?? ""} imcloud/${version}`.trim(),
  });

/** Adds headers that a request has not set itself. */
export const addHeaders =
  (headers: Record<string, string>): Middleware =>
  (request, next) =>
    next({ ...request, headers: { ...headers, ...request.headers } });
