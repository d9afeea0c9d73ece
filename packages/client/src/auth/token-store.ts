import { isHeaderValue } from "../core/header-value.ts";
import { within } from "../core/time.ts";

/** A token and when it expires, as a {@link TokenStore} keeps it. */
export interface StoredToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Whose it is: base URL, marketplace and user, and never a secret. A client takes no other's. */
  owner: string;
}

/**
 * Where a client keeps its token. Give one of your own, on a file or a cache, to share a token between processes. It is read when the
 * client has no good token itself, and written after each sign-in. When it fails, the client goes on without it.
 */
export interface TokenStore {
  /**
   * The token that was set last, if any; also one that has expired.
   * @param owner whose it must be. A store that several clients share can keep one for each; another's is not taken
   */
  get(owner: string): StoredToken | undefined | Promise<StoredToken | undefined>;
  set(token: StoredToken): void | Promise<void>;
}

/** Milliseconds for a store to answer. A sign-in is faster than a store that takes longer. */
const STORE_TIMEOUT = 5_000;

/** A copy of what a store gave; `undefined` where it is no token, or another's. Its getters may throw. */
function toStoredToken(value: unknown, mine: string): StoredToken | undefined {
  const { token, expiresAt, owner } = (value ?? {}) as Partial<StoredToken>;
  const isToken = isHeaderValue(token) && typeof expiresAt === "number" && Number.isFinite(expiresAt);
  return isToken && owner === mine ? { token, expiresAt, owner } : undefined;
}

/** What was thrown, as a text: there are things that nothing can make one of. */
function reasonOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "what it threw cannot be shown";
  }
}

/**
 * A store that never fails, and never takes long: a token that cannot be stored is still a token.
 * @param owner whose tokens are taken, and written
 * @param timeout milliseconds; at most five seconds are waited
 * @param warn told of each failure
 */
export function guardStore(store: TokenStore, owner: string, timeout: number, warn: (message: string) => void) {
  async function attempt<T>(name: "get" | "set", work: () => T | Promise<T>): Promise<T | undefined> {
    const late = () => new Error("it took too long");
    try {
      return await within(Math.min(timeout || STORE_TIMEOUT, STORE_TIMEOUT), undefined, late, async () => work());
    } catch (error) {
      warn(`tokenStore.${name}() failed; the client goes on without it: ${reasonOf(error)}`);
      return undefined;
    }
  }
  return {
    get: (): Promise<StoredToken | undefined> =>
      attempt("get", async () => toStoredToken(await store.get(owner), owner)),
    // A copy: the store's own changes are none of the client's.
    set: ({ token, expiresAt }: KeptToken): Promise<void> =>
      attempt("set", () => store.set({ token, expiresAt, owner })),
  };
}

/** A token as its own client keeps it. */
export type KeptToken = Omit<StoredToken, "owner">;

/** A {@link TokenStore} that never fails. */
export type GuardedStore = ReturnType<typeof guardStore>;
