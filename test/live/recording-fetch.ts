import type { RecordedCall } from "@imcloud/openapi-tools/drift/har";
import { parseJson } from "@imcloud/openapi-tools/json";

const isReading = (method: string, path: string) => method === "GET" || (method === "POST" && path.endsWith("/token"));

/**
 * A `fetch` that sends only reads and the sign-in, and records the reads' responses for a comparison with the
 * document. The sign-in's response is a secret and is not recorded.
 * @throws {@link Error} for a call that could change something, before it is sent
 */
export function recordingFetch(baseUrl: string, calls: RecordedCall[]): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    if (!isReading(request.method, pathname))
      throw new Error(`${request.method} ${pathname} could change something: not sent.`);
    const response = await fetch(request);
    if (request.method === "GET") {
      const path = pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, "").length) + search;
      calls.push({
        method: "GET",
        path,
        status: response.status,
        responseBody: parseJson(await response.clone().text()),
      });
    }
    return response;
  };
}
