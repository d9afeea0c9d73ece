import type { Token } from "@imcloud/spec";
import type { Send } from "../pipeline/send.ts";
import { ask } from "./ask.ts";
import type { OAuth2 } from "./auth.ts";

/** Signs in at an OAuth 2 server, which gets none of the API's headers. */
export function signInAtOAuth2(
  send: Send,
  { url, username, password, clientId, clientSecret, scope = "openid" }: OAuth2,
): Promise<Token> {
  const form = new URLSearchParams({ grant_type: "password", username, password, client_id: clientId, scope });
  if (clientSecret) form.set("client_secret", clientSecret);
  const call = { operation: "oauth2_token", path: new URL(url).pathname, url };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return ask(send, call, headers, String(form), "access_token", "expires_in");
}
