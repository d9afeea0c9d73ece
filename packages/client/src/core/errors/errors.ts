import type { OrderDetails, Report } from "@imcloud/spec";
import { oneLine } from "./one-line.ts";

/** The same in every copy of this package: an application can have one as a module and one as CommonJS. */
const BRAND = Symbol.for("@imcloud/client/error");

/** Characters of a message. What it is made of is in the error's fields. */
const MAX_MESSAGE = 4_000;

/** The fields of an error that its JSON has: the short ones without personal data. */
const TOLD = [
  "name",
  "message",
  "status",
  "correlationId",
  "operation",
  "method",
  "path",
  "retryAfter",
  "neverSent",
  "sentAt",
];

/** Whether something can be copied: a custom `fetch` can throw anything, also what holds a function. */
function isCloneable(value: unknown): boolean {
  if (value === undefined || !globalThis.structuredClone) return true;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** The base of every error that this package throws, save for a caller's own abort and a misused option. */
export class MarketplaceError extends Error {
  override name = "MarketplaceError";

  /** @param message may hold text of a server */
  constructor(message: string, options?: ErrorOptions) {
    super(oneLine(String(message ?? ""), MAX_MESSAGE), options);
    const { cause } = this;
    // A copy of the error, such as postMessage makes, is made without it.
    if (!isCloneable(cause)) Object.defineProperty(this, "cause", { get: () => cause });
  }

  /** @internal */
  get [BRAND](): boolean {
    return true;
  }

  /** Name, message, status, correlation id and such, without body and headers. `JSON.stringify` calls it. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(TOLD.filter((name) => name in this).map((name) => [name, this[name as keyof this]]));
  }
}

/** Whether an error is from this package, also from another copy of it, for which `instanceof` is false. */
export const isMarketplaceError = (error: unknown): error is MarketplaceError =>
  typeof error === "object" && error !== null && BRAND in error;

/** Where a response came from and what it held. */
export interface ApiErrorDetails {
  /** HTTP status. */
  readonly status: number;
  /** Value of the `X-Correlation-ID` header or of the body's `correlationId`. Quote it to support. */
  readonly correlationId: string | undefined;
  /** Id of the operation in the document, or of the call as `METHOD /path` when it has none there. */
  readonly operation: string;
  readonly method: string;
  /** Path of the call below the base URL, with its values. */
  readonly path: string;
  /** The parsed body, or its text where it is not JSON. */
  readonly body: unknown;
  readonly headers: Headers;
  /** Seconds to wait, where the response's `Retry-After` says so: for the daily quota possibly hours. */
  readonly retryAfter: number | undefined;
}

/** A response whose status is not a success. The message starts with the status. */
export class ApiError extends MarketplaceError implements ApiErrorDetails {
  override name = "ApiError";
  declare readonly status: number;
  declare readonly correlationId: string | undefined;
  declare readonly operation: string;
  declare readonly method: string;
  declare readonly path: string;
  declare readonly body: unknown;
  declare readonly headers: Headers;
  declare readonly retryAfter: number | undefined;

  /** @param reason what went wrong, as the response says it */
  constructor(reason: string, details: ApiErrorDetails) {
    super(`${details.status} ${reason}`);
    const { headers, body, ...shown } = details;
    Object.assign(this, shown);
    // Printing the error must print neither cookies nor the page of a proxy.
    Object.defineProperty(this, "headers", { value: headers });
    Object.defineProperty(this, "body", { value: body, enumerable: typeof body !== "string" });
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

/** 403 with `Retry-After`: the daily quota is used up. */
export class QuotaExceededError extends ApiError {
  override name = "QuotaExceededError";
}

/** 404, or the 400 by which some installations say that no entity was found. */
export class NotFoundError extends ApiError {
  override name = "NotFoundError";
}

/** 409. The API is known to report business conflicts as 500 instead: see {@link ServerError}. */
export class ConflictError extends ApiError {
  override name = "ConflictError";
}

/** 422: understood, but refused. */
export class UnprocessableError extends ApiError {
  override name = "UnprocessableError";
}

/** 429: too many calls in a minute. The response does not always say how long to wait. */
export class RateLimitError extends ApiError {
  override name = "RateLimitError";
}

/**
 * 5xx. A business conflict is one of these, and its message names what blocks the call. Of a write it is thrown by itself only in the
 * application's own form, with `timeStamp` and `message`; any other is the cause of an {@link UnknownOutcomeError}.
 */
export class ServerError extends ApiError {
  override name = "ServerError";
}

/** A response that is not the API's: an HTML page from a proxy, or text where JSON was due. */
export class GatewayError extends ApiError {
  override name = "GatewayError";
}

/** What is known of a connection that failed. */
export interface FailedConnection {
  /** The request certainly did not leave, for example because no connection was made: nothing was done. */
  neverSent: boolean;
  /** Id of the operation in the document, or of the call as `METHOD /path` when it has none there. */
  operation: string;
  /** Host that was called, with its port where that is not the usual one. */
  host: string;
  /** The platform's code, for example `ECONNREFUSED`, `ENOTFOUND` or `CERT_HAS_EXPIRED`; browsers have none. */
  code: string | undefined;
}

/** The API could not be reached, or the connection broke before the response was whole. */
export class ConnectionError extends MarketplaceError implements FailedConnection {
  override name = "ConnectionError";
  declare readonly neverSent: boolean;
  declare readonly operation: string;
  declare readonly host: string;
  declare readonly code: string | undefined;

  constructor(failed: FailedConnection, options?: ErrorOptions) {
    const { operation, host, code } = failed;
    super(`The connection to ${host} for ${operation} failed${code ? `: ${code}` : ""}.`, options);
    Object.assign(this, failed);
  }
}

/** No whole response came in time. */
export class TimeoutError extends MarketplaceError {
  override name = "TimeoutError";
}

/** A write whose response was lost: it may or may not have happened. */
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
  /** The orders or customers that may be what was sent, as far as they were looked for. */
  candidates?: readonly object[] | undefined;
  /** Why the outcome could not be found out, as a sentence, where the cause does not say it. */
  reason?: string | undefined;
}

/** Ids that a message names: all of a long list would fill the log. */
const MAX_NAMED = 20;

/** The first ids of some things, for a message. */
function nameIds(things: readonly { id?: unknown }[]): string {
  const named = things.slice(0, MAX_NAMED).map(({ id }) => String(id ?? "one without an id"));
  return named.join(", ") + (things.length > named.length ? ` and ${things.length - named.length} more` : "");
}

/** An abort's reason can be anything, `null` too. */
const reasonOf = (cause: unknown): string => {
  const message = (cause as { message?: unknown } | null | undefined)?.message;
  if (typeof message === "string") return message;
  return typeof cause === "object" && cause ? "without a message" : String(cause);
};

/**
 * A write may or may not have happened: its response was lost, or came from a proxy that gave up waiting. Look before you
 * send it again; `createOnce` does, and throws this when it cannot tell.
 */
export class UnknownOutcomeError extends MarketplaceError {
  override name = "UnknownOutcomeError";
  declare readonly operation: string;
  declare readonly method: string;
  declare readonly path: string;
  declare readonly sentAt: Date;
  readonly #body: unknown;
  readonly #candidates: readonly object[];

  constructor({ body, cause, candidates = [], reason, ...details }: UnknownOutcome) {
    const { method, path } = details;
    const sentences = [`Whether ${method} ${path} happened is unknown: ${reasonOf(cause)}`];
    if (reason) sentences.push(reason);
    if (candidates.length > 0) sentences.push(`It may be ${nameIds(candidates)}: compare before you send it again.`);
    super(sentences.join(" "), { cause });
    Object.assign(this, details);
    this.#body = body;
    this.#candidates = candidates;
  }

  /**
   * The orders or customers that may be what was sent, for a person to compare. Empty when nothing was found, and when nothing was looked
   * for. Not a field of its own, as customers have personal data.
   */
  get candidates(): readonly object[] {
    return this.#candidates;
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
  declare readonly order: OrderDetails;

  constructor(order: OrderDetails) {
    super(`Order ${order.orderNumber ?? order.id} ended as ${order.status}.`);
    // Printing the error must not print parameters, which can be passwords.
    Object.defineProperty(this, "order", { value: order });
  }
}

/** A report ended as `error`. */
export class ReportFailedError extends MarketplaceError {
  override name = "ReportFailedError";
  /** The report as it was last read. */
  declare readonly report: Report;

  constructor(report: Report) {
    super(`Report ${report.id} ended as ${report.status}.`);
    // Printing the error must not print its link.
    Object.defineProperty(this, "report", { value: report });
  }
}

/** Some of the things that `details` read could not be read. All others were given before. */
export class DetailsError extends MarketplaceError {
  override name = "DetailsError";
  /** What could not be read, and why. */
  readonly failures: DetailsFailure[];

  /** @param list how the list itself failed, if it did: then it is the cause */
  constructor(failures: DetailsFailure[], list?: { error: unknown }) {
    const end = list ? ` The list did not come to its end: ${(list.error as Error | undefined)?.message}` : "";
    super(`${failures.length} could not be read: ${nameIds(failures)}.${end}`, { cause: (list ?? failures[0])?.error });
    this.failures = failures;
  }
}

/** Where a list could not be read on. */
export interface IncompleteList {
  /** Id of the operation in the document. */
  operation: string;
  /** Where in the list it stopped: rows before the page that was wrong. */
  offset: number;
  /** Different rows that had come before; they were given. */
  received: number;
  /** Rows in all, as the API last said; `undefined` where it said nothing to be believed. */
  total: number | undefined;
}

/**
 * A list did not come to its end: a page was not one, the API said that there are more rows than it gave, or rows left the list while
 * it was read, so that others moved up past the reader. The rows that were given are right, but not all.
 */
export class IncompleteListError extends MarketplaceError implements IncompleteList {
  override name = "IncompleteListError";
  declare readonly operation: string;
  declare readonly offset: number;
  declare readonly received: number;
  declare readonly total: number | undefined;

  /** @param reason what was wrong, as a sentence */
  constructor(reason: string, list: IncompleteList) {
    const { operation, offset, received, total } = list;
    super(
      `${operation} stopped at offset ${offset} after ${received}${total === undefined ? "" : ` of ${total}`} rows. ${reason}`,
    );
    Object.assign(this, list);
  }
}

/** One thing that could not be read. */
export interface DetailsFailure {
  id: string;
  error: unknown;
}

/** A place where a response differs from the document. */
export interface Difference {
  /** A JSON pointer into the body, with `*` for any element of an array; empty for the whole. */
  at: string;
  /** What is wrong there, without the value. */
  message: string;
  /** Times that it was found in this response. */
  count: number;
}

/** A response that differs from the document, and where. */
export interface ResponseDifferences {
  /** Id of the operation in the document, or of the call as `METHOD /path`. */
  readonly operation: string;
  readonly method: string;
  /** Path of the call below the base URL, with its values. */
  readonly path: string;
  /** HTTP status. */
  readonly status: number;
  readonly differences: Difference[];
}

/** A success whose body differs from the document, with `validate: "error"`. The call itself was done. */
export class ValidationError extends MarketplaceError implements ResponseDifferences {
  override name = "ValidationError";
  declare readonly operation: string;
  declare readonly method: string;
  declare readonly path: string;
  declare readonly status: number;
  declare readonly differences: Difference[];
  readonly #body: unknown;

  constructor(response: ResponseDifferences, body: unknown) {
    const { method, path, status, differences } = response;
    const all = differences.map(
      ({ at, message, count }) => `${at || "/"}: ${message}${count > 1 ? ` (${count}×)` : ""}`,
    );
    super(`${method} ${path} ${status} differs from the document at ${all.join("; ")}`);
    Object.assign(this, response);
    this.#body = body;
  }

  /** The parsed body. Not a field of its own, so that printing the error does not print it. */
  get body(): unknown {
    return this.#body;
  }
}
