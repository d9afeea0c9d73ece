import type { IncomingRequest } from "../messages/request.ts";
import type { ApiResponse } from "../messages/responses.ts";

const METHODS = "GET, POST, PATCH, OPTIONS";

/** Any page may call the API from a browser. */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "X-Correlation-ID, Retry-After, WWW-Authenticate",
};

/**
 * The response to a CORS preflight.
 * @param now milliseconds since 1970
 */
export const preflight = ({ headers }: Pick<IncomingRequest, "headers">, now: number): ApiResponse => ({
  statusCode: 204,
  headers: {
    ...CORS_HEADERS,
    date: new Date(now).toUTCString(),
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": headers["access-control-request-headers"] ?? "*",
    "access-control-max-age": "600",
  },
  body: undefined,
});
