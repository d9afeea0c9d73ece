import { type Auth, authRule } from "../auth/auth.ts";
import type { TokenStore } from "../auth/token-store.ts";
import {
  callable,
  checkOptions,
  having,
  headerText,
  isObject,
  type Rules,
  text,
  url,
  wholeNumber,
} from "../core/check.ts";
import type { CustomFetch } from "../core/fetch.ts";

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

const DEFAULT_TIMEOUT = 120_000;

/** What {@link ConnectionOptions} must be. */
export const CONNECTION_RULES: Rules<ConnectionOptions> = {
  baseUrl: url,
  marketplace: text,
  auth: authRule,
  subscriptionKey: headerText,
  clientId: headerText,
  userAgent: headerText,
  timeout: wholeNumber(0),
  tokenStore: having("get", "set"),
  fetch: callable,
};

/** Options that were checked, with their defaults filled in. */
export type Checked<Options extends ConnectionOptions> = Options & { timeout: number };

/**
 * Checks options by their rules, and fills in the defaults of a connection. The base URL has no slash at its end.
 * @throws {@link TypeError} when an option is missing, unknown or not of its kind
 */
export function checkBy<Options extends ConnectionOptions>(rules: Rules<Options>, options: Options): Checked<Options> {
  const resolved = isObject(options) ? { ...options, baseUrl: absolute(options.baseUrl) } : options;
  // Behind a proxy of one's own, of which the page knows the path alone, the server signs in.
  const isProxied = resolved?.baseUrl !== options?.baseUrl;
  checkOptions(rules, resolved, "", isProxied ? ["baseUrl"] : ["baseUrl", "marketplace", "auth"]);
  const { baseUrl, timeout = DEFAULT_TIMEOUT } = resolved;
  return { ...resolved, baseUrl: new URL(baseUrl).href.replace(/\/+$/, ""), timeout };
}

/** A base URL that may be a path of the page's own host. */
function absolute(baseUrl: string): string {
  if (!/^\/(?!\/)/.test(baseUrl)) return baseUrl;
  const page = globalThis.location?.href;
  if (page) return new URL(baseUrl, page).href;
  throw new TypeError(
    `baseUrl is relative, and here is no page that it is relative to; got ${JSON.stringify(baseUrl)}.`,
  );
}

/**
 * The options of a connection with their defaults filled in. The base URL has no slash at its end.
 * @throws {@link TypeError} when an option is missing, unknown or not of its kind
 */
export const checkConnection = (options: ConnectionOptions): Checked<ConnectionOptions> =>
  checkBy(CONNECTION_RULES, options);
