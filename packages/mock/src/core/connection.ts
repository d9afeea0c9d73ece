import { credentials } from "./tokens.ts";

/** What a client needs to call a mock. */
export interface Connection {
  baseUrl: string;
  auth: { username: string; password: string };
  subscriptionKey: string;
  marketplace: string;
}

/** The connection to a mock whose API is at a base URL. */
export function connectionOf(baseUrl: string): Connection {
  const { username, password, subscriptionKey, marketplace } = credentials;
  return { baseUrl, auth: { username, password }, subscriptionKey, marketplace };
}
