import type { IHttpRequest, IHttpResponse } from "@stoplight/prism-http";
import type { ApiRequest } from "../core/messages/request.ts";
import type { ApiResponse } from "../core/messages/responses.ts";

/** A response as Prism's components give it. */
export const asPrismResponse = (response: ApiResponse): IHttpResponse => response as IHttpResponse;

/** A request as Prism takes it. */
export const toPrismRequest = ({ method, path, query, headers, body }: ApiRequest): IHttpRequest => ({
  method: method as IHttpRequest["method"],
  url: { path, query },
  headers,
  body,
});
