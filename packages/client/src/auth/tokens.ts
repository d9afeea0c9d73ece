import { type Auth, isProvider } from "./auth.ts";
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
 * Where the calls of a connection get their tokens.
 * @param warn told when the store fails
 */
export function createTokens(
  options: TokenOptions,
  way: Pick<SignInOptions, "headers" | "send" | "sendElsewhere">,
  warn: (message: string) => void,
): TokenSource {
  const { tokenStore, timeout, auth } = options;
  return createTokenSource({
    signIn: createSignIn({ ...options, ...way }),
    store: tokenStore && guardStore(tokenStore, timeout, warn),
    holdsRefusals: Boolean(auth && !isProvider(auth)),
  });
}
