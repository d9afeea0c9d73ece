import { createSignIn } from "../auth/sign-in.ts";
import { createTokenSource } from "../auth/token.ts";
import { type ConnectionOptions, checkConnection } from "../options.ts";
import { checkBelow } from "../pipeline/base-url.ts";
import { holding } from "../pipeline/fetch.ts";
import { headersOf } from "../pipeline/headers.ts";
import type { Send } from "../pipeline/send.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/**
 * openapi-fetch that signs in, and nothing more: no retries, no rate limit, no timeout but a sign-in's own. For where every
 * kilobyte counts; {@link createClient} has all of it, this as its `http`.
 * @throws TypeError when an option is missing or not of its kind
 */
export function createHttp(options: ConnectionOptions): Http {
  const checked = checkConnection(options);
  const { baseUrl, timeout, tokenStore } = checked;
  const headers = headersOf(checked);
  const fetch = holding(options.fetch ?? ((request) => globalThis.fetch(request)));
  const send: Send = async (call) =>
    (await import("../pipeline/transport.ts")).createTransport(options.fetch, timeout)(call);
  const tokens = createTokenSource(createSignIn(checked, headers, send, send), tokenStore);

  async function signedIn(request: Request, again?: Request): Promise<Response> {
    const { headers, signal } = request;
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      signal.onabort = () => reject(signal.reason);
    });
    const token = await Promise.race([tokens.get(), aborted]);
    headers.set("authorization", `Bearer ${token}`);
    const answer = await fetch(request);
    if (answer.status !== 401 || !again) return answer;
    tokens.refuse(token);
    return signedIn(again);
  }
  return createOpenApiFetch({
    baseUrl,
    headers,
    // Another host would get the subscription key too; the API is not known to redirect.
    redirect: "manual",
    async fetch(request) {
      checkBelow(request.url, baseUrl);
      return request.headers.has("authorization") ? fetch(request) : signedIn(request, request.clone());
    },
  });
}
