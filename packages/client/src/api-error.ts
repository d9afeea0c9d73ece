import {
  ApiError,
  type ApiErrorDetails,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  GatewayError,
  NotFoundError,
  PermissionError,
  QuotaExceededError,
  RateLimitError,
  ServerError,
  UnprocessableError,
} from "./errors.ts";

/** What is known of a call before its answer. */
export interface CallDetails {
  operation: string;
  method: string;
  path: string;
}

/** Some installations answer 400 for a thing that does not exist, and only the message tells. */
const NO_ENTITY = /\bno\s+entit(y|ies)\b.*\bfound\b|\bentity\b.*\bnot\s+found\b/i;

/** Seconds in a `Retry-After` header, which is a number of them or a date. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function errorClass({ status, reason, retryAfter }: ApiErrorDetails) {
  switch (status) {
    case 400:
      return NO_ENTITY.test(reason) ? NotFoundError : BadRequestError;
    case 401:
      return AuthenticationError;
    case 403:
      return retryAfter === undefined ? PermissionError : QuotaExceededError;
    case 404:
      return NotFoundError;
    case 409:
      return ConflictError;
    case 422:
      return UnprocessableError;
    case 429:
      return RateLimitError;
    default:
      return status >= 500 ? ServerError : ApiError;
  }
}

/**
 * The error for an answer.
 * @param body the parsed JSON body, `undefined` where it is empty, or a string where it is not JSON: a body from the
 *   proxy, since the API's own errors are objects.
 */
export function apiError(call: CallDetails, response: Response, body: unknown): ApiError {
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const words = [said.message, said.error].find((value) => typeof value === "string" && value !== "");
  const details: ApiErrorDetails = {
    ...call,
    status: response.status,
    reason: String(words ?? (response.statusText || "without a message")),
    correlationId:
      response.headers.get("x-correlation-id") ??
      (typeof said.correlationId === "string" ? said.correlationId : undefined),
    body,
    headers: response.headers,
    retryAfter: retryAfter(response.headers),
  };
  if (typeof body === "string") {
    return new GatewayError({ ...details, reason: `${response.statusText || "answer"} (not the API's JSON)` });
  }
  return new (errorClass(details))(details);
}
