import type { Token } from "@imcloud/spec";
import { defined } from "../core/defined.ts";
import type { Handler } from "../core/pipeline.ts";
import type { OAuth2 } from "./auth.ts";
import { requestToken } from "./request-token.ts";

/** Seconds that a token is assumed to be valid where the server does not say it, as it need not (RFC 6749 §5.1). */
const UNSAID_LIFETIME = 60;

/** Signs in at an OAuth 2 server, which gets none of the API's headers. */
export function signInAtOAuth2(
  send: Handler,
  { url, username, password, clientId, clientSecret, scope = "openid" }: OAuth2,
): Promise<Token> {
  const form = { grant_type: "password", username, password, client_id: clientId, scope, client_secret: clientSecret };
  const request = {
    ...{ operation: "oauth2_token", path: new URL(url).pathname, url },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: String(new URLSearchParams(defined(form))),
  };
  return requestToken(send, request, ["access_token", "expires_in"], UNSAID_LIFETIME);
}
