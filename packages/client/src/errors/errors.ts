import type { OrderDetails, Report } from "@imcloud/spec";

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
  /** No connection was made at all, so that certainly nothing was done. */
  readonly isRefused: boolean;

  constructor(message: string, options?: ErrorOptions, isRefused = false) {
    super(message, options);
    this.isRefused = isRefused;
  }
}

/** No whole answer came in time. */
export class TimeoutError extends MarketplaceError {
  override name = "TimeoutError";
}

/** A write whose answer was lost: it may or may not have happened. */
export interface UnknownOutcome {
  /** Id of the operation in the document, or of the call as `METHOD /path` when it has none there. */
  operation: string;
  method: string;
  /** Path of the call below the base URL, with its values. */
  path: string;
  /** What was sent. */
  body: unknown;
  /** When it was sent, by this machine's clock. */
  sentAt: Date;
  /** A {@link ConnectionError}, a {@link TimeoutError}, or an {@link ApiError} that is not the API's own. */
  cause: unknown;
}

/**
 * A write may or may not have happened: its answer was lost, or came from a proxy that gave up waiting. Look before you send it
 * again; `createOnce` does.
 */
export class UnknownOutcomeError extends MarketplaceError {
  override name = "UnknownOutcomeError";
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly sentAt: Date;
  readonly #body: unknown;

  constructor({ operation, method, path, body, sentAt, cause }: UnknownOutcome) {
    super(`Whether ${method} ${path} happened is unknown: ${(cause as Error).message}`, { cause });
    this.operation = operation;
    this.method = method;
    this.path = path;
    this.sentAt = sentAt;
    this.#body = body;
  }

  /** Not a field of its own, so that printing the error does not print what was sent: it can hold a first password. */
  get body(): unknown {
    return this.#body;
  }
}

/** An order ended as `error` or `cancelled`. */
export class OrderFailedError extends MarketplaceError {
  override name = "OrderFailedError";
  /** The order as it was last read. */
  readonly order: OrderDetails;

  constructor(order: OrderDetails) {
    super(`Order ${order.orderNumber ?? order.id} ended as ${order.status}.`);
    this.order = order;
  }
}

/** A report ended as `error`. */
export class ReportFailedError extends MarketplaceError {
  override name = "ReportFailedError";
  /** The report as it was last read. */
  readonly report: Report;

  constructor(report: Report) {
    super(`Report ${report.id} ended as ${report.status}.`);
    this.report = report;
  }
}

/** Some of the things that `details` read could not be read. All others were given before. */
export class DetailsError extends MarketplaceError {
  override name = "DetailsError";
  /** What could not be read, and why. */
  readonly failures: DetailsFailure[];

  constructor(failures: DetailsFailure[]) {
    super(`${failures.length} could not be read: ${failures.map(({ id }) => id).join(", ")}.`, {
      cause: failures[0]?.error,
    });
    this.failures = failures;
  }
}

/** One thing that could not be read. */
export interface DetailsFailure {
  id: string;
  error: unknown;
}
