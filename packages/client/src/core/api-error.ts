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
import type { CallDetails } from "./pipeline.ts";
import { retryAfter } from "./retry-after.ts";

/** Some installations answer 400 for a thing that does not exist, and only the message tells. */
const NO_ENTITY = /\bno\s+entit(y|ies)\b.*\bfound\b|\bentity\b.*\bnot\s+found\b/i;

/** By RFC 6749, an OAuth 2 server answers a wrong password or client with 400. */
const OAUTH_REFUSAL = /^invalid_(grant|client)$/;

const CLASSES: Record<number, typeof ApiError> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableError,
  429: RateLimitError,
};

function errorClass({ status, headers }: ApiErrorDetails, reason: string, body: ErrorBody): typeof ApiError {
  if (status === 400 && OAUTH_REFUSAL.test(String(body.error))) return AuthenticationError;
  if (status === 400 && NO_ENTITY.test(reason)) return NotFoundError;
  if (status === 403 && headers.has("retry-after")) return QuotaExceededError;
  return CLASSES[status] ?? (status >= 500 ? ServerError : ApiError);
}

/** What is looked for in an error's body. */
type ErrorBody = { [name in "message" | "error_description" | "error" | "correlationId"]?: unknown };

/** Characters of a response's message that an error's message has. The body has all of them. */
const MAX_MESSAGE = 1_000;

/** A text that is not empty, cut where it is very long. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !value) return undefined;
  return value.length > MAX_MESSAGE ? `${value.slice(0, MAX_MESSAGE)}…` : value;
}

/** The correlation id of a response, from its header or, where a browser hides that, from an error's body. */
export const correlationIdOf = (headers: Headers, body: unknown): string | undefined =>
  headers.get("x-correlation-id") ?? textOf((body as ErrorBody | null | undefined)?.correlationId);

/**
 * The error for a response.
 * @param body the parsed JSON body, `undefined` where it is empty, or a string where it is not JSON: a body from the
 *   proxy, since the API's own errors are objects.
 * @param hint goes before the reason
 */
export function toApiError(
  { operation, method, path }: CallDetails,
  { status, statusText, headers }: Response,
  body: unknown,
  hint = "",
): ApiError {
  const details: ApiErrorDetails = {
    ...{ operation, method, path, status, headers, body },
    correlationId: correlationIdOf(headers, body),
    retryAfter: retryAfter(headers),
  };
  if (typeof body === "string")
    return new GatewayError(`${hint}${statusText || "response"} (not the API's JSON)`, details);
  const said = (body ?? {}) as ErrorBody;
  const reason =
    textOf(said.message) ?? textOf(said.error_description) ?? textOf(said.error) ?? (statusText || "without a message");
  return new (errorClass(details, reason, said))(hint + reason, details);
}
