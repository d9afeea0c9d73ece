import type { Credentials } from "./sign-in.ts";

/** How to reach a marketplace, and as whom. */
export interface ClientOptions {
  /** Base URL of the API, as the control panel shows it, with or without a slash at its end. See {@link endpoints}. */
  baseUrl: string;
  /** Short name of the marketplace, defined by the installation, for example `us` or `se`. */
  marketplace: string;
  auth: Credentials;
  /** Value of `X-Subscription-Key`. Leave it out where no gateway stands in front of the platform. */
  subscriptionKey?: string | undefined;
  /** Value of `X-Client-Id`, which names your integration product to the platform. */
  clientId?: string | undefined;
  /** Milliseconds until a call fails, its body included; 0 for no limit. 120,000 unless set: placing an order is slow. */
  timeout?: number | undefined;
  /** Used in place of the global `fetch`. Gets a `Request`. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

const STANDARD_TIMEOUT = 120_000;
/** Timers hold no more milliseconds than this; longer ones would fire at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

function checkText(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${name} must be a string that is not empty.`);
}

function checkBaseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new TypeError("baseUrl must be an http or https URL, for example endpoints.eu.");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError("baseUrl must hold neither credentials nor a query nor a fragment.");
  }
  return url.href.replace(/\/+$/, "");
}

/** The options with their standards filled in. */
export function checkOptions(options: ClientOptions) {
  const { marketplace, auth, subscriptionKey, clientId, timeout = STANDARD_TIMEOUT } = options;
  checkText("marketplace", marketplace);
  checkText("auth.username", auth?.username);
  checkText("auth.password", auth?.password);
  if (subscriptionKey !== undefined) checkText("subscriptionKey", subscriptionKey);
  if (clientId !== undefined) checkText("clientId", clientId);
  if (!Number.isInteger(timeout) || timeout < 0 || timeout > LONGEST_TIMEOUT) {
    throw new TypeError(`timeout must be a whole number of milliseconds from 0 to ${LONGEST_TIMEOUT}.`);
  }
  return {
    baseUrl: checkBaseUrl(options.baseUrl),
    marketplace,
    auth,
    subscriptionKey,
    clientId,
    timeout,
    // Called as a function of its own: a browser's fetch refuses to run as a method of another object.
    fetch: options.fetch ?? ((request: Request) => globalThis.fetch(request)),
  };
}
