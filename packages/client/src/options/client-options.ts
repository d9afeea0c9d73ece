import { callable, group, hasMethods, must, orFalse, type Rules } from "@imcloud/options";
import { RETRY_RULES, type RetryOptions } from "../core/request-options.ts";
import { RATE_LIMIT_RULES, type RateLimiter, type RateLimitOptions } from "../middleware/rate-limiter.ts";
import type { Validator } from "../middleware/validation.ts";
import type { Wait } from "../middleware/wait-notice.ts";
import { OBSERVER_RULES, type ObserverOptions } from "../observers/observers.ts";
import { type Checked, CONNECTION_RULES, type ConnectionOptions, checkBy } from "./connection.ts";

/** All options of a client. */
export interface ClientOptions extends ConnectionOptions, ObserverOptions {
  /** When a call is sent again, which happens only where that can help and cannot harm; `false` for never. */
  retry?: RetryOptions | false | undefined;
  /**
   * The rate limit; `false` for none; or a limiter to share.
   * @defaultValue 60 a minute and 5,000 a day
   */
  rateLimit?: RateLimitOptions | RateLimiter | false | undefined;
  /**
   * Checks responses against the document: `validator()` from `@imcloud/client/validate`. Where they differ, there is a line in the
   * log, or in the console when there is no logger.
   */
  validate?: Validator | undefined;
  /** Called once for each call that has waited three seconds for its place under the rate limit. The log has a line for it too. */
  onWait?: ((wait: Wait) => void) | undefined;
}

/** Options of a client in a page, behind a proxy on the page's own server. See `createProxy`. */
export interface ProxiedClientOptions
  extends Omit<ClientOptions, "baseUrl" | "marketplace" | "auth" | "subscriptionKey" | "clientId" | "tokenStore"> {
  /** Path of the proxy on the page's own host, for example `/api`. */
  baseUrl: `/${string}`;
}

/** Some options of a client. `undefined` means "not given". */
export type ClientOptionChanges = { [Name in keyof ClientOptions]?: ClientOptions[Name] | undefined };

/** The rules of {@link ClientOptions}: the only table of all options of a client. */
const CLIENT_RULES: Rules<ClientOptions> = {
  ...CONNECTION_RULES,
  ...OBSERVER_RULES,
  retry: orFalse(group(RETRY_RULES)),
  rateLimit: orFalse((value, name) => {
    if (!hasMethods(value, "acquire")) group({ ...RATE_LIMIT_RULES, acquire: callable })(value, name);
  }),
  validate: must("validator() from @imcloud/client/validate", (value) => hasMethods(value, "middleware")),
  onWait: callable,
};

/**
 * The options of a client with their defaults filled in.
 * @throws {@link TypeError} when an option is missing, unknown or has a wrong type
 */
export const checkClient = (options: ClientOptions): Checked<ClientOptions> => checkBy(CLIENT_RULES, options);
