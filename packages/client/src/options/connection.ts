import {
  callable,
  checkOptions,
  having,
  isObject,
  milliseconds,
  oneOf,
  type Rules,
  text,
  wholeNumber,
} from "@imcloud/options";
import { type Auth, authRule, copyAuth, isOAuth2 } from "../auth/auth.ts";
import type { TokenStore } from "../auth/token-store.ts";
import { withoutEndSlashes } from "../core/calls/url.ts";
import { headerText, url } from "../core/check.ts";
import type { CustomFetch } from "../core/transport/fetch.ts";
import { isInsecure } from "../core/transport/private-host.ts";
import { DEFAULT_TIMEOUT } from "../middleware/timeout.ts";

/** The address of an API and the credentials for it. */
export interface ConnectionOptions {
  /** Base URL of the API, as the control panel shows it, with or without a slash at its end. See {@link endpoints}. */
  baseUrl: string;
  /** Short name of the marketplace, defined by the installation, for example `us` or `se`. */
  marketplace: string;
  /** The API user's name and password, or `{ oauth2 }` for the password grant of a realm, or `{ token }` for your own function. */
  auth: Auth;
  /** Value of `X-Subscription-Key`. Leave it out if there is no gateway in front of the platform. */
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
   * Whether credentials may be sent to public hosts over plain http, where anyone in between can read them, and whether downloads may
   * come over http or from private addresses although the API does not.
   * @defaultValue false
   */
  allowInsecure?: boolean | undefined;
  /**
   * The most bytes of a response, after decompression. A larger one fails its call with a {@link GatewayError}. Downloads are not
   * limited.
   * @defaultValue 50_000_000
   */
  maxResponseBytes?: number | undefined;
  /**
   * Where the token is kept. One that processes share saves sign-ins. Tokens of a function are not kept.
   * @defaultValue in memory
   */
  tokenStore?: TokenStore | undefined;
  /**
   * Used instead of the platform's `fetch`. Called with a `Request`.
   * @defaultValue the global `fetch`, looked up at each call
   */
  fetch?: CustomFetch | undefined;
}

const DEFAULT_MAX_RESPONSE_BYTES = 50_000_000;

/** The rules of {@link ConnectionOptions}. */
export const CONNECTION_RULES: Rules<ConnectionOptions> = {
  baseUrl: url,
  marketplace: text,
  auth: authRule,
  subscriptionKey: headerText,
  clientId: headerText,
  userAgent: headerText,
  timeout: milliseconds,
  allowInsecure: oneOf(true, false),
  maxResponseBytes: wholeNumber(1),
  tokenStore: having("get", "set"),
  fetch: callable,
};

/** Checked options with their defaults filled in. */
export type Checked<Options extends ConnectionOptions> = Options & { timeout: number; maxResponseBytes: number };

/**
 * Checks options by their rules, and fills in the defaults of a connection. The base URL has no slash at its end.
 * @throws {@link TypeError} when an option is missing, unknown or not of its kind
 */
export function checkBy<Options extends ConnectionOptions>(rules: Rules<Options>, options: Options): Checked<Options> {
  const resolved = isObject(options) ? { ...options, baseUrl: absolute(options.baseUrl) } : options;
  // A page that uses its own proxy knows only the proxy's path, and the server signs in.
  const isProxied = resolved?.baseUrl !== options?.baseUrl;
  checkOptions(rules, resolved, "", isProxied ? ["baseUrl"] : ["baseUrl", "marketplace", "auth"]);
  if (!isProxied && !resolved.allowInsecure) checkSecure(resolved);
  const { baseUrl, timeout = DEFAULT_TIMEOUT, maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES } = resolved;
  const auth = resolved.auth && copyAuth(resolved.auth);
  return { ...resolved, auth, baseUrl: withoutEndSlashes(new URL(baseUrl).href), timeout, maxResponseBytes };
}

/** Refuses to send credentials over an unencrypted connection. */
function checkSecure({ baseUrl, auth }: ConnectionOptions): void {
  const addresses = { baseUrl, ...(isOAuth2(auth) && { "auth.oauth2.url": auth.oauth2.url }) };
  for (const [name, address] of Object.entries(addresses)) {
    if (!isInsecure(address)) continue;
    throw new TypeError(
      `${name} is plain http to a public host, where others read the credentials: use https, or allowInsecure.`,
    );
  }
}

/** Resolves a base URL, which may be a path on the page's own host. */
function absolute(baseUrl: string): string {
  if (typeof baseUrl !== "string" || !/^\/(?!\/)/.test(baseUrl)) return baseUrl;
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
