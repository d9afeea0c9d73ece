import type { ApplicationErrorBody, FrameworkErrorBody, GatewayErrorBody } from "@imcloud/spec";

/** Bytes in pieces, of which a stream takes one at a time. */
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
  /** What becomes JSON; a text, bytes and {@link ByteChunks} are sent as they are. */
  body: unknown;
  /** The body was held against the document already. */
  isValidated?: true;
}

/** The header that quotes a response's correlation id. */
export const CORRELATION_ID = "X-Correlation-ID";

/**
 * Gives a response a correlation id of its own, which the header and an error's body share, and an error's body the time.
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

/** Whether a body has a place for a stamp, as those of errors do. */
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

/** An error as the application words it. */
export function applicationError(
  status: number,
  message: string,
  path: string,
  headers?: Record<string, string>,
): ApiResponse {
  const body: ApplicationErrorBody = { timeStamp: "", status, message, path, correlationId: "" };
  return json(status, body, headers);
}

/** Reason phrases of the errors that the framework responds with by itself (RFC 9110 §15.5). */
const REASONS = { 404: "Not Found", 405: "Method Not Allowed" } as const;

/** An error as the framework words it: for requests that reach no operation. */
export function frameworkError(
  status: keyof typeof REASONS,
  path: string,
  headers?: Record<string, string>,
): ApiResponse {
  const body: FrameworkErrorBody = { timestamp: "", status, error: REASONS[status], path, correlationId: "" };
  return json(status, body, headers);
}

/** An error as the gateway words it. */
export function gatewayError(statusCode: number, message: string, headers?: Record<string, string>): ApiResponse {
  const body: GatewayErrorBody = { statusCode, message };
  return json(statusCode, body, headers);
}

/** A response in place of an operation's, for a request that never reaches it. */
export class HttpError extends Error {
  readonly response: ApiResponse;

  constructor(response: ApiResponse) {
    super(String(response.statusCode));
    this.response = response;
  }
}

/** A connection that is to be broken in place of a response. */
export class BrokenConnection extends Error {}

/** What is sent as the body of a response. */
export const contentOf = ({ body }: ApiResponse): string | Uint8Array =>
  body === undefined ? "" : typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
