import type { Middleware, PipelineRequest } from "../core/pipeline.ts";
import type { Redactor } from "../core/secrets/redact-by-name.ts";
import { ignoreErrors } from "../middleware/ignore-errors.ts";
import {
  attemptAttributes,
  errorType,
  type Outcome,
  observe,
  operationAttribute,
  type TelemetryAttributes,
} from "./observe.ts";

/** The part of an OpenTelemetry meter, `metrics.getMeter("…")`, that is used. The packages of OpenTelemetry are not required. */
export interface Meter {
  createHistogram(
    name: string,
    options: { unit: string; description: string; advice?: { explicitBucketBoundaries?: number[] } },
  ): {
    record(value: number, attributes: TelemetryAttributes): void;
  };
  createCounter(
    name: string,
    options: { unit: string; description: string },
  ): {
    add(value: number, attributes: TelemetryAttributes): void;
  };
}

/** Seconds by which the semantic conventions group requests: by the default of SDKs, all below 5 s would be one group. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** The same for calls, which can wait for minutes. */
const CALL_BUCKETS = [...REQUEST_BUCKETS, 30, 60, 120, 300];

/** The attributes of an outcome. */
const outcomeAttributes = (outcome: Outcome): TelemetryAttributes => {
  const type = errorType(outcome);
  return {
    ...(outcome.buffered && { "http.response.status_code": outcome.buffered.response.status }),
    ...(type && { "error.type": type }),
  };
};

/** Records how long something took, in seconds. */
const recording = (
  meter: Meter,
  name: string,
  description: string,
  explicitBucketBoundaries: number[],
  attributesOf: (request: PipelineRequest) => TelemetryAttributes,
): Middleware => {
  const duration = meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries } });
  return (request, next) => {
    const start = performance.now();
    return observe(request, next, (outcome) =>
      duration.record((performance.now() - start) / 1000, { ...attributesOf(request), ...outcomeAttributes(outcome) }),
    );
  };
};

/** Records `http.client.request.duration` of each attempt, by the semantic conventions for HTTP clients, and counts repeated ones. */
export function attemptMetrics(meter: Meter, redactor: Redactor): Middleware {
  const record = recording(
    meter,
    "http.client.request.duration",
    "Duration of HTTP client requests.",
    REQUEST_BUCKETS,
    (request) => attemptAttributes(request, redactor),
  );
  const retries = meter.createCounter("imcloud.client.retries", {
    unit: "{request}",
    description: "Requests sent again.",
  });
  return (request, next) => {
    if (request.state.attempt > 1) ignoreErrors(() => retries.add(1, operationAttribute(request, redactor)));
    return record(request, next);
  };
}

/** Records how long each call took, its retries and its wait included: `imcloud.client.call.duration`. */
export const callMetrics = (meter: Meter, redactor: Redactor): Middleware =>
  recording(
    meter,
    "imcloud.client.call.duration",
    "Duration of calls, with retries and waits.",
    CALL_BUCKETS,
    (request) => operationAttribute(request, redactor),
  );
