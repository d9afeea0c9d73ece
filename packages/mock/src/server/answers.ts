import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { ApplicationErrorBody, FrameworkErrorBody, GatewayErrorBody } from "@imcloud/spec";
import type { IHttpResponse } from "@stoplight/prism-http";

/** An answer of the mock before it is written. */
export interface Answer {
  statusCode: number;
  headers?: Record<string, string>;
  body: unknown;
}

type Stampable = { headers?: Record<string, string>; body?: unknown };

/** The answer under a correlation id of its own, which the header and an error's body share, and an error with the time. */
export function stamped<T extends Stampable>(answer: T, time: number): T {
  if (answer.headers?.[CORRELATION_ID]) return answer;
  const correlationId = `a8n-${randomUUID()}`;
  const { body } = answer;
  return {
    ...answer,
    headers: { ...answer.headers, [CORRELATION_ID]: correlationId },
    body: isObject(body) ? { ...body, ...stampsOf(body, time, correlationId) } : body,
  };
}

export const CORRELATION_ID = "X-Correlation-ID";

const isObject = (body: unknown): body is object => typeof body === "object" && body !== null;

function stampsOf(body: object, time: number, correlationId: string): object {
  const at = new Date(time).toISOString().replace("Z", "+00:00");
  return {
    ...("correlationId" in body && { correlationId }),
    ...("timeStamp" in body && { timeStamp: at }),
    ...("timestamp" in body && { timestamp: at }),
  };
}

export const json = (statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { "content-type": "application/json", ...headers },
  body,
});

/** An answer as Prism's components give it. */
export const asPrismAnswer = (answer: Answer): IHttpResponse => answer as IHttpResponse;

/** An error as the application words it. */
export function applicationError(
  status: number,
  message: string,
  path: string,
  headers?: Record<string, string>,
): Answer {
  const body: ApplicationErrorBody = { timeStamp: "", status, message, path, correlationId: "" };
  return json(status, body, headers);
}

/** An error as the framework words it: for requests that reach no operation. */
export function frameworkError(status: number, path: string): Answer {
  const body: FrameworkErrorBody = {
    timestamp: "",
    status,
    error: STATUS_CODES[status] ?? "Error",
    path,
    correlationId: "",
  };
  return json(status, body);
}

/** An error as the gateway words it. */
export function gatewayError(statusCode: number, message: string, headers?: Record<string, string>): Answer {
  const body: GatewayErrorBody = { statusCode, message };
  return json(statusCode, body, headers);
}
