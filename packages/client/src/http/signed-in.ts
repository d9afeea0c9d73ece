import { createSignIn } from "../auth/sign-in.ts";
import { createTokenSource } from "../auth/token.ts";
import { type ConnectionOptions, checkConnection } from "../options.ts";
import { checkBelow } from "../pipeline/base-url.ts";
import { holding } from "../pipeline/fetch.ts";
import { headersOf } from "../pipeline/headers.ts";
import type { Send } from "../pipeline/send.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/**
 * openapi-fetch that signs in, and nothing more: no retries, no rate limit, no timeout but a sign-in's own, whose end a call
 * that is aborted meanwhile waits for. For where every kilobyte counts; {@link createClient} has all of it, this as its `http`.
 * @throws TypeError when an option is missing or not of its kind
 */
export function createHttp(options: ConnectionOptions): Http {
  const checked = checkConnection(options);
  const { baseUrl, timeout, tokenStore } = checked;
  const headers = headersOf(checked);
  const fetch = holding(options.fetch ?? ((request) => globalThis.fetch(request)));
  const send: Send = async (call) => {
    const { createTransport } = await import("../pipeline/transport.ts");
    return createTransport(options.fetch, timeout)(call);
  };
  const tokens = createTokenSource(createSignIn(checked, headers, send, send), tokenStore);

  async function signedIn(request: Request): Promise<[answer: Response, token: string]> {
    const token = await tokens.get();
    request.headers.set("authorization", `Bearer ${token}`);
    return [await fetch(request), token];
  }
  return createOpenApiFetch({
    baseUrl,
    headers,
    async fetch(request) {
      checkBelow(request.url, baseUrl);
      if (request.headers.has("authorization")) return fetch(request);
      const again = request.clone();
      const [answer, token] = await signedIn(request);
      if (answer.status !== 401) return answer;
      tokens.refuse(token);
      return (await signedIn(again))[0];
    },
  });
}
