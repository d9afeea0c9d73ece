import type { RateLimiter, TokenStore } from "@imcloud/client";
import { callable, checkOptions, must, type Rules, text, wholeNumber } from "@imcloud/options";
import { SharedLimiter, type WhenUnavailable } from "./limiter/shared-limiter.ts";
import { Outbox } from "./outbox/outbox.ts";
import { encryptedRecords, isKey } from "./records/encrypted.ts";
import type { Records } from "./records/records.ts";
import { SharedTokenStore } from "./tokens/shared-token-store.ts";

/** Options of a store. */
export interface StoreOptions {
  /**
   * What names of tables and keys begin with: lower-case letters, digits and `_`.
   * @defaultValue "imcloud_"
   */
  prefix?: string | undefined;
  /**
   * What happens to calls while the engine cannot be reached: `"fail"` throws a {@link StoreError}, and nothing is sent.
   * `{ shareAmong: 8 }` lets each of eight workers go on alone with an eighth of the limits, after a minute in which nothing is sent.
   * @defaultValue "fail"
   */
  whenUnavailable?: "fail" | WhenUnavailable | undefined;
  /**
   * 32 bytes in base64, by which tokens and what is in the outbox are encrypted (AES-GCM). All processes must have the same.
   * @defaultValue nothing is encrypted
   */
  encryptionKey?: string | undefined;
  /**
   * Milliseconds after which a claim of the outbox, or a sign-in, that was not renewed can be taken over by another process.
   * @defaultValue 30_000
   */
  lease?: number | undefined;
  /** Called when the engine cannot be reached, once for each outage. */
  onUnavailable?: ((error: unknown) => void) | undefined;
}

/** Who shares a limit, and how high it is. */
export interface SharedBy {
  /**
   * Names those who share the limits: one name for each subscription key. Use a name of your own, for example `"production"`, and not
   * the key itself: it is stored as it stands.
   */
  key: string;
  /**
   * Calls in any 60 seconds, of all processes together.
   * @defaultValue 60
   */
  perMinute?: number | undefined;
  /**
   * Calls in any 24 hours, of all processes together. They are counted in steps of ten minutes.
   * @defaultValue 5_000
   */
  perDay?: number | undefined;
  /**
   * Calls of one process that may wait at a time. One more is refused.
   * @defaultValue 5_000
   */
  queue?: number | undefined;
  /**
   * Milliseconds of what counts as a minute, for tests that wait for its end.
   * @defaultValue 60_000
   */
  minute?: number | undefined;
}

/** What a client takes from a store: `createClient({ ...store.for({ key: "production" }), … })`. */
export interface SharedOptions {
  rateLimit: RateLimiter;
  /** Keeps the token, for all that have the same base URL, marketplace and user. One of them signs in at a time. */
  tokenStore: TokenStore;
}

/** State that processes share. */
export interface Store {
  /**
   * Makes its tables, or brings them to the version of this package. Call it when a process starts, or once when you deploy; it is safe
   * from many processes at once.
   * @throws {@link StoreError} when the engine cannot be reached, or has tables of a later version
   */
  migrate(): Promise<void>;
  /**
   * The options by which a client shares its rate limit and its token with all that have the same engine, prefix and key.
   * @throws {@link TypeError} when an option is missing, unknown or not of its kind
   */
  for(by: SharedBy): SharedOptions;
  /** Keeps what is under way through the end of a process: `createOnce(order, { outbox: store.outbox })`. */
  readonly outbox: Outbox;
  /** Ends what the store opened, and the wait of calls. A pool or a client that was given stays open. */
  close(): Promise<void>;
}

const STORE_RULES: Rules<StoreOptions> = {
  prefix: text,
  whenUnavailable: must(
    '"fail" or { shareAmong: 8 }',
    (value: "fail" | WhenUnavailable) =>
      value === "fail" ||
      (Number.isInteger(value?.shareAmong) && value.shareAmong > 0 && Object.keys(value).length === 1),
  ),
  onUnavailable: callable,
  encryptionKey: must("32 bytes in base64", isKey),
  lease: wholeNumber(1),
};

const SHARED_RULES: Rules<SharedBy> = {
  key: text,
  perMinute: wholeNumber(1),
  perDay: wholeNumber(1),
  queue: wholeNumber(1),
  minute: wholeNumber(1),
};

/** The prefix of names where none is given. */
export const DEFAULT_PREFIX = "imcloud_";

/** The default of {@link StoreOptions.lease}, in milliseconds. */
const LEASE = 30_000;

/**
 * Makes a store of an engine's records.
 * @param open makes the records, with the prefix of names
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export function createStore(open: (prefix: string) => Records, options: StoreOptions = {}): Store {
  checkOptions(STORE_RULES, options, "options");
  const {
    prefix = DEFAULT_PREFIX,
    whenUnavailable = "fail",
    onUnavailable = () => {},
    encryptionKey,
    lease = LEASE,
  } = options;
  const records = open(prefix);
  const secrets = encryptionKey === undefined ? records : encryptedRecords(records, encryptionKey);
  const limiters: SharedLimiter[] = [];
  return {
    outbox: new Outbox(secrets, lease),
    migrate: () => records.migrate(),
    for(by) {
      checkOptions(SHARED_RULES, by, "for", ["key"]);
      const { key, perMinute = 60, perDay = 5_000, queue = 5_000, minute = 60_000 } = by;
      const limits = { perMinute, perDay, queue, minute };
      const rateLimit = new SharedLimiter({ records, key, ...limits, whenUnavailable, onUnavailable });
      limiters.push(rateLimit);
      return { rateLimit, tokenStore: new SharedTokenStore(secrets, { holdRefusal: minute, lease }) };
    },
    async close() {
      for (const limiter of limiters) limiter.close();
      await records.close();
    },
  };
}
