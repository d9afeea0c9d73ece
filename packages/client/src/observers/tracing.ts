import { correlationIdOf } from "../core/api-error.ts";
import { parseBody } from "../core/body.ts";
import type { BufferedResponse, Middleware, PipelineRequest } from "../core/pipeline.ts";
import type { Redactor } from "../core/redact.ts";
import { quietly } from "../middleware/quietly.ts";

type AttributeValue = string | number;

/** What is used of an OpenTelemetry tracer, `trace.getTracer("…")`; the packages of OpenTelemetry are not needed for it. */
export interface Tracer {
  startSpan(name: string, options: SpanOptions): Span;
  /** Makes a span of which those that begin meanwhile are part. */
  startActiveSpan?<T>(name: string, options: SpanOptions, work: (span: Span) => T): T;
}

/** What is used of the options of an OpenTelemetry span. */
export interface SpanOptions {
  kind: number;
  attributes: Record<string, AttributeValue>;
}

/** What is used of an OpenTelemetry span. */
export interface Span {
  setAttribute(name: string, value: AttributeValue): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** `SpanKind.INTERNAL`, `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const INTERNAL = 0;
const CLIENT = 2;
const ERROR = 2;

function startSpan(tracer: Tracer, redactor: Redactor, request: PipelineRequest): Span {
  const { operation, method, template, url, state } = request;
  const { origin, hostname, port, protocol, pathname } = new URL(url);
  return tracer.startSpan(`${method} ${redactor.text(template)}`, {
    kind: CLIENT,
    attributes: {
      "http.request.method": method,
      "server.address": hostname,
      "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
      "url.full": redactor.text(origin + pathname),
      "url.template": redactor.text(template),
      "imcloud.operation": redactor.text(operation),
      ...(state.attempt > 1 && { "http.request.resend_count": state.attempt - 1 }),
    },
  });
}

function setResponse(span: Span, redactor: Redactor, { response, text }: BufferedResponse): void {
  const { status, headers, ok } = response;
  const correlationId = correlationIdOf(headers, ok ? undefined : parseBody(text));
  span.setAttribute("http.response.status_code", status);
  if (correlationId) span.setAttribute("imcloud.correlation_id", redactor.text(correlationId));
  if (status >= 400) setFailure(span, String(status));
}

function setFailure(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: ERROR });
}

/** Makes a span for each attempt, by the semantic conventions for HTTP clients. Queries are left out of URLs. */
export const tracing =
  (tracer: Tracer, redactor: Redactor): Middleware =>
  async (request, next) => {
    const span = quietly(() => startSpan(tracer, redactor, request));
    try {
      const buffered = await next(request);
      quietly(() => span && setResponse(span, redactor, buffered));
      return buffered;
    } catch (error) {
      quietly(() => span && setFailure(span, error instanceof Error ? error.name : "_OTHER"));
      throw error;
    } finally {
      quietly(() => span?.end());
    }
  };

/** Makes a span for each call, around those of its attempts. */
export const callTracing =
  (tracer: Tracer): Middleware =>
  (request, next) => {
    const { operation } = request;
    if (!tracer.startActiveSpan) return next(request);
    return tracer.startActiveSpan(
      `imcloud ${operation}`,
      { kind: INTERNAL, attributes: { "imcloud.operation": operation } },
      async (span) => {
        try {
          const buffered = await next(request);
          const { status } = buffered.response;
          if (status >= 400) quietly(() => setFailure(span, String(status)));
          return buffered;
        } catch (error) {
          quietly(() => setFailure(span, error instanceof Error ? error.name : "_OTHER"));
          throw error;
        } finally {
          quietly(() => span.end());
        }
      },
    );
  };
