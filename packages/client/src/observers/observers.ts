import { having, oneOf, type Rules } from "@imcloud/options";
import { oneLine } from "../core/errors/one-line.ts";
import type { Middleware } from "../core/pipeline.ts";
import { headerSecrets } from "../core/secrets/header-secrets.ts";
import { createRedactor, type Redactor } from "../core/secrets/redact-by-name.ts";
import { ignoreErrors } from "../middleware/ignore-errors.ts";
import { isLogged, LOG_LEVELS, type Logger, type LogLevel, logging } from "./logging.ts";
import { attemptMetrics, callMetrics, type Meter } from "./metrics.ts";
import { callTracing, type Tracer, tracing } from "./tracing.ts";

/** The options for logging, tracing and metrics. */
export interface ObserverOptions {
  /** Called with a line for each attempt, without secrets. */
  logger?: Logger | undefined;
  /**
   * The lowest level that is logged.
   * @defaultValue "info"
   */
  logLevel?: LogLevel | undefined;
  /** An OpenTelemetry tracer. Each call is a span, with a span inside it for each attempt. */
  tracer?: Tracer | undefined;
  /** An OpenTelemetry meter, which records durations of calls and attempts, and counts retries. */
  meter?: Meter | undefined;
}

/** What {@link ObserverOptions} must be. */
export const OBSERVER_RULES: Rules<ObserverOptions> = {
  logger: having(...LOG_LEVELS.slice(0, -1)),
  logLevel: oneOf(...LOG_LEVELS),
  tracer: having("startSpan"),
  meter: having("createHistogram", "createCounter"),
};

/** Logs a warning of the client itself. It never throws. */
type Warn = (line: string, details?: object) => void;

/** The log, tracer and meter of one client. */
export interface Observers {
  aroundCall: Middleware[];
  aroundAttempt: Middleware[];
  /** In the log. */
  warn: Warn;
  /** In the log, or in the console where there is none. */
  warnSomewhere: Warn;
}

/** Passes each token and other secret that is sent to the redactor, before anything of the attempt is shown. */
const learnTokens =
  (redactor: Redactor, known: readonly string[]): Middleware =>
  (request, next) => {
    for (const secret of headerSecrets(request.headers)) if (!known.includes(secret)) redactor.learn(secret);
    return next(request);
  };

/** @param secrets hidden everywhere */
export function createObservers(options: ObserverOptions, secrets: readonly string[]): Observers {
  const { logger, logLevel = "info", tracer, meter } = options;
  const redactor = createRedactor(secrets);
  const warnIn =
    (log: Logger | undefined): Warn =>
    (line, details = {}) => {
      if (!log || !isLogged("warn", logLevel)) return;
      // An error of a custom store can contain anything.
      ignoreErrors(() => log.warn(oneLine(redactor.text(line)), redactor.value(details) as object));
    };
  return {
    aroundCall: [...(meter ? [callMetrics(meter, redactor)] : []), ...(tracer ? [callTracing(tracer, redactor)] : [])],
    aroundAttempt: [
      ...(logger || tracer ? [learnTokens(redactor, secrets)] : []),
      ...(logger ? [logging(logger, logLevel, redactor)] : []),
      ...(tracer ? [tracing(tracer, redactor)] : []),
      ...(meter ? [attemptMetrics(meter, redactor)] : []),
    ],
    warn: warnIn(logger),
    warnSomewhere: warnIn(logger ?? console),
  };
}
