import type { ApplicationErrorBody, FrameworkErrorBody, GatewayErrorBody } from "@imcloud/spec";

/** Bytes in chunks, for streaming. */
export class ByteChunks {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  readonly length: number;

  constructor(chunks: readonly Uint8Array<ArrayBuffer>[]) {
    this.chunks = chunks;
    this.length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

/** A response of the API before it is written. */
export interface ApiResponse {
  statusCode: number;
  headers?: Record<string, string>;
  /** Values of `Set-Cookie`, each sent as a header of its own, as they cannot be joined (RFC 9110 §5.3). */
  cookies?: readonly string[];
  /** A value to serialize as JSON. Text, bytes and {@link ByteChunks} are sent unchanged. */
  body: unknown;
  /** Whether the body is already validated. */
  isValidated?: true;
}

/** The header of a response's correlation id. */
export const CORRELATION_ID = "X-Correlation-ID";

/**
 * Adds a correlation id to a response's header and to an error's body, and the time to an error's body.
 * @param time milliseconds since 1970
 */
export function withCorrelation<T extends { headers?: Record<string, string>; body?: unknown }>(
  response: T,
  time: number,
): T {
  if (response.headers?.[CORRELATION_ID]) return response;
  const correlationId = `a8n-${crypto.randomUUID()}`;
  return {
    ...response,
    headers: { ...response.headers, [CORRELATION_ID]: correlationId },
    body: isStamped(response.body)
      ? { ...response.body, ...stampsOf(response.body, time, correlationId) }
      : response.body,
  };
}

/** Whether a body has members for the id and the time, as errors do. */
const isStamped = (body: unknown): body is object =>
  typeof body === "object" && body !== null && ("correlationId" in body || "timeStamp" in body || "timestamp" in body);

function stampsOf(body: object, time: number, correlationId: string): object {
  const at = new Date(time).toISOString().replace("Z", "+00:00");
  return {
    ...("correlationId" in body && { correlationId }),
    ...("timeStamp" in body && { timeStamp: at }),
    ...("timestamp" in body && { timestamp: at }),
  };
}

/** A response with a JSON body. */
export const json = (statusCode: number, body: unknown, headers: Record<string, string> = {}): ApiResponse => ({
  statusCode,
  headers: { "content-type": "application/json", ...headers },
  body,
});

/** An error in the application's shape. */
export function applicationError(
  status: number,
  message: string,
  path: string,
  headers?: Record<string, string>,
): ApiResponse {
  const body: ApplicationErrorBody = { timeStamp: "", status, message, path, correlationId: "" };
  return json(status, body, headers);
}

/** Reason phrases of the framework's own errors (RFC 9110 §15.5). */
const REASONS = { 404: "Not Found", 405: "Method Not Allowed" } as const;

/** An error in the framework's shape, for requests that reach no operation. */
export function frameworkError(
  status: keyof typeof REASONS,
  path: string,
  headers?: Record<string, string>,
): ApiResponse {
  const body: FrameworkErrorBody = { timestamp: "", status, error: REASONS[status], path, correlationId: "" };
  return json(status, body, headers);
}

/** An error in the gateway's shape. */
export function gatewayError(statusCode: number, message: string, headers?: Record<string, string>): ApiResponse {
  const body: GatewayErrorBody = { statusCode, message };
  return json(statusCode, body, headers);
}

/** Thrown to respond to a request before it reaches its operation. */
export class HttpError extends Error {
  readonly response: ApiResponse;

  constructor(response: ApiResponse) {
    super(String(response.statusCode));
    this.response = response;
  }
}

/** Thrown to break the connection instead of responding. */
export class BrokenConnection extends Error {}

/** The content to send for a response's body. */
export const contentOf = ({ body }: ApiResponse): string | Uint8Array =>
  body === undefined ? "" : typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
