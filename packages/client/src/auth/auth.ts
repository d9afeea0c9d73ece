import { callable, checkOptions, group, isObject, must, type Rule, type Rules, text } from "@imcloud/options";
import { urlWithQuery } from "../core/check.ts";

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
  /** @defaultValue "openid" */
  scope?: string | undefined;
}

/** Returns a token that is valid now. It is called again after half a minute, and immediately when the API refused the last token. */
export type TokenProvider = () => string | Promise<string>;

/** How the client gets its tokens: from `POST /token`, from an OAuth 2 server, or from you. */
export type Auth = Credentials | { oauth2: OAuth2 } | { token: TokenProvider };

/** Path of the API's own sign-in. */
export const TOKEN_PATH = "/token";

/** Whether the client gets its tokens from a function. */
export const isProvider = (auth: Auth): auth is { token: TokenProvider } => "token" in auth && auth.token !== undefined;

/** Whether the client gets its tokens from an OAuth 2 server. */
export const isOAuth2 = (auth: Auth): auth is { oauth2: OAuth2 } => "oauth2" in auth && auth.oauth2 !== undefined;

/** A copy, as secrets are hidden and tokens are kept by what it is now, and the caller could change the object later. */
export const copyAuth = (auth: Auth): Auth => (isOAuth2(auth) ? { oauth2: { ...auth.oauth2 } } : { ...auth });

/** Whether the client gets its tokens from `POST /token`. */
export const isPassword = (auth: Auth): auth is Credentials => !isProvider(auth) && !isOAuth2(auth);

const CREDENTIAL_RULES: Rules<Credentials> = { username: text, password: text };

const OAUTH2_RULES: Rules<OAuth2> = {
  ...CREDENTIAL_RULES,
  url: urlWithQuery,
  clientId: text,
  clientSecret: text,
  scope: text,
};

const oauth2 = /* @__PURE__ */ group(OAUTH2_RULES, "url", "username", "password", "clientId");

/** A way to sign in. */
export const authRule: Rule = (auth, name) => {
  if (!isObject(auth)) must("{ username, password }, { oauth2 } or { token }", isObject)(auth, name);
  if (isProvider(auth as Auth)) checkOptions({ token: callable }, auth, name);
  else if (isOAuth2(auth as Auth)) checkOptions({ oauth2 }, auth, name);
  else checkOptions(CREDENTIAL_RULES, auth, name, ["username", "password"]);
};
