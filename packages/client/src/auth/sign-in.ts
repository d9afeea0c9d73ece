import type { Checked, ConnectionOptions } from "../options.ts";
import type { Send } from "../pipeline/send.ts";
import { ask } from "./ask.ts";
import { basic, TOKEN_PATH } from "./auth.ts";
import type { SignIn } from "./token.ts";

/** Seconds for which a caller's own token is taken to live; half of them are used. */
const OWN_TOKEN_LIFETIME = 60;

/**
 * Gets tokens as the options say: from the API's own `/token`, an OAuth 2 server, or the caller's function.
 * @param headers what every call to the API carries
 * @param send takes the sign-in to the API
 * @param sendElsewhere takes it to another host, whose calls the API does not count
 */
export function createSignIn(
  { auth, baseUrl, marketplace }: Checked<ConnectionOptions>,
  headers: Record<string, string>,
  send: Send,
  sendElsewhere: Send,
): SignIn {
  if ("oauth2" in auth) {
    return async () => (await import("./oauth2.ts")).signInAtOAuth2(sendElsewhere, auth.oauth2);
  }
  if ("token" in auth) {
    return async () => {
      const token = await auth.token();
      if (typeof token !== "string" || !token) throw new TypeError("auth.token must give a string that is not empty.");
      return { token, expiresInSeconds: OWN_TOKEN_LIFETIME };
    };
  }
  const call = { operation: "token_create", path: TOKEN_PATH, url: baseUrl + TOKEN_PATH };
  const all = { ...headers, authorization: basic(auth), "content-type": "application/json" };
  return () => ask(send, call, all, JSON.stringify({ marketplace }), "token", "expiresInSeconds");
}
