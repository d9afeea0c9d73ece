import { operations } from "../../generated/operations.ts";
import type { IncomingRequest } from "../messages/request.ts";
import type { ApiResponse } from "../messages/responses.ts";
import { httpDateOf } from "../store/dates.ts";

type Head = Pick<IncomingRequest, "headers">;

const METHODS = [...new Set(operations.map(({ method }) => method.toUpperCase())), "HEAD", "OPTIONS"].join(", ");

/**
 * Lets a page of any site read a response.
 * @param withCredentials whether credentialed requests are allowed; these need the page's own origin instead of `*`
 */
export function originHeaders(origin: string | undefined, withCredentials: boolean): Record<string, string> {
  if (!withCredentials) return { "access-control-allow-origin": "*" };
  return {
    ...(origin !== undefined && {
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
    }),
    vary: "Origin",
  };
}

/** Lets any page call the API from a browser, as {@link originHeaders} does. */
export const corsHeaders = ({ headers }: Head, withCredentials: boolean): Record<string, string> => ({
  ...originHeaders(headers.origin, withCredentials),
  "access-control-expose-headers": "X-Correlation-ID, Retry-After, WWW-Authenticate",
});

/**
 * The response to a CORS preflight.
 * @param now milliseconds since 1970
 */
export function preflight(request: Head, now: number, withCredentials: boolean): ApiResponse {
  const { headers } = request;
  return {
    statusCode: 204,
    headers: {
      ...corsHeaders(request, withCredentials),
      date: httpDateOf(now),
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": headers["access-control-request-headers"] ?? "*",
      // Chromium asks before a public page calls a private address.
      ...(headers["access-control-request-private-network"] === "true" && {
        "access-control-allow-private-network": "true",
      }),
      "access-control-max-age": "600",
    },
    body: undefined,
  };
}
