import { checkOptions, having, type Rules } from "@imcloud/options";
import { createRedactor } from "../core/redact.ts";
import type { Telemetry } from "../middleware/observer.ts";
import { inOne, learnTokens } from "./learn-tokens.ts";
import { attemptMetrics, callMetrics, type Meter } from "./metrics.ts";
import { callTracing, type Tracer, tracing } from "./tracing.ts";

export type { CallObserver, Telemetry } from "../middleware/observer.ts";
export type { Meter } from "./metrics.ts";
export type { Span, SpanOptions, Tracer } from "./tracing.ts";

/** What gets spans and metrics. */
export interface TelemetryOptions {
  /** An OpenTelemetry tracer, which gets a span for each call, and inside of it one for each attempt. */
  tracer?: Tracer | undefined;
  /** An OpenTelemetry meter, which gets durations of calls and attempts, and counts retries. */
  meter?: Meter | undefined;
}

const TELEMETRY_RULES: Rules<TelemetryOptions> = {
  tracer: having("startSpan"),
  meter: having("createHistogram", "createCounter"),
};

/**
 * Makes what measures calls by OpenTelemetry's conventions: `createClient({ …, telemetry: telemetry({ tracer, meter }) })`.
 * @throws {@link TypeError} when a tracer or meter is none
 */
export function telemetry(options: TelemetryOptions): Telemetry {
  checkOptions(TELEMETRY_RULES, options, "telemetry");
  const { tracer, meter } = options;
  return {
    observe(secrets) {
      const redactor = createRedactor(secrets);
      return {
        aroundCall: inOne(...(meter ? [callMetrics(meter)] : []), ...(tracer ? [callTracing(tracer)] : [])),
        aroundAttempt: inOne(
          learnTokens(redactor),
          ...(tracer ? [tracing(tracer, redactor)] : []),
          ...(meter ? [attemptMetrics(meter)] : []),
        ),
      };
    },
  };
}
