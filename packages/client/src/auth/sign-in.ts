import type { Token } from "@imcloud/spec";
import { parseBody } from "../calls/body.ts";
import { apiError } from "../errors/api-error.ts";
import type { Outgoing, Send } from "../pipeline/send.ts";
import type { SignIn } from "./token.ts";

/** User name and password of the API user. */
export interface Credentials {
  /** Usually ends in `.api`. */
  username: string;
  password: string;
}

/** The password grant of OAuth 2, at the realm of an installation that has one (Keycloak). */
export interface OAuth2 extends Credentials {
  /** The realm's token endpoint, for example `https://brand.example/auth/realms/realm/protocol/openid-connect/token`. */
  url: string;
  clientId: string;
  clientSecret?: string | undefined;
  /** `openid` unless set. */
  scope?: string | undefined;
}

/** Gives a token that is good for now; asked again after half a minute, and at once when the API refused the last one. */
export type OwnToken = () => string | Promise<string>;

/** How the client gets its tokens: from `POST /token`, from an OAuth 2 server, or from you. */
export type Auth = Credentials | { oauth2: OAuth2 } | { token: OwnToken };

export const TOKEN_PATH = "/token";

/** Seconds for which a caller's own token is taken to live; half of them are used. */
const OWN_TOKEN_LIFETIME = 60;

/** The value of a Basic `Authorization` header, with its words in UTF-8. */
export function basic({ username, password }: Credentials): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Makes the call of a sign-in, which changes nothing, and reads a token from its answer. */
async function post(
  send: Send,
  { operation, path, url }: Record<"operation" | "path" | "url", string>,
  headers: Record<string, string>,
  body: string,
  read: (answer: Record<string, unknown>) => [token: unknown, expiresInSeconds: unknown],
): Promise<Token> {
  const call: Outgoing = {
    operation,
    method: "POST",
    path,
    template: path,
    url,
    headers: new Headers({ accept: "application/json", ...headers }),
    body,
    isSafe: true,
    attempt: 0,
  };
  const { response, text } = await send(call);
  const answer = parseBody(text);
  const [token, seconds] = response.ok ? read((answer ?? {}) as Record<string, unknown>) : [];
  const expiresInSeconds = Number(seconds);
  if (typeof token === "string" && token && Number.isFinite(expiresInSeconds)) return { token, expiresInSeconds };
  throw apiError(call, response, response.ok ? "no token" : answer);
}

/** Signs in at the API's own `/token`. */
export const createBasicSignIn = (
  send: Send,
  baseUrl: string,
  credentials: Credentials,
  headers: Record<string, string>,
  marketplace: string,
): SignIn => {
  const call = { operation: "token_create", path: TOKEN_PATH, url: `${baseUrl}${TOKEN_PATH}` };
  const all = { ...headers, authorization: basic(credentials), "content-type": "application/json" };
  return () =>
    post(send, call, all, JSON.stringify({ marketplace }), ({ token, expiresInSeconds }) => [token, expiresInSeconds]);
};

/** Signs in at an OAuth 2 server, which gets none of the API's headers. */
export const createOAuth2SignIn = (
  send: Send,
  { url, username, password, clientId, clientSecret, scope = "openid" }: OAuth2,
): SignIn => {
  const form = new URLSearchParams({ grant_type: "password", username, password, client_id: clientId, scope });
  if (clientSecret) form.set("client_secret", clientSecret);
  const call = { operation: "oauth2_token", path: new URL(url).pathname, url };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return () => post(send, call, headers, String(form), ({ access_token, expires_in }) => [access_token, expires_in]);
};

/** Asks the caller's own function. */
export const createOwnSignIn =
  (own: OwnToken): SignIn =>
  async () => {
    const token = await own();
    if (typeof token !== "string" || !token) throw new TypeError("auth.token must give a string that is not empty.");
    return { token, expiresInSeconds: OWN_TOKEN_LIFETIME };
  };
