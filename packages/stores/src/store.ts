import type { RateLimiter, TokenStore } from "@imcloud/client";
import { callable, checkOptions, must, type Rules, text, wholeNumber } from "@imcloud/options";
import { SharedLimiter, type WhenUnavailable } from "./limiter/shared-limiter.ts";
import { Outbox } from "./outbox/outbox.ts";
import { encryptedRecords, isKey } from "./records/encrypted.ts";
import { type Records, StoreError } from "./records/records.ts";
import { SharedTokenStore } from "./tokens/shared-token-store.ts";

/** Options of a store. */
export interface StoreOptions {
  /**
   * The prefix of tables and keys: lower-case letters, digits and `_`.
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
   * A key of 32 bytes in base64 that encrypts tokens and the outbox (AES-GCM). All processes must have the same.
   * @defaultValue no encryption
   */
  encryptionKey?: string | undefined;
  /**
   * Milliseconds after which another process can take over a claim of the outbox, or a sign-in, that was not renewed.
   * @defaultValue 30_000
   */
  lease?: number | undefined;
  /** Called when the engine cannot be reached, once for each outage. What it throws changes nothing. */
  onUnavailable?: ((error: unknown) => void) | undefined;
}

/** The shared limit. */
export interface SharedBy {
  /**
   * Names those who share the limits: one name for each subscription key. Use a name of your own, for example `"production"`, and not
   * the key itself: it is stored as it stands.
   */
  key: string;
  /**
   * The limit of calls in any 60 seconds, for all processes together.
   * @defaultValue 60
   */
  perMinute?: number | undefined;
  /**
   * The limit of calls in any 24 hours, for all processes together. They are counted in steps of ten minutes.
   * @defaultValue 5_000
   */
  perDay?: number | undefined;
  /**
   * The limit of waiting calls of one process. One more is refused.
   * @defaultValue 5_000
   */
  queue?: number | undefined;
  /**
   * The length of a minute in milliseconds, for tests that wait for its end.
   * @defaultValue 60_000
   */
  minute?: number | undefined;
}

/** Client options from a store: `createClient({ ...store.for({ key: "production" }), … })`. */
export interface SharedOptions {
  rateLimit: RateLimiter;
  /** Shares the token between clients of the same base URL, marketplace and user. One of them signs in at a time. */
  tokenStore: TokenStore;
}

/** State that processes share. */
export interface Store {
  /**
   * Creates the tables, or migrates them to this package's version. Call it when a process starts, or once when you deploy; it is safe
   * from many processes at once.
   * @throws {@link StoreError} when the engine cannot be reached, or has tables of a later version
   */
  migrate(): Promise<void>;
  /**
   * Client options that share the rate limit and the token with all clients of the same engine, prefix and key.
   * @throws {@link TypeError} when an option is missing, unknown or invalid
   * @throws {@link StoreError} when the store is closed
   */
  for(by: SharedBy): SharedOptions;
  /** Saves orders in progress across the end of a process: `createOnce(order, { outbox: store.outbox })`. */
  readonly outbox: Outbox;
  /** Closes the store, and rejects waiting and later calls. A given pool or client stays open. */
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

/** The default prefix. */
export const DEFAULT_PREFIX = "imcloud_";

/** The default of {@link StoreOptions.lease}, in milliseconds. */
const LEASE = 30_000;

/**
 * Makes a store over an engine's records.
 * @param open opens the records with a prefix
 * @throws {@link TypeError} when an option is unknown or invalid
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
  let isClosed = false;
  return {
    outbox: new Outbox(secrets, lease),
    migrate: () => records.migrate(),
    for(by) {
      checkOptions(SHARED_RULES, by, "for", ["key"]);
      if (isClosed) throw new StoreError("The store is closed.");
      const { key, perMinute = 60, perDay = 5_000, queue = 5_000, minute = 60_000 } = by;
      const limits = { perMinute, perDay, queue, minute };
      const rateLimit = new SharedLimiter({ records, key, ...limits, whenUnavailable, onUnavailable });
      limiters.push(rateLimit);
      return { rateLimit, tokenStore: new SharedTokenStore(secrets, { holdRefusal: minute, lease }) };
    },
    async close() {
      isClosed = true;
      for (const limiter of limiters) limiter.close();
      await records.close();
    },
  };
}
