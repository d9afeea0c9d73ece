import { checkOptions, having, oneOf, type Rules } from "@imcloud/options";
import { oneLine } from "../core/one-line.ts";
import { createRedactor } from "../core/redact.ts";
import type { Logging } from "../middleware/observer.ts";
import { quietly } from "../middleware/quietly.ts";
import { inOne, learnTokens } from "./learn-tokens.ts";
import { isLogged, LOG_LEVELS, type Logger, type LogLevel, logAttempts } from "./log-attempts.ts";

export type { Log, Logging } from "../middleware/observer.ts";
export type { Logger, LogLevel } from "./log-attempts.ts";

/** What is logged. */
export interface LoggingOptions {
  /**
   * The lowest level that is logged.
   * @defaultValue "info"
   */
  level?: LogLevel | undefined;
}

const LOGGING_RULES: Rules<LoggingOptions> = { level: oneOf(...LOG_LEVELS) };

const loggerRule = /* @__PURE__ */ having("debug", "info", "warn", "error");

/**
 * Makes what writes a line for each attempt, without secrets: `createClient({ …, logger: logging(console) })`.
 * @param logger anything with the methods of `console`
 * @throws {@link TypeError} when it is no logger, or the level is none
 */
export function logging(logger: Logger, options: LoggingOptions = {}): Logging {
  loggerRule(logger, "The logger of logging()");
  checkOptions(LOGGING_RULES, options, "logging");
  const { level = "info" } = options;
  return {
    openLog(secrets) {
      const redactor = createRedactor(secrets);
      return {
        aroundAttempt: inOne(learnTokens(redactor), logAttempts(logger, level, redactor)),
        warn(line, details) {
          if (!isLogged("warn", level)) return;
          quietly(() => logger.warn(oneLine(redactor.text(line)), redactor.value(details) as object));
        },
      };
    },
  };
}
