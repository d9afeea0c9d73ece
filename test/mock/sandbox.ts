import { type ClientOptions, createClient } from "@imcloud/client";
import { type Mock, type MockOptions, startMock } from "@imcloud/mock";
import { createSandbox, type SandboxOptions } from "@imcloud/mock/sandbox";
import { onTestFinished } from "vitest";
import { checkedFetch } from "../contract/checked-fetch.ts";

/** A client of a mock that checks every response against the document. */
export function clientOf({ url, credentials }: Mock, options: Partial<ClientOptions> = {}) {
  const { username, password, subscriptionKey, marketplace } = credentials;
  const ofApi = checkedFetch(url);
  return createClient({
    baseUrl: url,
    auth: { username, password },
    ...{ marketplace, subscriptionKey, rateLimit: false, retry: false },
    fetch: (request) => (request.url.startsWith(url) ? ofApi(request) : fetch(request)),
    ...options,
  });
}

/** A sandbox with a stopped clock, for behavior that it shares with the server, and a client that checks as {@link clientOf}. */
export function localSandbox(options: SandboxOptions = {}) {
  const mock = createSandbox({ speed: 0, ...options });
  const { connection } = mock;
  const fetch = checkedFetch(mock.url, connection.fetch);
  return { mock, imcloud: createClient({ ...connection, fetch, rateLimit: false, retry: false }) };
}

/** A mock server with a stopped clock, closed with the test, and a client of it. */
export async function sandbox(options: MockOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const mock = await startMock({ port: 0, speed: 0, ...options });
  onTestFinished(() => mock.close());
  return { mock, imcloud: clientOf(mock, clientOptions) };
}

export const domain = [
  { name: "tenant_preference", value: "new" },
  { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
];

/** A sale of seats of Nimbus Workspace to the examples' customer. */
export const sale = (quantity: number, more: object = {}) => ({
  type: "sales" as const,
  customerId: "1002101",
  products: [{ id: "500201", quantity, parameters: domain }],
  ...more,
});

export const SECOND = 1_000;
export const DAY = 86_400_000;
