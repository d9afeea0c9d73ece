import type { ApiError, ImcloudClient, RequestOptions, WithResponse } from "@imcloud/client";
import type { NamedOperation } from "@imcloud/openapi-tools/document";
import { expect } from "vitest";
import { knownIds, requestExamples } from "../support/document.ts";

export interface Arguments {
  /** The path parameters' values, in the path's order. */
  ids?: string[];
  body?: unknown;
  query?: object;
  options?: RequestOptions;
}

/** Calls an operation's resource method: path parameters first, then the body or the query. */
export function callOperation(
  imcloud: ImcloudClient,
  operation: NamedOperation,
  { ids, body, query, options }: Arguments = {},
) {
  const resources = imcloud as unknown as Record<
    string,
    Record<string, (...words: unknown[]) => { withResponse(): Promise<WithResponse<unknown>> }>
  >;
  const method = resources[operation.resource]?.[operation.name];
  if (!method) throw new Error(`The client has no ${operation.resource}.${operation.name}().`);
  const [firstBody] = requestExamples(operation);
  return method(
    ...(ids ?? knownIds(operation)),
    ...(firstBody ? [body ?? firstBody[1]] : []),
    ...(takesQuery(operation) ? [query] : []),
    options,
  ).withResponse();
}

const takesQuery = ({ parameters }: NamedOperation) => parameters.some((parameter) => parameter.in === "query");

/** Replaces or changes a request before it is sent. */
export type Edit = (request: Request) => Request | undefined;

/** An invalid call, and the name that its error message must contain. */
interface BadCall {
  arguments: Arguments;
  /** Makes a request that the client itself would not send. */
  edit?: Edit;
  named: string;
}

/** The request with an invalid limit. */
function withLimit(request: Request): Request {
  const url = new URL(request.url);
  if (url.pathname.endsWith("/token")) return request;
  url.searchParams.set("limit", "-1");
  return new Request(url, request);
}

/** An invalid call of an operation. */
export function badCall(operation: NamedOperation): BadCall {
  const [example] = requestExamples(operation);
  if (example) {
    const [first] = Object.keys(example[1] as object);
    // No field of a request is an array of numbers.
    return { arguments: { body: { ...(example[1] as object), [String(first)]: [1] } }, named: String(first) };
  }
  if (takesQuery(operation)) return { arguments: {}, edit: withLimit, named: "limit" };
  const name = String(operation.parameters.findLast((parameter) => parameter.in === "path")?.name);
  return { arguments: { ids: knownIds(operation).with(-1, "no~digits") }, named: name };
}

/** The error of a call that has to fail. */
export const failureOf = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => expect.fail("The call succeeded."),
    (error: ApiError) => error,
  );
