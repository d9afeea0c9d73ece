import { type Auth, isOAuth2, isProvider } from "../auth/auth.ts";
import { basic } from "../auth/password.ts";
import type { Middleware } from "../core/pipeline.ts";
import { headerSecrets } from "../core/secrets/header-secrets.ts";
import { secretHider } from "../core/secrets/secret-values.ts";
import { copyHeaders, createResponse } from "../core/transport/fetch.ts";

const CORRELATION_ID = "x-correlation-id";

/** The options of a client that contain secrets. */
interface Secrets {
  auth?: Auth | undefined;
  subscriptionKey?: string | undefined;
}

/** The secrets in a client's options, which must never be shown. */
export function secretsOf({ auth, subscriptionKey = "" }: Secrets): string[] {
  if (!auth || isProvider(auth)) return [subscriptionKey];
  if (isOAuth2(auth)) return [subscriptionKey, auth.oauth2.password, auth.oauth2.clientSecret ?? ""];
  return [subscriptionKey, auth.password, basic(auth).replace("Basic ", "")];
}

/** Whether a body looks like the API's own: whatever else comes with a success, such as a proxy's page, becomes an error's body. */
function isLikeJson(text: string): boolean {
  const body = text.trim();
  return ["{}", "[]", ""].includes(body.slice(0, 1) + body.slice(-1));
}

/**
 * Hides a client's secrets in what a server says of a failure: it may repeat what it was sent, and errors are shown to people. Those of
 * the request itself, such as its token, are known from its headers.
 */
export function hideEchoes(secrets: readonly string[]): Middleware {
  const hide = secretHider(secrets);
  return async (request, next) => {
    const { response, text } = await next(request);
    if (response.ok && isLikeJson(text)) return { response, text };
    const hideOwn = secretHider(headerSecrets(request.headers));
    const hideAll = (shown: string) => hideOwn(hide(shown));
    return { response: withSafeHead(response, hideAll), text: hideAll(text) };
  };
}

/** A response whose status in words and correlation id, which errors show, have nothing to hide. */
function withSafeHead(response: Response, hide: (text: string) => string): Response {
  // A custom fetch may have no status text.
  const { status, statusText: given = "", ok } = response;
  const statusText = hide(given);
  const id = response.headers.get(CORRELATION_ID) ?? "";
  const safeId = hide(id);
  if (statusText === given && safeId === id) return response;
  const headers = copyHeaders(response.headers);
  if (safeId) headers.set(CORRELATION_ID, safeId);
  // Its body was read.
  return createResponse("", { status, statusText, headers, ok });
}
