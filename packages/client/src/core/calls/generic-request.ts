import { must, quote, readable, wholeText } from "@imcloud/options";
import type { RequestOptions } from "../request-options.ts";
import type { ApiPromise } from "./api-promise.ts";
import { checkBodiless } from "./body.ts";
import type { Call } from "./call.ts";
import type { FindOperation } from "./operation.ts";

/** What a generic call can send. */
export interface GenericRequestOptions extends RequestOptions {
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * Makes an authenticated call that the document may not have. One that it has is checked as its method does: the names and values of
 * its query, also behind a question mark in the path, and whether it may be sent again.
 * @param path below the base URL, starting with a slash; it can have a query
 * @throws {@link ApiError}, {@link ConnectionError}, {@link TimeoutError} and {@link UnknownOutcomeError} as the resource methods do
 * @throws {@link TypeError} when the path does not start with a slash, and for a query that the document does not have
 */
export type GenericRequest = <T = unknown>(
  method: string,
  path: string,
  options?: GenericRequestOptions,
) => ApiPromise<T>;

// With a method that `fetch` does not send, its error would look as if the request may have been sent.
const methodRule = /* @__PURE__ */ must(
  "one of HTTP, such as GET",
  (method) => typeof method === "string" && /^(?!(connect|trace|track)$)[a-z]+$/i.test(method),
);

// An absolute URL would carry the token to another host.
const pathRule = /* @__PURE__ */ must(
  "a string that starts with a slash",
  (path: string) => typeof path === "string" && path.startsWith("/"),
  quote,
);

/** Makes what makes calls to any path. Those that the document has are made as its operations. */
export const createGenericRequest =
  (call: Call, find: FindOperation): GenericRequest =>
  (method, path, given = {}) => {
    readable("an object")(given, "The options of request");
    const { query, body, ...options } = given;
    methodRule(method, "The method");
    pathRule(path, "The path");
    wholeText(path, "The path");
    const verb = method.toUpperCase();
    checkBodiless(verb, body);
    const [plain = ""] = path.split("?", 1);
    const found = find(verb, plain);
    if (!found) return call(`${verb} ${plain}`, verb, plain, { target: path, query, body }, options);
    const { id, path: template, hasBody, isSafe, isUpdate, isList, query: queryRules = {} } = found.operation;
    const input = {
      target: path,
      path: found.parameters,
      query,
      body,
      hasBody,
      isSafe,
      isUpdate,
      queryRules,
      givesObject: !isList,
    };
    return call(id, verb, template, input, options);
  };
