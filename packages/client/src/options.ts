import type { Auth, Credentials } from "./auth/auth.ts";
import type { TokenStore } from "./auth/token.ts";
import type { Logger, LogLevel } from "./observe/log.ts";
import type { Tracer } from "./observe/tracing.ts";
import type { RateLimiter, RateLimitOptions } from "./pipeline/rate-limit.ts";
import type { RetryOptions } from "./pipeline/retry.ts";
import { LONGEST_TIMEOUT } from "./pipeline/time.ts";

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
  /** Milliseconds until one attempt fails, its body included; 0 for no limit. 120,000 unless set: placing an order is slow. */
  timeout?: number | undefined;
  /** Where the token is kept: in memory unless set. One that processes share saves sign-ins. */
  tokenStore?: TokenStore | undefined;
  /** Used in place of the global `fetch`. Gets a `Request`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** All that a client can be told. */
export interface ClientOptions extends ConnectionOptions {
  /** How often a call is sent again where that can help and cannot harm; `false` for never. */
  retry?: RetryOptions | false | undefined;
  /** How many calls may be made, 60 a minute and 5,000 a day unless set; `false` for no limit; or a limiter to share. */
  rateLimit?: RateLimitOptions | RateLimiter | false | undefined;
  /**
   * Checks answers against the document: `"warn"` logs where they differ, to the console when there is no logger; `"error"` throws a
   * ValidationError as well. Its code is loaded only when this is set.
   */
  validate?: "warn" | "error" | false | undefined;
  /** Gets a line for each time that a call is sent, without secrets. */
  logger?: Logger | undefined;
  /** The least that is logged: `info` unless set. */
  logLevel?: LogLevel | undefined;
  /** An OpenTelemetry tracer, which gets a span for each time that a call is sent. */
  tracer?: Tracer | undefined;
}

/** Refuses options, by their names, whose values are not what they must be. */
function check(isRight: (value: never) => unknown, what: string, options: object, where = ""): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value as never)) throw new TypeError(`${where}${name} must be ${what}.`);
  }
}

const checkTexts = (texts: object, where?: string) =>
  check((value) => typeof value === "string" && value, "a string that is not empty", texts, where);

/** Refuses what no header can hold; `undefined` passes. */
export const checkHeaders = (values: object) =>
  check((value = " ") => typeof value === "string" && /^[ -~]+$/.test(value), "ASCII text", values);

const checkUrls = (urls: object, where?: string) =>
  check(
    (url: string) => /^https?:[^@?#]+$/i.test(url) && URL.canParse(url),
    "an http or https URL without credentials, query or fragment",
    urls,
    where,
  );

/** Refuses numbers that are not whole, or out of bounds. `undefined` passes. */
const checkNumbers = (least: number, numbers: object, where?: string) =>
  check(
    (value = least) => Number.isInteger(value) && value >= least && value <= LONGEST_TIMEOUT,
    `a whole number from ${least} to ${LONGEST_TIMEOUT}`,
    numbers,
    where,
  );

function checkAuth(auth: Partial<Credentials> | Auth = {}): void {
  if ("token" in auth) {
    check((value) => typeof value === "function", "a function", { token: auth.token }, "auth.");
  } else if ("oauth2" in auth) {
    const { url, username, password, clientId } = auth.oauth2;
    checkUrls({ url: url?.split("?")[0] }, "auth.oauth2.");
    checkTexts({ username, password, clientId }, "auth.oauth2.");
  } else {
    const { username, password } = auth;
    checkTexts({ username, password }, "auth.");
  }
}

/** The options of a connection with their standards filled in. */
export function checkConnection<Options extends ConnectionOptions>(options: Options) {
  const { baseUrl, marketplace, auth, subscriptionKey, clientId, userAgent, timeout = 120_000 } = options;
  checkUrls({ baseUrl });
  checkTexts({ marketplace });
  checkAuth(auth);
  checkHeaders({ subscriptionKey, clientId, userAgent });
  checkNumbers(0, { timeout });
  return { ...options, baseUrl: new URL(baseUrl).href.replace(/\/+$/, ""), timeout };
}

/** Options that were checked. */
export type Checked<Options extends ConnectionOptions> = ReturnType<typeof checkConnection<Options>>;

/** The options of a client with their standards filled in. */
export function checkOptions(options: ClientOptions): Checked<ClientOptions> {
  const { retry, rateLimit, validate } = options;
  check((value) => !value || value === "warn" || value === "error", '"warn", "error" or false', { validate });
  if (retry) checkNumbers(0, retry, "retry.");
  if (rateLimit && !("acquire" in rateLimit)) checkNumbers(1, rateLimit, "rateLimit.");
  return checkConnection(options);
}
