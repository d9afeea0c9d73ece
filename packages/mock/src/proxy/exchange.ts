import type { ApiRequest } from "../core/messages/request.ts";

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

/** Hop-by-hop headers (RFC 9110 §7.6.1), and those that tell of bytes which are other ones on the next hop. */
const HOP_HEADERS = new Set([
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"],
  ...["upgrade", "host", "content-length", "content-encoding", "accept-encoding"],
]);

const endToEnd = (headers: Iterable<[string, string]>): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !HOP_HEADERS.has(name)));

/** JSON as what it means, and a text that is none as it is: that is for the API to judge. */
export function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Takes a request to the API byte for byte. Redirects are not followed: the token and the subscription key would go along.
 * @throws Error with a sentence for people when the API cannot be reached
 */
export async function exchangeWith(target: string, request: ApiRequest, requestBody: Buffer): Promise<Exchange> {
  const query = new URLSearchParams(
    Object.entries(request.query).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as [string, string]),
    ),
  );
  const url = `${target.replace(/\/+$/, "")}${request.path}${query.size ? `?${query}` : ""}`;
  const requestHeaders = endToEnd(Object.entries(request.headers));
  const method = request.method.toUpperCase();
  try {
    const response = await fetch(url, {
      method,
      headers: requestHeaders,
      body: requestBody.length ? new Uint8Array(requestBody) : null,
      redirect: "manual",
    });
    const { status, statusText } = response;
    const responseBody = await response.text();
    const responseHeaders = endToEnd(response.headers);
    return { url, method, requestHeaders, requestBody, status, statusText, responseHeaders, responseBody };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    throw new Error(`The API could not be reached: ${cause?.code ?? message}.`, { cause: error });
  }
}
