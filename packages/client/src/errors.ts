/** The base of every error that this package throws, save for a caller's own abort and a misused option. */
export class MarketplaceError extends Error {
  override name = "MarketplaceError";
}

/** Where an answer came from and what it held. */
export interface ApiErrorDetails {
  /** HTTP status. */
  status: number;
  /** What went wrong, as the answer says it. */
  reason: string;
  /** Value of the `X-Correlation-ID` header or of the body's `correlationId`. Quote it to support. */
  correlationId: string | undefined;
  /** Id of the operation in the document, or of the call as `METHOD /path` when it has none there. */
  operation: string;
  method: string;
  /** Path of the call below the base URL, with its values. */
  path: string;
  /** The parsed body, or its text where it is not JSON. */
  body: unknown;
  headers: Headers;
  /** Seconds to wait, from the `Retry-After` header, where there is one. */
  retryAfter: number | undefined;
}

/** An answer whose status is not a success. The message starts with the status. */
export class ApiError extends MarketplaceError {
  override name = "ApiError";
  readonly status: number;
  readonly correlationId: string | undefined;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;

  constructor(details: ApiErrorDetails) {
    super(`${details.status} ${details.reason}`);
    this.status = details.status;
    this.correlationId = details.correlationId;
    this.operation = details.operation;
    this.method = details.method;
    this.path = details.path;
    this.body = details.body;
    this.headers = details.headers;
  }
}

/** 400: the request is wrong; sending it again will not help. */
export class BadRequestError extends ApiError {
  override name = "BadRequestError";
}

/** 401: the sign-in failed, or the API refused a token that was fresh. */
export class AuthenticationError extends ApiError {
  override name = "AuthenticationError";
}

/** 403 without `Retry-After`: not allowed. */
export class PermissionError extends ApiError {
  override name = "PermissionError";
}

/** What a limit on calls is answered with. */
class LimitError extends ApiError {
  /** Seconds to wait, where the answer says so: for the daily quota possibly hours. */
  readonly retryAfter: number | undefined;

  constructor(details: ApiErrorDetails) {
    super(details);
    this.retryAfter = details.retryAfter;
  }
}

/** 403 with `Retry-After`: the daily quota is used up. */
export class QuotaExceededError extends LimitError {
  override name = "QuotaExceededError";
}

/** 404, or the 400 by which some installations say that no entity was found. */
export class NotFoundError extends ApiError {
  override name = "NotFoundError";
}

/** 409. The API is known to answer business conflicts with 500 instead: see {@link ServerError}. */
export class ConflictError extends ApiError {
  override name = "ConflictError";
}

/** 422: understood, but refused. */
export class UnprocessableError extends ApiError {
  override name = "UnprocessableError";
}

/** 429: too many calls in a minute. The answer does not always say how long to wait. */
export class RateLimitError extends LimitError {
  override name = "RateLimitError";
}

/** 5xx in the API's own words. A business conflict is one of these, and its message names what blocks the call. */
export class ServerError extends ApiError {
  override name = "ServerError";
}

/** An answer that is not the API's: an HTML page from a proxy, or text where JSON was due. */
export class GatewayError extends ApiError {
  override name = "GatewayError";
}

/** The API could not be reached, or the connection broke before the answer was whole. */
export class ConnectionError extends MarketplaceError {
  override name = "ConnectionError";
}

/** No whole answer came in time. Whether a write happened is unknown. */
export class TimeoutError extends MarketplaceError {
  override name = "TimeoutError";
}
