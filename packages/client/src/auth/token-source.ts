import type { Token } from "@imcloud/spec";
import { AuthenticationError } from "../core/errors.ts";

/** A token and when it expires, as a {@link TokenStore} keeps it. */
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
  /** The token that was set last, if any; also one that has expired. */
  get(): StoredToken | undefined | Promise<StoredToken | undefined>;
  set(token: StoredToken): void | Promise<void>;
}

/** Gets a new token. Rejects when the sign-in fails. */
export type SignIn = () => Promise<Token>;

/** Where calls get their token. */
export interface TokenSource {
  /** A token that is good for now. Calls that wait together share one sign-in. Rejects as the sign-in does. */
  get(): Promise<string>;
  /** Whether a token that {@link get} gave is still the one to use. */
  isGood(token: string): boolean;
  /** Gives up a token that the API refused. One that has been replaced since is left alone. */
  reject(token: string): void;
}

/**
 * Milliseconds before it expires at which a token is replaced, so that it does not expire on its way. Also those for which a sign-in
 * that was refused is not tried again, as repeated ones can lock the user out.
 */
const MINUTE = 60_000;

/** Keeps a token until shortly before it expires. A sign-in that fails is not tried again for those who wait for it. */
export function createTokenSource(signIn: SignIn, store?: TokenStore): TokenSource {
  let current = { token: "", renewAt: 0 };
  let rejected: string | undefined;
  /** The last sign-in, which serves until then: while it is under way, and for a minute when it was refused. */
  let last: Promise<string>;
  let lastUntil = 0;

  function use({ token, expiresAt }: StoredToken): string {
    // A token that lives shorter than the margin is still worth half its life.
    current = { token, renewAt: expiresAt - Math.min(MINUTE, (expiresAt - Date.now()) / 2) };
    return token;
  }

  async function storedBeyond(time: number): Promise<StoredToken | undefined> {
    const stored = await store?.get();
    return stored && stored.token !== rejected && stored.expiresAt > time ? stored : undefined;
  }

  async function renew(): Promise<string> {
    const stored = await storedBeyond(Date.now() + MINUTE);
    if (stored) return use(stored);
    // Its life is counted from before the sign-in, whose response may be slow.
    const start = Date.now();
    const { token, expiresInSeconds } = await signIn();
    const fresh = { token, expiresAt: start + expiresInSeconds * 1000 };
    // Another process may have signed in later and got its response sooner.
    const newer = await storedBeyond(fresh.expiresAt);
    if (!newer) await store?.set(fresh);
    return use(newer ?? fresh);
  }

  const isGood = (token = current.token) => token === current.token && Date.now() < current.renewAt;

  return {
    async get() {
      if (isGood()) return current.token;
      if (performance.now() >= lastUntil) {
        lastUntil = Infinity;
        last = renew().then(
          (token) => {
            lastUntil = 0;
            return token;
          },
          (error) => {
            lastUntil = error instanceof AuthenticationError ? performance.now() + MINUTE : 0;
            throw error;
          },
        );
      }
      return last;
    },
    isGood,
    reject(token) {
      rejected = token;
      if (token === current.token) current.renewAt = 0;
    },
  };
}
