import type { IncomingMessage } from "node:http";

/** Any page may call the API from a browser. */
export const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "X-Correlation-ID, Retry-After, WWW-Authenticate",
};

/** The headers of the response to a CORS preflight. */
export const preflightHeaders = (request: IncomingMessage) => ({
  ...CORS_HEADERS,
  "access-control-allow-methods": "GET, POST, PATCH, OPTIONS",
  "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
  "access-control-max-age": "600",
});
