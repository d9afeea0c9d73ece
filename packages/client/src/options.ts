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

const STANDARD_TIMEOUT = 120_000;

function refuse(sentence: string): never {
  throw new TypeError(sentence);
}

/** Refuses texts that are empty, and those that are missing unless they may be. */
function checkTexts(where: string, texts: Record<string, unknown>, mayMiss = false): void {
  for (const [name, value] of Object.entries(texts)) {
    const isRight = (mayMiss && value === undefined) || (typeof value === "string" && value);
    if (!isRight) refuse(`${where}${name} must be a string that is not empty.`);
  }
}

/** Refuses numbers that are not whole, or out of bounds. `undefined` passes. */
function checkNumbers(where: string, numbers: object, least: number): void {
  for (const [name, value] of Object.entries(numbers)) {
    const isRight = value === undefined || (Number.isInteger(value) && value >= least && value <= LONGEST_TIMEOUT);
    if (!isRight) refuse(`${where}${name} must be a whole number from ${least} to ${LONGEST_TIMEOUT}.`);
  }
}

function parseUrl(name: string, value: string): URL {
  if (/^https?:/i.test(value) && URL.canParse(value)) return new URL(value);
  return refuse(`${name} must be an http or https URL, for example endpoints.eu.`);
}

function checkBaseUrl(value: string): string {
  const { username, password, search, hash, href } = parseUrl("baseUrl", value);
  if (username || password || search || hash) {
    refuse("baseUrl must hold neither credentials nor a query nor a fragment.");
  }
  return href.replace(/\/+$/, "");
}

function checkAuth(auth: Partial<Credentials> | Auth = {}): void {
  if ("token" in auth) {
    if (typeof auth.token !== "function") refuse("auth.token must be a function.");
  } else if ("oauth2" in auth) {
    const { url, username, password, clientId } = auth.oauth2;
    parseUrl("auth.oauth2.url", url);
    checkTexts("auth.oauth2.", { username, password, clientId });
  } else {
    const { username, password } = auth;
    checkTexts("auth.", { username, password });
  }
}

/** The options of a connection with their standards filled in. */
export function checkConnection<Options extends ConnectionOptions>(options: Options) {
  const { marketplace, auth, subscriptionKey, clientId, userAgent, timeout = STANDARD_TIMEOUT } = options;
  checkTexts("", { marketplace });
  checkTexts("", { subscriptionKey, clientId, userAgent }, true);
  checkAuth(auth);
  checkNumbers("", { timeout }, 0);
  return {
    ...options,
    baseUrl: checkBaseUrl(options.baseUrl),
    timeout,
    // Called as a function of its own: a browser's fetch refuses to run as a method of another object.
    fetch: options.fetch ?? ((request: Request) => globalThis.fetch(request)),
  };
}

/** Options that were checked. */
export type Checked<Options extends ConnectionOptions> = ReturnType<typeof checkConnection<Options>>;

/** The options of a client with their standards filled in. */
export function checkOptions(options: ClientOptions): Checked<ClientOptions> {
  const { retry, rateLimit, validate } = options;
  if (validate && validate !== "warn" && validate !== "error") refuse('validate must be "warn", "error" or false.');
  if (retry) checkNumbers("retry.", retry, 0);
  if (rateLimit && !("acquire" in rateLimit)) checkNumbers("rateLimit.", rateLimit, 1);
  return checkConnection(options);
}
