import { apiError } from "../errors/api-error.ts";
import { ApiError, ConnectionError, GatewayError, TimeoutError, UnknownOutcomeError } from "../errors/errors.ts";
import type { RetryOptions } from "../pipeline/retry.ts";
import type { Answer, Outgoing, Send } from "../pipeline/send.ts";
import { ApiPromise, type WithResponse } from "./api-promise.ts";
import { parseBody } from "./body.ts";
import { pathOf, searchOf } from "./url.ts";

/** What a single call can set for itself. */
export interface RequestOptions {
  /** Aborts the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds until one attempt fails with a {@link TimeoutError}, in place of the client's; 0 for no limit. */
  timeout?: number;
  /** Headers to add, or to send in place of the client's own. */
  headers?: Record<string, string>;
  /** How often the call is sent again, in place of the client's; `false` for never. */
  retry?: RetryOptions | false;
}

/** Values for a call's path, query and body. */
export interface CallInput {
  path?: Record<string, string>;
  query?: object | undefined;
  body?: unknown;
  /** It changes nothing, although it is no GET. */
  isSafe?: boolean;
}

/** Makes a call and gives its body; what the generated resource methods are made of. */
export type Call = <T>(
  operation: string,
  method: string,
  path: string,
  input: CallInput,
  options?: RequestOptions,
) => ApiPromise<T>;

/** Refuses values that would make another call of it: `/customers/` and `/customers/x/..` list. */
function checkPathValue(operation: string, name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`${operation} needs ${name} to be a string that is not empty.`);
  }
  if (value === "." || value === "..") throw new TypeError(`${operation} cannot have "${value}" as its ${name}.`);
}

/** Whether a failed write may have happened all the same. What the API says itself is taken at its word. */
function isInDoubt({ isSafe, sentAt }: Outgoing, error: unknown): boolean {
  if (isSafe || sentAt === undefined) return false;
  if (error instanceof ConnectionError) return !error.isRefused;
  if (!(error instanceof ApiError)) return error instanceof TimeoutError;
  const { status } = error;
  return (
    status === 408 ||
    (status > 501 && status < 505) ||
    (error instanceof GatewayError && (status < 300 || status > 499))
  );
}

export function createCall(baseUrl: string, send: Send): Call {
  async function perform<T>(
    operation: string,
    method: string,
    template: string,
    { path, query, body, isSafe = method === "GET" }: CallInput,
    { headers, ...options }: RequestOptions = {},
  ): Promise<WithResponse<T>> {
    for (const [name, value] of Object.entries(path ?? {})) checkPathValue(operation, name, value);
    const filled = pathOf(template, path);
    const call: Outgoing = {
      ...options,
      operation,
      method,
      template,
      path: filled,
      url: baseUrl + filled + searchOf(query),
      // The platform checks them, and has their names in lower case.
      headers: headers ? Object.fromEntries(new Headers(headers)) : {},
      isSafe,
      attempt: 0,
    };
    if (body !== undefined) {
      call.body = JSON.stringify(body);
      call.headers["content-type"] ??= "application/json";
    }
    try {
      return readAnswer<T>(call, await send(call));
    } catch (cause) {
      if (!isInDoubt(call, cause)) throw cause;
      throw new UnknownOutcomeError({
        operation,
        method,
        path: call.path,
        body,
        sentAt: new Date(call.sentAt ?? 0),
        cause,
      });
    }
  }

  return <T>(...call: Parameters<Call>) => {
    // At once: a write that nobody waits for is sent all the same.
    const outcome = perform<T>(...call);
    return new ApiPromise(() => outcome);
  };
}

function readAnswer<T>(call: Outgoing, { response, text }: Answer): WithResponse<T> {
  const body = parseBody(text);
  const isText = body === text;
  if (!response.ok || isText) throw apiError(call, response, body);
  return { data: body as T, response };
}
