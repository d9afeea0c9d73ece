import { isHeaderValue } from "../core/header-value.ts";
import { within } from "../core/time.ts";

/** A token and when it expires, as a {@link TokenStore} keeps it. */
export interface StoredToken {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Where a client keeps its token. Give one of your own, on a file or a cache, to share a token between processes. It is read when the
 * client has no good token itself, and written after each sign-in. When it fails, the client goes on without it.
 */
export interface TokenStore {
  /** The token that was set last, if any; also one that has expired. */
  get(): StoredToken | undefined | Promise<StoredToken | undefined>;
  set(token: StoredToken): void | Promise<void>;
}

/** Milliseconds for a store to answer. A sign-in is faster than a store that takes longer. */
const STORE_TIMEOUT = 5_000;

/** A copy of what a store gave; `undefined` where it is no token. Its getters may throw. */
function toStoredToken(value: unknown): StoredToken | undefined {
  const { token, expiresAt } = (value ?? {}) as Partial<StoredToken>;
  return isHeaderValue(token) && typeof expiresAt === "number" && Number.isFinite(expiresAt)
    ? { token, expiresAt }
    : undefined;
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
 * @param timeout milliseconds; at most five seconds are waited
 * @param warn told of each failure
 */
export function guardStore(store: TokenStore, timeout: number, warn: (message: string) => void) {
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
    get: (): Promise<StoredToken | undefined> => attempt("get", async () => toStoredToken(await store.get())),
    // A copy: the store's own changes are none of the client's.
    set: (token: StoredToken): Promise<void> => attempt("set", () => store.set({ ...token })),
  };
}

/** A {@link TokenStore} that never fails. */
export type GuardedStore = ReturnType<typeof guardStore>;
