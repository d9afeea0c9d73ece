import { parseBody } from "../core/calls/body.ts";
import { correlationIdOf } from "../core/errors/api-error.ts";
import { oneLine } from "../core/errors/one-line.ts";
import type { Middleware, PipelineRequest } from "../core/pipeline.ts";
import type { Redactor } from "../core/secrets/redact-by-name.ts";
import { type Outcome, observe } from "./observe.ts";

/** Anything with the methods of `console`. Each is called with a line and an object of what the line is made of. */
export interface Logger {
  debug(line: string, details: object): void;
  info(line: string, details: object): void;
  warn(line: string, details: object): void;
  error(line: string, details: object): void;
}

/** The lowest level that is logged. `debug` adds headers and bodies, without their secrets; people's names and addresses are in them. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "off";

/** From the most verbose to the least. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "off"] as const;

/** Whether a level is logged when `least` is the lowest one logged. */
export const isLogged = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);

/** Successes as `info`, refusals as `warn`, failures as `error`. */
const levelOf = ({ buffered }: Outcome) => (buffered ? (buffered.response.status < 400 ? "info" : "warn") : "error");

/** Characters of a body that are logged. */
const MAX_BODY = 20_000;

/** Characters at the end of a part of a body in which a secret may be that was cut in two. */
const LONGEST_SECRET = 5_000;

/**
 * A body as it is logged. Its secrets are hidden before it is made one line and cut, as what either has changed is not known again. Of a
 * long one, twice as much as can be shown is looked through, since it gets shorter.
 */
function shown(body: string, redactor: Redactor): string {
  const part = body.slice(0, 2 * MAX_BODY);
  const safe = redactor.text(part);
  return oneLine(part === body ? safe : `${safe.slice(0, -LONGEST_SECRET)}…`, MAX_BODY);
}

/**
 * The details object of a log line.
 * @param redactor where it has headers and bodies
 */
function detailsOf(
  request: PipelineRequest,
  { buffered, error }: Outcome,
  milliseconds: number,
  redactor: Redactor | undefined,
) {
  const { operation, method, path, state } = request;
  const { response, text = "" } = buffered ?? {};
  return {
    ...{ operation, method, path, status: response?.status, attempt: state.attempt, milliseconds },
    correlationId: response && correlationIdOf(response.headers, response.ok ? undefined : parseBody(text)),
    ...(error !== undefined && { error }),
    ...(redactor && {
      request: { headers: request.headers, body: request.body && shown(request.body, redactor) },
      response: response && { headers: response.headers, body: shown(text, redactor) },
    }),
  };
}

/** Logs one line for each attempt. If the logger throws, the call does not fail: an order was placed, logged or not. */
export function logging(logger: Logger, least: LogLevel, redactor: Redactor): Middleware {
  function log(request: PipelineRequest, outcome: Outcome, start: number): unknown {
    const level = levelOf(outcome);
    if (!isLogged(level, least)) return undefined;
    const milliseconds = Math.round(performance.now() - start);
    const details = detailsOf(request, outcome, milliseconds, isLogged("debug", least) ? redactor : undefined);
    const { method, path, status, attempt, correlationId = "no correlation id" } = details;
    const result = status ?? (outcome.error instanceof Error ? outcome.error.name : "failed");
    const line = `${method} ${path} ${result}, attempt ${attempt}, ${milliseconds} ms, ${correlationId}`;
    return logger[level](oneLine(redactor.text(line)), redactor.value(details) as object);
  }

  return (request, next) => {
    const start = performance.now();
    return observe(request, next, (outcome) => log(request, outcome, start));
  };
}
