import { correlationIdOf } from "../core/api-error.ts";
import { parseBody } from "../core/body.ts";
import { type Difference, ValidationError } from "../core/errors.ts";
import type { Middleware } from "../core/pipeline.ts";
import { isLogged, type Logger, type LogLevel } from "./logging.ts";

/** A response as a {@link Validator} gets it. */
export interface ResponseToValidate {
  method: string;
  /** Below the base URL, without its query. */
  path: string;
  status: number;
  /** Parsed, `undefined` where it is empty. */
  body: unknown;
}

/** What checks responses. `validator()` of `@imcloud/client/validate` makes one. */
export interface Validator {
  /** Whether a success that differs makes its call throw, or is a line in the log only. */
  readonly onDifference: "warn" | "throw";
  /** Where a response differs from the document; empty where it does not, or where the document does not have the call. */
  validate(response: ResponseToValidate): Difference[];
}

/**
 * Logs where responses differ from the document. A success that differs throws a {@link ValidationError} where the validator says so.
 * No value of a response is in what it says. Pages of proxies are left out: they are no responses of the API.
 */
export const validation =
  (validator: Validator, logger: Logger, least: LogLevel): Middleware =>
  async (request, next) => {
    const buffered = await next(request);
    const { response, text } = buffered;
    const body = parseBody(text);
    if (body === text && text !== "") return buffered;
    const { operation, method, path } = request;
    const { status } = response;
    const differences = validator.validate({ method, path, status, body });
    if (differences.length === 0) return buffered;
    const error = new ValidationError({ operation, method, path, status, differences }, body);
    if (isLogged("warn", least)) {
      const correlationId = correlationIdOf(response.headers, body);
      logger.warn(error.message, { operation, method, path, status, differences, correlationId });
    }
    if (validator.onDifference === "throw" && response.ok) throw error;
    return buffered;
  };
