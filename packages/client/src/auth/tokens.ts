import { type Auth, isOAuth2, isPassword, isProvider } from "./auth.ts";
import { createSignIn, type SignInOptions } from "./sign-in.ts";
import { createTokenSource, type TokenSource } from "./token-source.ts";
import { guardStore, type TokenStore } from "./token-store.ts";

/** The options of a connection that its tokens depend on. */
export interface TokenOptions {
  /** Without it, nothing asks for a token. */
  auth: Auth;
  baseUrl: string;
  marketplace: string;
  /** Milliseconds; 0 for no limit. */
  timeout: number;
  tokenStore?: TokenStore | undefined;
}

/**
 * The owner of what clients keep in a shared store: host, marketplace and user. A token must not be sent for another owner, and an order
 * of another owner is another order. The owner of the tokens of a function is not known.
 */
export function ownerOf({
  auth,
  baseUrl,
  marketplace,
}: Pick<TokenOptions, "baseUrl" | "marketplace"> & { auth?: Auth | undefined }): string {
  if (!auth) return JSON.stringify([baseUrl, marketplace]);
  const user = isOAuth2(auth) ? [auth.oauth2.username, auth.oauth2.url, auth.oauth2.clientId] : [];
  return JSON.stringify([baseUrl, marketplace, ...(isPassword(auth) ? [auth.username] : user)]);
}

/**
 * Where the calls of a connection get their tokens. Those of a function are not stored: nobody knows whose they are, and it can keep
 * them itself.
 * @param warn called when the store fails
 * @param shared those of the client that this one is a copy of
 */
export function createTokens(
  options: TokenOptions,
  way: Pick<SignInOptions, "headers" | "send" | "sendElsewhere">,
  warn: (message: string) => void,
  shared?: TokenSource,
): TokenSource {
  const { tokenStore, timeout, auth } = options;
  const signIn = createSignIn({ ...options, ...way });
  if (shared) return shared.signingInBy(signIn);
  return createTokenSource({
    signIn,
    store:
      tokenStore && auth && !isProvider(auth) ? guardStore(tokenStore, ownerOf(options), timeout, warn) : undefined,
    holdsRefusals: Boolean(auth && !isProvider(auth)),
  });
}
