import { parseBody } from "../calls/body.ts";
import { correlationIdOf } from "../errors/api-error.ts";
import type { Observer } from "./observer.ts";
import type { Redactor } from "./redact.ts";

/** Anything with the methods of `console`. Each is called with a line and an object of what the line is made of. */
export interface Logger {
  debug(line: string, details: object): void;
  info(line: string, details: object): void;
  warn(line: string, details: object): void;
  error(line: string, details: object): void;
}

/** The least that is logged. `debug` adds headers and bodies, without their secrets; people's names and addresses are in them. */
export type LogLevel = "debug" | "info" | "warn" | "error" | "off";

const LEVELS = ["debug", "info", "warn", "error", "off"] as const;

/** Writes one line for each time that a call is sent: successes as `info`, refusals as `warn`, failures as `error`. */
export const createLog =
  (logger: Logger, least: LogLevel, redactor: Redactor): Observer =>
  (call) =>
  ({ answer, error, milliseconds }) => {
    const { operation, method, path, attempt } = call;
    const status = answer?.response.status;
    const level = answer ? (answer.response.status < 400 ? "info" : "warn") : "error";
    const isShown = (asked: LogLevel) => LEVELS.indexOf(asked) >= LEVELS.indexOf(least);
    if (!isShown(level)) return;
    const correlationId = answer && correlationIdOf(answer.response.headers, parseBody(answer.text));
    const what = status ?? (error instanceof Error ? error.name : "failed");
    const line = `${method} ${path} ${what}, attempt ${attempt}, ${milliseconds} ms, ${correlationId ?? "no correlation id"}`;
    const details = {
      ...{ operation, method, path, status, attempt, milliseconds, correlationId },
      ...(error !== undefined && { error }),
      ...(isShown("debug") && {
        request: { headers: call.headers, body: call.body },
        response: answer && { headers: answer.response.headers, body: answer.text },
      }),
    };
    logger[level](redactor.text(line), redactor.value(details) as object);
  };
