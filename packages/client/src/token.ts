import type { Token } from "@imcloud/spec";

/** Milliseconds before its end at which a token is replaced, so that it does not end on its way. */
const RENEW_BEFORE = 60_000;

/** Where calls get their token. */
export interface TokenSource {
  /** A token that is good for now. Calls that wait together share one sign-in. Rejects as the sign-in does. */
  get(): Promise<string>;
  /** Gives up a token that the API refused; one that has been replaced since is left alone. */
  refuse(token: string): void;
}

/** Keeps a token until shortly before its end. A sign-in that fails is not tried again for those who wait for it. */
export function createTokenSource(signIn: () => Promise<Token>, now: () => number = Date.now): TokenSource {
  let current: { token: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const { token, expiresInSeconds } = await signIn();
    const lifetime = expiresInSeconds * 1000;
    // A token that lives shorter than the margin is still worth half its life.
    current = { token, renewAt: now() + Math.max(lifetime - RENEW_BEFORE, lifetime / 2) };
    return token;
  }

  return {
    get() {
      if (current && now() < current.renewAt) return Promise.resolve(current.token);
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refuse(token) {
      if (current?.token === token) current = undefined;
    },
  };
}
