import { must } from "@imcloud/options";
import { TimeoutError } from "../core/errors/errors.ts";
import type { Handler } from "../core/pipeline.ts";
import { within } from "../core/time.ts";
import { type Auth, isOAuth2, isProvider, type TokenProvider } from "./auth.ts";
import { signInAtOAuth2 } from "./oauth2.ts";
import { signInByPassword } from "./password.ts";
import type { SignIn } from "./token-source.ts";

/** Seconds that a provider's token is assumed to be valid, as the provider does not say. It is renewed after half of them. */
const PROVIDED_LIFETIME = 60;

/** A token by itself (RFC 6750 §2.1): before it comes the client's own `Bearer`. */
const tokenText = /* @__PURE__ */ must(
  "a token in ASCII without white space, and without Bearer",
  (value) => typeof value === "string" && /^[!-~]+$/.test(value),
);

/** @throws {@link TimeoutError}, and what the provider rejects with */
async function askProvider(provide: TokenProvider, timeout: number) {
  const late = () => new TimeoutError(`auth.token() returned no token within ${timeout} ms.`);
  const token = await within(timeout, undefined, late, async () => provide());
  tokenText(token, "auth.token()");
  return { token, expiresInSeconds: PROVIDED_LIFETIME };
}

/** What a sign-in needs. */
export interface SignInOptions {
  auth: Auth;
  baseUrl: string;
  marketplace: string;
  /** What every call to the API carries. */
  headers: Record<string, string>;
  /** Milliseconds for a provider's token. */
  timeout: number;
  /** Takes the sign-in to the API. */
  send: Handler;
  /** Takes it to another host, whose calls the API does not count. */
  sendElsewhere: Handler;
}

/** Gets tokens as the options say: from the API's own `/token`, an OAuth 2 server, or the caller's function. */
export function createSignIn(options: SignInOptions): SignIn {
  const { auth } = options;
  return async () => {
    if (isOAuth2(auth)) return signInAtOAuth2(options.sendElsewhere, auth.oauth2);
    if (isProvider(auth)) return askProvider(auth.token, options.timeout);
    return signInByPassword(options.send, auth, options);
  };
}
