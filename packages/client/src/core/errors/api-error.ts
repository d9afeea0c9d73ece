import type { CallDetails } from "../pipeline.ts";
import { retryAfter } from "../retry-after.ts";
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
import { oneLine } from "./one-line.ts";

/** The words by which some installations say, with a 400, that something does not exist: the first, and the one that must follow it. */
const NO_ENTITY = [
  [/\bno entit(y|ies)\b/i, /\bfound\b/i],
  [/\bentity\b/i, /\bnot found\b/i],
] as const;

/** Looks for one word after the other, and not for both at once, which would take quadratic time. */
const saysNoEntity = (reason: string): boolean =>
  NO_ENTITY.some(([subject, end]) => {
    const at = reason.search(subject);
    return at >= 0 && end.test(reason.slice(at));
  });

/** By RFC 6749, an OAuth 2 server responds to a wrong password or client with 400. */
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
  if (status === 400 && saysNoEntity(reason)) return NotFoundError;
  if (status === 403 && headers.has("retry-after")) return QuotaExceededError;
  return CLASSES[status] ?? (status >= 500 ? ServerError : ApiError);
}

/** What is looked for in an error's body. */
type ErrorBody = { [name in "message" | "error_description" | "error" | "correlationId"]?: unknown };

/** A text that is not empty, as one line. */
const textOf = (value: unknown, length?: number): string | undefined =>
  typeof value === "string" && value ? oneLine(value, length).trim() || undefined : undefined;

/** Characters of a correlation id; those of the platform have 40. */
const MAX_ID = 200;

/** Characters of a status in words; those of HTTP have at most 31. */
const MAX_STATUS_TEXT = 200;

/** The correlation id of a response, from its header or, where a browser hides that, from an error's body. */
export const correlationIdOf = (headers: Headers, body: unknown): string | undefined =>
  textOf(headers.get("x-correlation-id") ?? (body as ErrorBody | null | undefined)?.correlationId, MAX_ID);

/** What an error is made of besides the body. */
type ResponseHead = Pick<Response, "status" | "statusText" | "headers">;

const detailsOf = ({ operation, method, path }: CallDetails, { status, headers }: ResponseHead, body: unknown) => ({
  ...{ operation, method, path, status, headers, body },
  correlationId: correlationIdOf(headers, body),
  retryAfter: retryAfter(headers),
});

/** The error for a response of more bytes than are read. */
export const responseTooLarge = (call: CallDetails, response: Response, limit: number): ApiError =>
  new GatewayError(
    `response of more than ${limit} bytes, which is maxResponseBytes`,
    detailsOf(call, response, undefined),
  );

/**
 * The error for a response.
 * @param body the parsed JSON body, `undefined` where it is empty, or a string where it is not JSON: a body from the
 *   proxy, since the API's own errors are objects.
 * @param hint goes before the reason
 */
export function toApiError(call: CallDetails, response: ResponseHead, body: unknown, hint = ""): ApiError {
  const details = detailsOf(call, response, body);
  const statusText = textOf(response.statusText, MAX_STATUS_TEXT);
  if (typeof body === "string")
    return new GatewayError(`${hint}${statusText ?? "response"} (not the API's JSON)`, details);
  const said = (body ?? {}) as ErrorBody;
  const reason =
    textOf(said.message) ?? textOf(said.error_description) ?? textOf(said.error) ?? statusText ?? "without a message";
  return new (errorClass(details, reason, said))(hint + reason, details);
}
