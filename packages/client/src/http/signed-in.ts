import { createSignIn } from "../auth/sign-in.ts";
import { createTokenSource } from "../auth/token.ts";
import { version } from "../generated/version.ts";
import { type ConnectionOptions, checkConnection } from "../options.ts";
import { checkBelow } from "../pipeline/base-url.ts";
import { headersOf } from "../pipeline/headers.ts";
import { createTransport } from "../pipeline/transport.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

/**
 * openapi-fetch that signs in, and nothing more: no retries, no rate limit, no timeout but a sign-in's own. For where every
 * kilobyte counts; {@link createClient} has all of it, this as its `http`.
 * @throws TypeError when an option is missing or not of its kind
 */
export function createHttp(options: ConnectionOptions): Http {
  const checked = checkConnection(options);
  const { baseUrl, fetch, timeout, tokenStore } = checked;
  const headers = headersOf(checked, version);
  const send = createTransport(fetch, timeout);
  const tokens = createTokenSource(createSignIn(checked, headers, send, send), tokenStore);

  return createOpenApiFetch(baseUrl, async (request) => {
    checkBelow(request.url, baseUrl);
    for (const [name, value] of Object.entries(headers)) {
      if (!request.headers.has(name)) request.headers.set(name, value);
    }
    if (request.headers.has("authorization")) return fetch(request);
    const again = request.clone();
    async function signedIn(request: Request): Promise<[answer: Response, token: string]> {
      const token = await tokens.get(request.signal);
      request.headers.set("authorization", `Bearer ${token}`);
      return [await fetch(request), token];
    }
    const [answer, token] = await signedIn(request);
    if (answer.status !== 401) return answer;
    tokens.refuse(token);
    return (await signedIn(again))[0];
  });
}
