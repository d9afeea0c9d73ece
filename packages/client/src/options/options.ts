import type { Auth } from "../auth/auth.ts";
import type { TokenStore } from "../auth/token-store.ts";
import type { CustomFetch } from "../core/fetch.ts";
import type { RetryOptions } from "../core/request-options.ts";
import type { Logger, LogLevel } from "../middleware/logging.ts";
import { isRateLimiter, type RateLimiter, type RateLimitOptions } from "../middleware/rate-limiter.ts";
import type { Tracer } from "../middleware/tracing.ts";
import type { Validator } from "../middleware/validation.ts";
import { check, checkAuth, checkHeaders, checkNumbers, checkTexts, checkUrls } from "./check.ts";

/** How to reach an API, and as whom. */
export interface ConnectionOptions {
  /** Base URL of the API, as the control panel shows it, with or without a slash at its end. See {@link endpoints}. */
  baseUrl: string;
  /** Short name of the marketplace, defined by the installation, for example `us` or `se`. */
  marketplace: string;
  /** The API user's name and password, or `{ oauth2 }` for the password grant of a realm, or `{ token }` for a function of yours. */
  auth: Auth;
  /** Value of `X-Subscription-Key`. Leave it out where no gateway stands in front of the platform. */
  subscriptionKey?: string | undefined;
  /** Value of `X-Client-Id`, which names your integration product to the platform. */
  clientId?: string | undefined;
  /** Put before the client's own `User-Agent`, for example `my-sync/2.1`. A browser sends its own instead. */
  userAgent?: string | undefined;
  /**
   * Milliseconds until one attempt fails, its body included; 0 for no limit. Placing an order is slow.
   * @defaultValue 120_000
   */
  timeout?: number | undefined;
  /**
   * Where the token is kept. One that processes share saves sign-ins.
   * @defaultValue in memory
   */
  tokenStore?: TokenStore | undefined;
  /**
   * Used in place of the platform's `fetch`. Gets a `Request`.
   * @defaultValue the global `fetch`, looked up at each call
   */
  fetch?: CustomFetch | undefined;
}

/** All options of a client. */
export interface ClientOptions extends ConnectionOptions {
  /** How often a call is sent again where that can help and cannot harm; `false` for never. */
  retry?: RetryOptions | false | undefined;
  /**
   * How many calls may be made; `false` for no limit; or a limiter to share.
   * @defaultValue 60 a minute and 5,000 a day
   */
  rateLimit?: RateLimitOptions | RateLimiter | false | undefined;
  /**
   * Checks responses against the document: `validator()` from `@imcloud/client/validate`. Where they differ, there is a line in the
   * log, or in the console when there is no logger.
   */
  validate?: Validator | undefined;
  /** Gets a line for each attempt, without secrets. */
  logger?: Logger | undefined;
  /**
   * The least that is logged.
   * @defaultValue "info"
   */
  logLevel?: LogLevel | undefined;
  /** An OpenTelemetry tracer, which gets a span for each attempt. */
  tracer?: Tracer | undefined;
}

const DEFAULT_TIMEOUT = 120_000;

/** Options that were checked, with their defaults filled in. */
export type Checked<Options extends ConnectionOptions> = Options & { timeout: number };

/**
 * The options of a connection with their defaults filled in. The base URL has no slash at its end.
 * @throws {@link TypeError} when an option is missing or not of its kind
 */
export function checkConnection<Options extends ConnectionOptions>(options: Options): Checked<Options> {
  const { baseUrl, marketplace, auth, subscriptionKey, clientId, userAgent, timeout = DEFAULT_TIMEOUT } = options;
  checkUrls({ baseUrl });
  checkTexts({ marketplace });
  checkAuth(auth);
  checkHeaders({ subscriptionKey, clientId, userAgent });
  checkNumbers(0, { timeout });
  return { ...options, baseUrl: new URL(baseUrl).href.replace(/\/+$/, ""), timeout };
}

/**
 * The options of a client with their defaults filled in.
 * @throws {@link TypeError} when an option is missing or not of its kind
 */
export function checkOptions(options: ClientOptions): Checked<ClientOptions> {
  const { retry, rateLimit, validate } = options;
  const isValidator = (value: Partial<Validator> | undefined) => !value || typeof value.validate === "function";
  check(isValidator, "validator() from @imcloud/client/validate", { validate });
  if (retry) checkNumbers(0, retry, "retry.");
  if (rateLimit && !isRateLimiter(rateLimit)) checkNumbers(1, rateLimit, "rateLimit.");
  return checkConnection(options);
}
