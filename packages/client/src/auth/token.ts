import type { Token } from "@imcloud/spec";
import { AuthenticationError } from "../errors/errors.ts";
import { within } from "../pipeline/time.ts";

/** A token and its end, as a {@link TokenStore} keeps it. */
export interface StoredToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Where a client keeps its token. Give one of your own, on a file or a cache, to share a token between processes; it is read when
 * the client has no good token itself, and written after each sign-in.
 */
export interface TokenStore {
  /** The token that was set last, if any; also one that has ended. */
  get(): StoredToken | undefined | Promise<StoredToken | undefined>;
  set(token: StoredToken): void | Promise<void>;
}

/** Gets a new token. Rejects when the sign-in fails. */
export type SignIn = () => Promise<Token>;

/** Where calls get their token. */
export interface TokenSource {
  /** A token that is good for now. Calls that wait together share one sign-in. Rejects as the sign-in does. */
  get(signal?: AbortSignal): Promise<string>;
  /** Whether a token that {@link get} gave is still the one to use. */
  isGood(token: string): boolean;
  /** Gives up a token that the API refused; one that has been replaced since is left alone. */
  refuse(token: string): void;
}

/** Milliseconds before its end at which a token is replaced, so that it does not end on its way. */
const RENEW_BEFORE = 60_000;
/** Milliseconds for which a sign-in that was refused is not tried again: repeated ones can lock the user out. */
const REFUSAL = 60_000;

/** Keeps tokens in the memory of this process. */
export function createMemoryStore(): TokenStore {
  let kept: StoredToken | undefined;
  return {
    get: () => kept,
    set(token) {
      kept = token;
    },
  };
}

/** Keeps a token until shortly before its end. A sign-in that fails is not tried again for those who wait for it. */
export function createTokenSource(signIn: SignIn, store: TokenStore = createMemoryStore()): TokenSource {
  let current: { token: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;
  let refused: string | undefined;
  let refusal: { error: AuthenticationError; until: number } | undefined;

  function use({ token, expiresAt }: StoredToken): string {
    const lifetime = expiresAt - Date.now();
    // A token that lives shorter than the margin is still worth half its life.
    current = { token, renewAt: expiresAt - Math.min(RENEW_BEFORE, lifetime / 2) };
    return token;
  }

  async function renew(): Promise<string> {
    const stored = await store.get();
    if (stored && stored.token !== refused && stored.expiresAt - Date.now() > RENEW_BEFORE) return use(stored);
    // Its life is counted from before the sign-in, whose answer may be slow.
    const start = Date.now();
    const { token, expiresInSeconds } = await signIn();
    const fresh = { token, expiresAt: start + expiresInSeconds * 1000 };
    // Another process may have signed in later and been answered sooner.
    const newer = await store.get();
    if (newer && newer.token !== refused && newer.expiresAt > fresh.expiresAt) return use(newer);
    await store.set(fresh);
    return use(fresh);
  }

  async function renewUnlessRefused(): Promise<string> {
    if (refusal && performance.now() < refusal.until) throw refusal.error;
    try {
      return await renew();
    } catch (error) {
      if (error instanceof AuthenticationError) refusal = { error, until: performance.now() + REFUSAL };
      throw error;
    }
  }

  const isGood = (token = current?.token) => current?.token === token && Date.now() < Number(current?.renewAt);

  return {
    get(signal) {
      if (current && isGood()) return Promise.resolve(current.token);
      pending ??= renewUnlessRefused().finally(() => {
        pending = undefined;
      });
      const renewed = pending;
      return within(
        0,
        signal,
        () => {},
        () => renewed,
      );
    },
    isGood,
    refuse(token) {
      refused = token;
      if (current?.token === token) current = undefined;
    },
  };
}
