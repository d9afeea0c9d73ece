import { isObject, must } from "@imcloud/options";
import type { HttpMiddleware } from "./openapi-fetch.ts";

type Seen = Parameters<NonNullable<HttpMiddleware["onRequest"]>>[0];

// By what they have: they can be of a class of another implementation's.
const isResponse = (value: unknown): value is Response => isObject(value) && "status" in value;
const isRequest = (value: unknown): value is Request => isObject(value) && "url" in value;

const response = /* @__PURE__ */ must("a Response", isResponse);
const requestOrResponse = /* @__PURE__ */ must(
  "a Request or a Response",
  (value) => isRequest(value) || isResponse(value),
);
const responseOrError = /* @__PURE__ */ must(
  "a Response or an Error",
  (value: unknown) => isResponse(value) || value instanceof Error,
);

/**
 * Sends a request through middlewares of openapi-fetch, in its order: to the request the first comes first, to an error and to the
 * response the last. A response in the place of the request ends it.
 * @param call what each is told of the call
 */
export async function throughMiddleware(
  middleware: readonly HttpMiddleware[],
  call: Seen,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  let { request } = call;
  for (const each of middleware) {
    const result = await each.onRequest?.({ ...call, request });
    if (!result) continue;
    requestOrResponse(result, "What onRequest returns");
    if (isResponse(result)) return result;
    request = result;
  }

  const backwards = [...middleware].reverse();
  async function recover(thrown: unknown): Promise<Response> {
    let error = thrown;
    for (const each of backwards) {
      const result = await each.onError?.({ ...call, request, error });
      if (!result) continue;
      responseOrError(result, "What onError returns");
      if (isResponse(result)) return result;
      error = result;
    }
    throw error;
  }

  let last = await (async () => send(request))().catch(recover);
  for (const each of backwards) {
    const result = await each.onResponse?.({ ...call, request, response: last });
    if (!result) continue;
    response(result, "What onResponse returns");
    last = result;
  }
  return last;
}
