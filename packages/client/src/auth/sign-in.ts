import { type ConnectionOptions, checkHeaders } from "../options.ts";
import type { HeaderValues } from "../pipeline/headers.ts";
import type { Send } from "../pipeline/send.ts";
import type { SignIn } from "./token.ts";

/**
 * Gets tokens as the options say: from the API's own `/token`, an OAuth 2 server, or the caller's function. Of the first two, the
 * code of the one that is used is loaded with the first call.
 * @param headers what every call to the API carries
 * @param send takes the sign-in to the API
 * @param sendElsewhere takes it to another host, whose calls the API does not count
 */
export function createSignIn(
  options: ConnectionOptions,
  headers: HeaderValues,
  send: Send,
  sendElsewhere: Send,
): SignIn {
  const { auth } = options;
  return async () => {
    if ("oauth2" in auth) return (await import("./oauth2.ts")).signInAtOAuth2(sendElsewhere, auth.oauth2);
    if ("username" in auth) return (await import("./password.ts")).signInByPassword(send, auth, options, headers);
    const token = (await auth.token()) ?? "";
    checkHeaders({ "auth.token()": token });
    // Half of it is used: nobody says how long it lives.
    return { token, expiresInSeconds: 60 };
  };
}
