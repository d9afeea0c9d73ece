import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { ApplicationErrorBody, FrameworkErrorBody, GatewayErrorBody } from "@imcloud/spec";

/** An answer of the mock before it is written. */
export interface Answer {
  statusCode: number;
  headers?: Record<string, string>;
  body: unknown;
}

/** The answer under a correlation id of its own, which the header and an error's body share. */
export function correlated<T extends { headers?: Record<string, string>; body?: unknown }>(answer: T): T {
  const correlationId = `a8n-${randomUUID()}`;
  const { body } = answer;
  const isNamed = typeof body === "object" && body !== null && "correlationId" in body;
  return {
    ...answer,
    headers: { ...answer.headers, "X-Correlation-ID": correlationId },
    body: isNamed ? { ...body, correlationId } : body,
  };
}

const now = () => new Date().toISOString().replace("Z", "+00:00");

const json = (statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { "content-type": "application/json", ...headers },
  body,
});

/** An error as the application words it. */
export function applicationError(
  status: number,
  message: string,
  path: string,
  headers?: Record<string, string>,
): Answer {
  const body: ApplicationErrorBody = { timeStamp: now(), status, message, path, correlationId: "" };
  return json(status, body, headers);
}

/** An error as the framework words it: for requests that reach no operation. */
export function frameworkError(status: number, path: string): Answer {
  const body: FrameworkErrorBody = {
    timestamp: now(),
    status,
    error: STATUS_CODES[status] ?? "Error",
    path,
    correlationId: "",
  };
  return json(status, body);
}

/** An error as the gateway words it. */
export function gatewayError(statusCode: number, message: string): Answer {
  const body: GatewayErrorBody = { statusCode, message };
  return json(statusCode, body);
}
