import type { ApiError, ImcloudClient, RequestOptions, WithResponse } from "@imcloud/client";
import { expect } from "vitest";
import type { NamedOperation } from "../../scripts/document.ts";
import { hasId, knownId, requestExamples } from "../support/document.ts";

export interface Arguments {
  id?: string;
  body?: unknown;
  query?: object;
  options?: RequestOptions;
}

/** Calls an operation by its resource method, with its arguments in the order that every method has. */
export function callOperation(
  imcloud: ImcloudClient,
  operation: NamedOperation,
  { id, body, query, options }: Arguments = {},
) {
  const resources = imcloud as unknown as Record<
    string,
    Record<string, (...words: unknown[]) => { withResponse(): Promise<WithResponse<unknown>> }>
  >;
  const method = resources[operation.resource]?.[operation.name];
  if (!method) throw new Error(`The client has no ${operation.resource}.${operation.name}().`);
  const [firstBody] = requestExamples(operation);
  return method(
    ...(hasId(operation) ? [id ?? knownId(operation)] : []),
    ...(firstBody ? [body ?? firstBody[1]] : []),
    ...(takesQuery(operation) ? [query] : []),
    options,
  ).withResponse();
}

const takesQuery = ({ parameters }: NamedOperation) => parameters.some((parameter) => parameter.in === "query");

/** A request that the document forbids, and the word that its refusal must name. */
export function badArguments(operation: NamedOperation): { arguments: Arguments; named: string } {
  const [example] = requestExamples(operation);
  if (example) {
    const [first] = Object.keys(example[1] as object);
    // No field of a request is an array of numbers.
    return { arguments: { body: { ...(example[1] as object), [String(first)]: [1] } }, named: String(first) };
  }
  if (takesQuery(operation)) return { arguments: { query: { limit: -1 } }, named: "limit" };
  const { name } = operation.parameters.find((parameter) => parameter.in === "path") ?? { name: "" };
  return { arguments: { id: "no~digits" }, named: name };
}

/** The error of a call that has to fail. */
export const failureOf = (promise: Promise<unknown>): Promise<ApiError> =>
  promise.then(
    () => expect.fail("The call succeeded."),
    (error: ApiError) => error,
  );
