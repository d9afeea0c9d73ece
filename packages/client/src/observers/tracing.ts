import { parseBody } from "../core/calls/body.ts";
import { correlationIdOf } from "../core/errors/api-error.ts";
import type { BufferedResponse, Handler, Middleware, PipelineRequest } from "../core/pipeline.ts";
import type { Redactor } from "../core/secrets/redact.ts";
import { quietly } from "../middleware/quietly.ts";
import { errorType } from "./metrics.ts";

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

function setResponse(span: Span, redactor: Redactor, buffered: BufferedResponse): void {
  const { response, text } = buffered;
  const { status, headers, ok } = response;
  const correlationId = correlationIdOf(headers, ok ? undefined : parseBody(text));
  span.setAttribute("http.response.status_code", status);
  if (correlationId) span.setAttribute("imcloud.correlation_id", redactor.text(correlationId));
  setStatus(span, buffered);
}

function setStatus(span: Span, { response: { status } }: BufferedResponse): void {
  if (status >= 400) setFailure(span, String(status));
}

function setFailure(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: ERROR });
}

/** Goes on in a span, which ends with the response. */
async function inSpan(
  span: Span | undefined,
  request: PipelineRequest,
  next: Handler,
  show: (span: Span, buffered: BufferedResponse) => void,
): Promise<BufferedResponse> {
  try {
    const buffered = await next(request);
    quietly(() => span && show(span, buffered));
    return buffered;
  } catch (error) {
    quietly(() => span && setFailure(span, errorType(error)));
    throw error;
  } finally {
    quietly(() => span?.end());
  }
}

/** Makes a span for each attempt, by the semantic conventions for HTTP clients. Queries are left out of URLs. */
export const tracing =
  (tracer: Tracer, redactor: Redactor): Middleware =>
  (request, next) =>
    inSpan(
      quietly(() => startSpan(tracer, redactor, request)),
      request,
      next,
      (span, buffered) => setResponse(span, redactor, buffered),
    );

/** Makes a span for each call, around those of its attempts. The call is made once, whatever the tracer does with it. */
export const callTracing =
  (tracer: Tracer, redactor: Redactor): Middleware =>
  (request, next) => {
    const operation = redactor.text(request.operation);
    let begun: Promise<BufferedResponse> | undefined;
    quietly(() =>
      tracer.startActiveSpan?.(
        `imcloud ${operation}`,
        { kind: INTERNAL, attributes: { "imcloud.operation": operation } },
        (span) => (begun ??= inSpan(span, request, next, setStatus)),
      ),
    );
    return begun ?? next(request);
  };
