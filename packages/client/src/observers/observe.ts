import type { BufferedResponse, Handler, PipelineRequest } from "../core/pipeline.ts";
import type { Redactor } from "../core/secrets/redact-by-name.ts";
import { ignoreErrors } from "../middleware/ignore-errors.ts";

/** How a call or an attempt ended: with a response, or with what was thrown. */
export type Outcome = { buffered: BufferedResponse; error?: undefined } | { buffered?: undefined; error: unknown };

/** Goes on, and shows how it ended. What an observer throws is not the call's failure: an order was placed, shown or not. */
export async function observe(
  request: PipelineRequest,
  next: Handler,
  show: (outcome: Outcome) => unknown,
): Promise<BufferedResponse> {
  try {
    const buffered = await next(request);
    ignoreErrors(() => show({ buffered }));
    return buffered;
  } catch (error) {
    ignoreErrors(() => show({ error }));
    throw error;
  }
}

/** Attributes of a span or a metric. */
export type TelemetryAttributes = Record<string, string | number>;

/** The `error.type` of OpenTelemetry: a status that is no success, or the name of what was thrown. `undefined` after a success. */
export function errorType({ buffered, error }: Outcome): string | undefined {
  if (!buffered) return error instanceof Error ? error.name : "_OTHER";
  const { status } = buffered.response;
  return status >= 400 ? String(status) : undefined;
}

/** What the semantic conventions for HTTP clients say of an attempt, in spans and metrics. */
export function attemptAttributes({ method, template, url }: PipelineRequest, redactor: Redactor): TelemetryAttributes {
  const { hostname, port, protocol } = new URL(url);
  return {
    "http.request.method": method,
    // A path that the document does not have is its own template.
    "url.template": redactor.text(template),
    // An IPv6 address is one without the brackets of URLs.
    "server.address": hostname.replace(/[[\]]/g, ""),
    "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
  };
}

/** The operation of a call, in spans and metrics. */
export const operationAttribute = ({ operation }: PipelineRequest, redactor: Redactor): TelemetryAttributes => ({
  "imcloud.operation": redactor.text(operation),
});
