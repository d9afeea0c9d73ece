import type { Token } from "@imcloud/spec";
import { AuthenticationError } from "../core/errors/errors.ts";
import { within } from "../core/time.ts";
import type { GuardedStore, KeptToken } from "./token-store.ts";

/** Gets a new token. Rejects when the sign-in fails. */
export type SignIn = () => Promise<Token>;

/** Where calls get their token. */
export interface TokenSource {
  /** A token that is valid now. Calls that wait at the same time share one sign-in. Rejects as the sign-in does. */
  get(): Promise<string>;
  /** Whether a token that {@link get} gave is still the one to use. */
  isGood(token: string): boolean;
  /** Drops a token that the API refused. A token that has replaced it since is kept. */
  reject(token: string): void;
  /** The same tokens for a copy of the client, which has options and middleware of its own to sign in by. */
  signingInBy(signIn: SignIn): TokenSource;
}

/** What a token source is made of. */
export interface TokenSourceOptions {
  signIn: SignIn;
  /** Read before a sign-in, and written after it. */
  store?: GuardedStore | undefined;
  /** Whether a sign-in that was refused is not tried again for a minute, as repeated ones can lock the user out. */
  holdsRefusals?: boolean;
}

/**
 * Milliseconds before it expires at which a token is replaced, so that it does not expire on its way. Also those for which a sign-in
 * that was refused is not tried again.
 */
const MINUTE = 60_000;
/**
 * Milliseconds for which a call waits for a sign-in that another call began. On edge workers the other's request may have ended, and
 * its sign-in with it.
 */
const JOIN_TIMEOUT = 10_000;

const tooLate = Symbol();

/** Keeps a token until shortly before it expires. A sign-in that fails is not tried again for those who wait for it. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, holdsRefusals = false } = options;
  let current = { token: "", renewAt: 0 };
  let rejected: string | undefined;
  /** The last sign-in, which others join until then: while it is under way, and for a minute when it was refused. */
  let last: Promise<string>;
  let lastBy: SignIn;
  let joinUntil = 0;

  function use({ token, expiresAt }: KeptToken): string {
    // A token that lives shorter than the margin is still worth half its life.
    current = { token, renewAt: expiresAt - Math.min(MINUTE, (expiresAt - Date.now()) / 2) };
    return token;
  }

  async function storedBeyond(time: number): Promise<KeptToken | undefined> {
    const stored = await store?.get();
    return stored && stored.token !== rejected && stored.expiresAt > time ? stored : undefined;
  }

  async function signInNow(signIn: SignIn): Promise<KeptToken> {
    // Its life is counted from before the sign-in, whose response may be slow.
    const start = Date.now();
    const { token, expiresInSeconds } = await signIn();
    return { token, expiresAt: start + expiresInSeconds * 1000 };
  }

  async function renew(signIn: SignIn): Promise<string> {
    const stored = await storedBeyond(Date.now() + MINUTE);
    if (stored) return use(stored);
    const now = () => signInNow(signIn);
    return use(store ? await store.signIn(now, rejected) : await now());
  }

  function begin(signIn: SignIn): Promise<string> {
    joinUntil = performance.now() + JOIN_TIMEOUT;
    const begun = renew(signIn);
    last = begun;
    lastBy = signIn;
    const end = (until: number) => {
      if (last === begun) joinUntil = until;
    };
    begun.then(
      () => end(0),
      (error: unknown) => end(holdsRefusals && error instanceof AuthenticationError ? performance.now() + MINUTE : 0),
    );
    return begun;
  }

  const isGood = (token = current.token) => token === current.token && Date.now() < current.renewAt;

  const signingInBy = (signIn: SignIn): TokenSource => ({
    async get() {
      for (;;) {
        if (isGood()) return current.token;
        if (performance.now() >= joinUntil) return begin(signIn);
        const by = lastBy;
        const joined = await within(
          JOIN_TIMEOUT,
          undefined,
          () => tooLate,
          () => last,
        ).catch((error: unknown) => {
          // A copy may have less time for it, or another way. What it was refused for, all are.
          const isOwn = by === signIn || error instanceof AuthenticationError;
          if (error !== tooLate && isOwn) throw error;
        });
        if (joined !== undefined) return joined;
      }
    },
    isGood,
    reject(token) {
      rejected = token;
      if (token === current.token) current.renewAt = 0;
    },
    signingInBy,
  });
  return signingInBy(options.signIn);
}
