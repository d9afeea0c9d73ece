import { checkOptions, isObject, readable, text } from "@imcloud/options";
import { toApiError } from "../errors/api-error.ts";
import { withCaller } from "../errors/caller-stack.ts";
import { ApiError, ConnectionError, TimeoutError, UnknownOutcomeError } from "../errors/errors.ts";
import type { BufferedResponse, Handler, PipelineRequest } from "../pipeline.ts";
import { REQUEST_RULES, type RequestOptions } from "../request-options.ts";
import { type ApiPromise, CallPromise, type WithResponse } from "./api-promise.ts";
import { parseBody, toJson } from "./body.ts";
import { checkQuery, checkSearch } from "./check-query.ts";
import { mergeHeaders } from "./merge-headers.ts";
import type { QueryRule } from "./operation.ts";
import { isApplicationError, isOpenStatus, mayBeDone } from "./outcome.ts";
import { fillPath, withQuery } from "./url.ts";

/** Values for a call's path, query and body. */
export interface CallInput {
  path?: Record<string, string>;
  /** The path as it is sent, where it is not filled from the template. It can have a query. */
  target?: string | undefined;
  query?: object | undefined;
  body?: unknown;
  /** The operation takes an object as its body. */
  hasBody?: boolean | undefined;
  /** The document promises an object as its response. */
  givesObject?: boolean | undefined;
  /** It changes nothing, although it is no GET. */
  isSafe?: boolean | undefined;
  /** It changes what there is, and gives it: of that, some servers send no body. */
  isUpdate?: boolean | undefined;
  /** What the query can have. Without them it can have anything. */
  queryRules?: Readonly<Record<string, QueryRule>> | undefined;
}

/** Makes a call and gives its body; what the generated resource methods are made of. */
export type Call = <T>(
  operation: string,
  method: string,
  path: string,
  input: CallInput,
  options?: RequestOptions,
) => ApiPromise<T>;

/** Why the outcome of a write is unknown although it got a response. */
const notRefused = (cause: unknown): string | undefined =>
  cause instanceof ApiError && cause.status > 499 && !isApplicationError(cause.body)
    ? "The response is not in the form by which the API refuses: look before you send it again."
    : undefined;

/** Whether a failed write may have been done nevertheless. What the API itself says is believed. */
function isInDoubt({ isSafe, state }: PipelineRequest, error: unknown): boolean {
  if (isSafe || state.sentAt === undefined) return false;
  if (error instanceof ConnectionError) return !error.neverSent;
  return error instanceof ApiError ? isOpenStatus(error.status, error.body) : error instanceof TimeoutError;
}

function createPipelineRequest(
  baseUrl: string,
  ...[operation, method, template, input, options = {}]: Parameters<Call>
): PipelineRequest {
  const { path, target, body, hasBody, queryRules, isSafe = method === "GET" } = input;
  checkOptions(REQUEST_RULES, options, operation);
  if (hasBody) readable("an object")(body, `The body of ${operation}`);
  if (queryRules && target) checkSearch(operation, queryRules, target, input.query);
  const query = checkQuery(operation, queryRules, input.query);
  // Values that would make another call of it are refused by the pipeline.
  for (const [name, value] of Object.entries(path ?? {})) text(value, `${operation}: ${name}`);
  const filled = target ?? fillPath(template, path);
  const headers = mergeHeaders(operation, options.headers);
  if (body !== undefined) headers["content-type"] ??= "application/json";
  return {
    ...{ operation, method, template, path: filled.replace(/\?.*/, ""), headers, isSafe },
    url: baseUrl + withQuery(filled, query),
    body: body === undefined ? undefined : toJson(operation, body),
    signal: options.signal,
    timeout: options.timeout,
    waitTimeout: options.timeout,
    retry: options.retry,
    state: { attempt: 0 },
  };
}

/** Whether a body is what the document promises. Of an update, some servers send none. */
const isPromised = ({ givesObject, isUpdate }: CallInput, body: unknown): boolean =>
  !givesObject || isObject(body) || (body === undefined && isUpdate === true);

/** @throws {@link ApiError} when the status is not a success, or the body not what the document promises */
function readResponse<T>(
  request: PipelineRequest,
  input: CallInput,
  { response, text }: BufferedResponse,
): WithResponse<T> {
  const body = parseBody(text);
  if (!response.ok || body === text) throw toApiError(request, response, body);
  if (!isPromised(input, body)) throw toApiError(request, response, text);
  return { data: body as T, response };
}

/** Errors of calls that were refused for what they were given. */
const refused = new WeakSet<object>();

/** Whether a call was refused for what it was given: its query, its headers or its body. Nothing was sent. */
export const isRefused = (error: unknown): boolean => refused.has(error as object);

/** @throws {@link TypeError} of which {@link isRefused} is true */
function checkedRequest(...call: Parameters<typeof createPipelineRequest>): PipelineRequest {
  try {
    return createPipelineRequest(...call);
  } catch (error) {
    if (error instanceof Error) refused.add(error);
    throw error;
  }
}

/** Failures of writes that had left. */
const left = new WeakSet<object>();

/**
 * Whether a write failed after it had left, and nothing says that it was refused: a middleware threw, also the failure of another call,
 * or its response differs from the document.
 */
export const hasLeft = (error: unknown): boolean => left.has(error as object);

/** Makes calls below a base URL, through a pipeline. */
export function createCall(baseUrl: string, send: Handler): Call {
  async function perform<T>(...call: Parameters<Call>): Promise<WithResponse<T>> {
    const request = checkedRequest(baseUrl, ...call);
    try {
      return readResponse<T>(request, call[3], await send(request));
    } catch (cause) {
      const isLeft = mayBeDone(request, cause);
      // What a middleware throws can be anything, and of these it cannot be remembered that it had left.
      const isPrimitive = Object(cause) !== cause;
      if (isLeft && !isPrimitive) left.add(cause as object);
      // The reason of an abort is the caller's own.
      const isLost = isLeft && isPrimitive && !request.signal?.aborted;
      if (!isLost && !isInDoubt(request, cause)) throw cause;
      const { operation, method, path, state } = request;
      const [, , , { body }] = call;
      const sentAt = new Date(state.sentAt ?? 0);
      throw new UnknownOutcomeError({ operation, method, path, body, sentAt, cause, reason: notRefused(cause) });
    }
  }

  return <T>(...call: Parameters<Call>) => {
    const callSite = new Error();
    // Immediately: a write is sent even when its promise is never awaited.
    const outcome = perform<T>(...call).catch((error: unknown) => {
      throw withCaller(error, callSite);
    });
    return new CallPromise(() => outcome);
  };
}
