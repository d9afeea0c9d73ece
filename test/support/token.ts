import type { MockCredentials } from "@imcloud/mock";

interface SignIn {
  url: string;
  credentials: Pick<MockCredentials, "username" | "password" | "subscriptionKey" | "marketplace">;
  /** That of a sandbox. @defaultValue the platform's */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Signs in to a mock without the client, for tests that send raw requests. */
export async function tokenOf({ url, credentials, fetch = globalThis.fetch }: SignIn): Promise<string> {
  const { username, password, subscriptionKey, marketplace } = credentials;
  const response = await fetch(`${url}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${username}:${password}`)}`,
      "content-type": "application/json",
      "x-subscription-key": subscriptionKey,
    },
    body: JSON.stringify({ marketplace }),
  });
  return ((await response.json()) as { token: string }).token;
}
