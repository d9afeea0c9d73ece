import { parseBody } from "../core/calls/body.ts";
import { correlationIdOf } from "../core/errors/api-error.ts";
import type { BufferedResponse, Middleware, PipelineRequest } from "../core/pipeline.ts";
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

/** The part of an OpenTelemetry tracer, `trace.getTracer("…")`, that is used. The packages of OpenTelemetry are not required. */
export interface Tracer {
  startSpan(name: string, options: SpanOptions): Span;
  /** Starts a span and makes it the parent of those that start inside `work`. */
  startActiveSpan?<T>(name: string, options: SpanOptions, work: (span: Span) => T): T;
}

/** The options of an OpenTelemetry span that are used. */
export interface SpanOptions {
  kind: number;
  attributes: TelemetryAttributes;
}

/** The part of an OpenTelemetry span that is used. */
export interface Span {
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** `SpanKind.INTERNAL`, `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const INTERNAL = 0;
const CLIENT = 2;
const ERROR = 2;

function startSpan(tracer: Tracer, redactor: Redactor, request: PipelineRequest): Span {
  const { method, url, state } = request;
  const { origin, pathname } = new URL(url);
  const attributes = attemptAttributes(request, redactor);
  return tracer.startSpan(`${method} ${attributes["url.template"]}`, {
    kind: CLIENT,
    attributes: {
      ...attributes,
      ...operationAttribute(request, redactor),
      "url.full": redactor.text(origin + pathname),
      ...(state.attempt > 1 && { "http.request.resend_count": state.attempt - 1 }),
    },
  });
}

function showResponse(span: Span, redactor: Redactor, { response, text }: BufferedResponse): void {
  const { status, headers, ok } = response;
  const correlationId = correlationIdOf(headers, ok ? undefined : parseBody(text));
  span.setAttribute("http.response.status_code", status);
  if (correlationId) span.setAttribute("imcloud.correlation_id", redactor.text(correlationId));
}

function showFailure(span: Span, outcome: Outcome): void {
  const type = errorType(outcome);
  if (!type) return;
  span.setAttribute("error.type", type);
  span.setStatus({ code: ERROR });
}

/** Records the outcome, and ends the span even if that fails. */
function endSpan(span: Span, outcome: Outcome, showMore?: (buffered: BufferedResponse) => void): void {
  try {
    if (outcome.buffered) showMore?.(outcome.buffered);
    showFailure(span, outcome);
  } finally {
    span.end();
  }
}

/** Creates a span for each attempt, by the semantic conventions for HTTP clients. URLs are without their query. */
export const tracing =
  (tracer: Tracer, redactor: Redactor): Middleware =>
  (request, next) => {
    const span = ignoreErrors(() => startSpan(tracer, redactor, request));
    return observe(
      request,
      next,
      (outcome) => span && endSpan(span, outcome, (buffered) => showResponse(span, redactor, buffered)),
    );
  };

/** Creates a span for each call, around those of its attempts. The call is made once, whatever the tracer does. */
export const callTracing =
  (tracer: Tracer, redactor: Redactor): Middleware =>
  (request, next) => {
    const attributes = operationAttribute(request, redactor);
    let begun: Promise<BufferedResponse> | undefined;
    ignoreErrors(() =>
      tracer.startActiveSpan?.(
        `imcloud ${attributes["imcloud.operation"]}`,
        { kind: INTERNAL, attributes },
        (span) => (begun ??= observe(request, next, (outcome) => endSpan(span, outcome))),
      ),
    );
    return begun ?? next(request);
  };
