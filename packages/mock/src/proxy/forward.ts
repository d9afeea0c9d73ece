import type { IHttpRequest, IHttpResponse, PrismHttpComponents } from "@stoplight/prism-http";
import { left, right } from "fp-ts/lib/Either.js";
import { isJson } from "../server/read-request.ts";

/** What went to the API and what came back, as it was. */
export interface Exchange {
  url: string;
  method: string;
  requestHeaders: Record<string, string>;
  requestBody: Buffer;
  status: number;
  statusText: string;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

/** Headers that are between two neighbours, or that tell of bytes which are other ones on the next stretch. */
const OWN_HEADERS = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"],
  ...["upgrade", "host", "content-length", "content-encoding", "accept-encoding"],
]);

export const passedOn = (headers: Iterable<[string, string]>): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !OWN_HEADERS.has(name)));

/** JSON as what it means, and a text that is none as it is: that is for the API to judge. */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Takes requests to the API byte for byte. Redirects are not followed: the token and the subscription key would go along.
 * @param bytesOf what was sent as the body of a request
 * @param done told of each exchange
 */
export const createForwarder =
  (
    bytesOf: (request: IHttpRequest) => Buffer,
    done: (request: IHttpRequest, exchange: Exchange) => void,
  ): PrismHttpComponents["forward"] =>
  ({ data }, baseUrl) =>
  () =>
  async () => {
    const query = new URLSearchParams(
      Object.entries(data.url.query ?? {}).flatMap(([name, values]) =>
        [values ?? []].flat().map((value) => [name, String(value)] as [string, string]),
      ),
    );
    const url = `${baseUrl.replace(/\/+$/, "")}${data.url.path}${query.size ? `?${query}` : ""}`;
    const requestBody = bytesOf(data);
    const requestHeaders = passedOn(Object.entries(data.headers ?? {}));
    const method = data.method.toUpperCase();
    try {
      const response = await fetch(url, {
        method,
        headers: requestHeaders,
        body: requestBody.length ? new Uint8Array(requestBody) : null,
        redirect: "manual",
      });
      const { status, statusText } = response;
      const responseBody = await response.text();
      const responseHeaders = passedOn(response.headers);
      done(data, { url, method, requestHeaders, requestBody, status, statusText, responseHeaders, responseBody });
      const body = isJson(responseHeaders["content-type"]) ? parseLeniently(responseBody) : responseBody;
      return right({ statusCode: status, headers: responseHeaders, body } satisfies IHttpResponse);
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string } };
      return left(new Error(`The API could not be reached: ${cause?.code ?? message}.`));
    }
  };
