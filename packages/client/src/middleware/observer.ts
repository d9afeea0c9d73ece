import type { Middleware } from "../core/pipeline.ts";

/** The log of one client. */
export interface Log {
  /** Writes a line for each attempt. */
  aroundAttempt: Middleware;
  /** Writes a line of its own. It never throws. */
  warn(line: string, details: object): void;
}

/** What writes a log. `logging()` of `@imcloud/client/logging` makes one. */
export interface Logging {
  /** @param secrets hidden wherever they come up */
  openLog(secrets: readonly string[]): Log;
}

/** What measures the calls of one client. */
export interface CallObserver {
  aroundCall: Middleware;
  aroundAttempt: Middleware;
}

/** What measures calls. `telemetry()` of `@imcloud/client/telemetry` makes one. */
export interface Telemetry {
  /** @param secrets hidden wherever they come up */
  observe(secrets: readonly string[]): CallObserver;
}
