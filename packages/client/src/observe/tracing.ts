import { parseBody } from "../calls/body.ts";
import { correlationIdOf } from "../errors/api-error.ts";
import type { Observer } from "./observer.ts";
import type { Redactor } from "./redact.ts";

type AttributeValue = string | number;

/** What is used of an OpenTelemetry tracer, `trace.getTracer("…")`; the packages of OpenTelemetry are not needed for it. */
export interface Tracer {
  startSpan(name: string, options: { kind: number; attributes: Record<string, AttributeValue> }): Span;
}

/** What is used of an OpenTelemetry span. */
export interface Span {
  setAttribute(name: string, value: AttributeValue): unknown;
  setStatus(status: { code: number }): unknown;
  end(): void;
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const CLIENT = 2;
const ERROR = 2;

/** Makes a span for each time that a call is sent, by the semantic conventions for HTTP clients. Queries are left out of URLs. */
export const createTracing =
  (tracer: Tracer, redactor: Redactor): Observer =>
  ({ operation, method, template, url, attempt }) => {
    const { origin, hostname, port, protocol, pathname } = new URL(url);
    const span = tracer.startSpan(`${method} ${redactor.text(template)}`, {
      kind: CLIENT,
      attributes: {
        "http.request.method": method,
        "server.address": hostname,
        "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
        "url.full": redactor.text(origin + pathname),
        "url.template": redactor.text(template),
        "imcloud.operation": redactor.text(operation),
        ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
      },
    });
    return ({ answer, error }) => {
      const status = answer?.response.status;
      const correlationId = answer && correlationIdOf(answer.response.headers, parseBody(answer.text));
      if (status) span.setAttribute("http.response.status_code", status);
      if (correlationId) span.setAttribute("imcloud.correlation_id", redactor.text(correlationId));
      if (!status || status >= 400) {
        span.setAttribute("error.type", status ? String(status) : error instanceof Error ? error.name : "_OTHER");
        span.setStatus({ code: ERROR });
      }
      span.end();
    };
  };
