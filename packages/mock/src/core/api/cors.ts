import { operations } from "../../generated/operations.ts";
import type { IncomingRequest } from "../messages/request.ts";
import type { ApiResponse } from "../messages/responses.ts";
import { httpDateOf } from "../store/dates.ts";

type Head = Pick<IncomingRequest, "headers">;

const METHODS = [...new Set(operations.map(({ method }) => method.toUpperCase())), "HEAD", "OPTIONS"].join(", ");

/** Lets a page of any site read a response, unless it sends its cookies along. */
export const ANY_ORIGIN = { "access-control-allow-origin": "*" };

/**
 * Any page may call the API from a browser.
 * @param withCredentials pages that send their cookies along may read responses too, which takes their own origin in place of any
 */
export function corsHeaders({ headers }: Head, withCredentials: boolean): Record<string, string> {
  const { origin } = headers;
  return {
    ...(withCredentials
      ? {
          ...(origin !== undefined && {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
          }),
          vary: "Origin",
        }
      : ANY_ORIGIN),
    "access-control-expose-headers": "X-Correlation-ID, Retry-After, WWW-Authenticate",
  };
}

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
      // Chromium asks before a public page calls an address of this machine or its network.
      ...(headers["access-control-request-private-network"] === "true" && {
        "access-control-allow-private-network": "true",
      }),
      "access-control-max-age": "600",
    },
    body: undefined,
  };
}
