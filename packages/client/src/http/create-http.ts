import { createSignIn } from "../auth/sign-in.ts";
import { createTokenSource } from "../auth/token-source.ts";
import { createFetch, retainRequest } from "../core/fetch.ts";
import { compose } from "../core/pipeline.ts";
import { createTransport } from "../core/transport.ts";
import { checkBelow } from "../middleware/base-url.ts";
import { defaultHeaders } from "../middleware/headers.ts";
import { timeout } from "../middleware/timeout.ts";
import { type ConnectionOptions, checkConnection } from "../options/options.ts";
import { createOpenApiFetch, type Http } from "./openapi-fetch.ts";

export type { Http, HttpMethod, HttpResponse } from "./openapi-fetch.ts";

/** Rejects with the signal's reason when it aborts. */
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.onabort = () => reject(signal.reason);
  });

/**
 * openapi-fetch that signs in, and nothing more: no retries, no rate limit, no timeout but a sign-in's own. For where every
 * kilobyte counts. {@link createClient} has all of it, this as its `http`.
 * @throws {@link TypeError} when an option is missing or not of its kind
 */
export function createHttp(options: ConnectionOptions): Http {
  const checked = checkConnection(options);
  const { baseUrl, auth, marketplace, tokenStore } = checked;
  const headers = defaultHeaders(checked);
  const fetch = retainRequest(checked.fetch ?? ((request) => globalThis.fetch(request)));
  const send = compose([timeout(checked.timeout)], createTransport(createFetch(checked.fetch)));
  const signIn = createSignIn({ auth, baseUrl, marketplace, headers, send, sendElsewhere: send });
  const tokens = createTokenSource(signIn, tokenStore);

  async function sendWithToken(request: Request, repeat?: Request): Promise<Response> {
    const { headers, signal } = request;
    signal.throwIfAborted();
    const token = await Promise.race([tokens.get(), aborted(signal)]);
    headers.set("authorization", `Bearer ${token}`);
    const response = await fetch(request);
    if (response.status !== 401 || !repeat) return response;
    tokens.reject(token);
    return sendWithToken(repeat);
  }

  return createOpenApiFetch({
    baseUrl,
    headers,
    // Another host would get the subscription key too; the API is not known to redirect.
    redirect: "manual",
    async fetch(request) {
      checkBelow(request.url, baseUrl);
      return request.headers.has("authorization") ? fetch(request) : sendWithToken(request, request.clone());
    },
  });
}
