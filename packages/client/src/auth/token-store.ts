import { isMarketplaceError } from "../core/errors/errors.ts";
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
   * @param owner whose it must be. A store that several clients share can keep one token for each owner. A token of another owner is not
   *   used.
   */
  get(owner: string): StoredToken | undefined | Promise<StoredToken | undefined>;
  set(token: StoredToken): void | Promise<void>;
  /**
   * Signs in once for all that share the store. While one process signs in, the others wait for its result. Without this method, each
   * process signs in by itself.
   * @param signIn signs in, and rejects as the API refuses
   * @param except a token that the API has refused
   * @throws {@link AuthenticationError} when the API refused another's sign-in just now
   */
  signInOnce?(owner: string, signIn: () => Promise<StoredToken>, except: string | undefined): Promise<StoredToken>;
}

/** Milliseconds for a store to respond. A sign-in is faster than a store that takes longer. */
const STORE_TIMEOUT = 5_000;
/** Milliseconds for a store to give the token of another's sign-in, which may wait for its place under the limit. */
const SHARED_SIGN_IN_TIMEOUT = 120_000;

/** A copy of what a store gave; `undefined` where it is no token, or another's. Its getters may throw. */
function toStoredToken(value: unknown, mine: string): StoredToken | undefined {
  const { token, expiresAt, owner } = (value ?? {}) as Partial<StoredToken>;
  const isToken = isHeaderValue(token) && typeof expiresAt === "number" && Number.isFinite(expiresAt);
  return isToken && owner === mine ? { token, expiresAt, owner } : undefined;
}

/** What was thrown, as a text. Some values cannot be converted to one. */
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
 * @param timeout milliseconds; at most five seconds are waited, and two minutes for what comes of another's sign-in
 * @param warn called for each failure
 */
export function guardStore(
  store: TokenStore,
  owner: string,
  timeout: number,
  warn: (message: string) => void,
): GuardedStore {
  const patience = Math.min(timeout || STORE_TIMEOUT, STORE_TIMEOUT);
  const late = () => new Error("it took too long");

  const warnOf = (name: string, error: unknown) =>
    warn(`tokenStore.${name}() failed; the client goes on without it: ${reasonOf(error)}`);

  async function attempt<T>(name: "get" | "set", work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await within(patience, undefined, late, async () => work());
    } catch (error) {
      warnOf(name, error);
      return undefined;
    }
  }
  const get = () => attempt("get", async () => toStoredToken(await store.get(owner), owner));

  async function signInAlone(signIn: () => Promise<KeptToken>): Promise<KeptToken> {
    const fresh = await signIn();
    // Another process may have signed in later and got its response sooner.
    const other = await get();
    if (other && other.expiresAt > fresh.expiresAt) return other;
    // A copy: the store's own changes are none of the client's.
    await attempt("set", () => store.set({ ...fresh, owner }));
    return fresh;
  }

  return {
    get,
    async signIn(signIn, except) {
      if (!store.signInOnce) return signInAlone(signIn);
      const stuck = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      let own: Promise<StoredToken> | undefined;
      // Once, whatever the store does with it: repeated sign-ins can lock the user out.
      const begin = (): Promise<StoredToken> => {
        if (own) return own;
        own = signIn()
          .finally(() => {
            timer = setTimeout(() => stuck.abort(late()), patience);
          })
          .then((token) => ({ ...token, owner }));
        // A store may leave it to itself.
        own.catch(() => {});
        return own;
      };
      try {
        const share = async () => store.signInOnce?.(owner, begin, except);
        const token = toStoredToken(await within(SHARED_SIGN_IN_TIMEOUT, stuck.signal, late, share), owner);
        if (token) return token;
        throw new Error("it gave no token of this client");
      } catch (error) {
        if (isMarketplaceError(error)) throw error;
        warnOf("signInOnce", error);
      } finally {
        clearTimeout(timer);
      }
      return begin();
    },
  };
}

/** A token as its own client keeps it. */
export type KeptToken = Omit<StoredToken, "owner">;

/** A {@link TokenStore} that never fails. */
export interface GuardedStore {
  get(): Promise<StoredToken | undefined>;
  /** Signs in, with others where the store can: what it cannot do, this client does alone. */
  signIn(signIn: () => Promise<KeptToken>, except: string | undefined): Promise<KeptToken>;
}
