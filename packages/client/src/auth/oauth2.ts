import type { Token } from "@imcloud/spec";
import type { Handler } from "../core/pipeline.ts";
import type { OAuth2 } from "./auth.ts";
import { requestToken } from "./request-token.ts";

/** Signs in at an OAuth 2 server, which gets none of the API's headers. */
export function signInAtOAuth2(
  send: Handler,
  { url, username, password, clientId, clientSecret, scope = "openid" }: OAuth2,
): Promise<Token> {
  const form = new URLSearchParams({ grant_type: "password", username, password, client_id: clientId, scope });
  if (clientSecret) form.set("client_secret", clientSecret);
  return requestToken(send, {
    ...{ operation: "oauth2_token", path: new URL(url).pathname, url },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: String(form),
    ...{ tokenField: "access_token", lifetimeField: "expires_in" },
  });
}
