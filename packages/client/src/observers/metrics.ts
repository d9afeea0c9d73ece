import type { BufferedResponse, Handler, Middleware, PipelineRequest } from "../core/pipeline.ts";
import { quietly } from "../middleware/quietly.ts";

type Attributes = Record<string, string | number>;

/** What is used of an OpenTelemetry meter, `metrics.getMeter("…")`; the packages of OpenTelemetry are not needed for it. */
export interface Meter {
  createHistogram(
    name: string,
    options: { unit: string; description: string },
  ): {
    record(value: number, attributes: Attributes): void;
  };
  createCounter(
    name: string,
    options: { unit: string; description: string },
  ): {
    add(value: number, attributes: Attributes): void;
  };
}

/** The `error.type` of what was thrown. */
export const errorType = (error: unknown): string => (error instanceof Error ? error.name : "_OTHER");

/** Runs something, and tells how it ended: the attributes of its outcome. */
async function observe(
  request: PipelineRequest,
  next: Handler,
  end: (outcome: Attributes) => void,
): Promise<BufferedResponse> {
  try {
    const buffered = await next(request);
    const { status } = buffered.response;
    quietly(() => end({ "http.response.status_code": status, ...(status >= 400 && { "error.type": String(status) }) }));
    return buffered;
  } catch (error) {
    quietly(() => end({ "error.type": errorType(error) }));
    throw error;
  }
}

/** Records `http.client.request.duration` of each attempt, by the semantic conventions for HTTP clients, and counts repeated ones. */
export function attemptMetrics(meter: Meter): Middleware {
  const duration = meter.createHistogram("http.client.request.duration", {
    unit: "s",
    description: "Duration of HTTP client requests.",
  });
  const retries = meter.createCounter("imcloud.client.retries", {
    unit: "{request}",
    description: "Requests sent again.",
  });
  return (request, next) => {
    const start = performance.now();
    const { operation, method, template, url, state } = request;
    const { hostname, port, protocol } = new URL(url);
    const attributes = {
      "http.request.method": method,
      "url.template": template,
      "server.address": hostname,
      "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
    };
    if (state.attempt > 1) quietly(() => retries.add(1, { "imcloud.operation": operation }));
    return observe(request, next, (outcome) =>
      duration.record((performance.now() - start) / 1000, { ...attributes, ...outcome }),
    );
  };
}

/** Records how long each call took, its retries and its wait included: `imcloud.client.call.duration`. */
export function callMetrics(meter: Meter): Middleware {
  const duration = meter.createHistogram("imcloud.client.call.duration", {
    unit: "s",
    description: "Duration of calls, with retries and waits.",
  });
  return (request, next) => {
    const start = performance.now();
    return observe(request, next, (outcome) =>
      duration.record((performance.now() - start) / 1000, { "imcloud.operation": request.operation, ...outcome }),
    );
  };
}
