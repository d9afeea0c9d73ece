import { apiError } from "./api-error.ts";
import { ApiPromise, type WithResponse } from "./api-promise.ts";
import { parseBody } from "./body.ts";
import { connectionError } from "./connection.ts";
import type { Send } from "./send.ts";

/** What a single call can set for itself. */
export interface RequestOptions {
  /** Aborts the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds until the call fails with a {@link TimeoutError}, in place of the client's; 0 for no limit. */
  timeout?: number;
  /** Headers to add, or to send in place of the client's own. */
  headers?: Record<string, string>;
}

/** Values for a call's path, query and body. */
export interface CallInput {
  path?: Record<string, string>;
  query?: object | undefined;
  body?: unknown;
}

/** Makes a call and gives its body; what the generated resource methods are made of. */
export type Call = <T>(
  operation: string,
  method: string,
  path: string,
  input: CallInput,
  options?: RequestOptions,
) => ApiPromise<T>;

/** openapi-fetch's `request` without its types, which the resource methods have already applied. */
export type AnyRequest = (
  method: string,
  path: string,
  init: Record<string, unknown>,
) => Promise<{ data?: string; error?: unknown; response: Response }>;

/** The path with its values, for error messages. */
const filled = (path: string, values: Record<string, string> = {}) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));

/** Refuses values that would make another call of it: `/customers/` and `/customers/x/..` list. */
function checkPathValue(operation: string, name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`${operation} needs ${name} to be a string that is not empty.`);
  }
  if (value === "." || value === "..") throw new TypeError(`${operation} cannot have "${value}" as its ${name}.`);
}

export function createCall(request: AnyRequest, send: Send): Call {
  async function perform<T>(
    operation: string,
    method: string,
    path: string,
    input: CallInput,
    { signal, timeout, headers }: RequestOptions = {},
  ): Promise<WithResponse<T>> {
    for (const [name, value] of Object.entries(input.path ?? {})) checkPathValue(operation, name, value);
    const call = { operation, method, path: filled(path, input.path) };
    let isAnswered = false;
    const { data, error, response } = await request(method, path, {
      params: { path: input.path, query: input.query },
      body: input.body,
      headers,
      ...(signal && { signal }),
      parseAs: "text",
      fetch: async (request: Request) => {
        const answer = await send(request, { timeout });
        isAnswered = true;
        return answer;
      },
    }).catch((failure: unknown) => {
      // After the answer it is the reading that failed; before it the pipeline has said what is wrong.
      throw isAnswered ? connectionError(failure, { method, signal }) : failure;
    });
    if (!response.ok) throw apiError(call, response, error === "" ? undefined : error);
    const body = parseBody(data ?? "");
    const isJson = data === undefined || body !== data;
    if (!isJson) throw apiError(call, response, body);
    return { data: body as T, response };
  }

  return <T>(...call: Parameters<Call>) => {
    // At once: a write that nobody waits for is sent all the same.
    const outcome = perform<T>(...call);
    return new ApiPromise(() => outcome);
  };
}
