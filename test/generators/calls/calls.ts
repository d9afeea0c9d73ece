/** The address and credentials of a running mock. */
export interface Connection {
  baseUrl: string;
  username: string;
  password: string;
  subscriptionKey: string;
  marketplace: string;
}

/** The operations that every tool calls, in this order. */
export const calledOperations = [
  "token_create",
  "customers_list",
  "orders_create",
  "subscriptions_get",
  "reports_list",
] as const;

/** Five calls, each of which returns the body of a success, or throws. */
export type Calls = (connection: Connection) => Record<(typeof calledOperations)[number], () => Promise<unknown>>;

/** The outcome of a call. */
export type CallResult = { body: unknown } | { error: string };

/** Makes the calls one after another. */
export async function makeCalls(calls: Calls, connection: Connection): Promise<Record<string, CallResult>> {
  const results: Record<string, CallResult> = {};
  const made = calls(connection);
  for (const name of calledOperations) {
    results[name] = await made[name]().then(
      (body) => ({ body }),
      (error) => ({ error: String(error?.message ?? error) }),
    );
  }
  return results;
}

/** The body of a success, for clients that return a union of all documented responses. */
export function bodyOf<T extends { status: number; data: unknown }>(response: T): Extract<T, { status: 200 }>["data"] {
  const { status, data } = response;
  if (status !== 200) throw new Error(`The status is ${status}: ${JSON.stringify(data)}`);
  return data;
}

/** The order to place: five seats more than the subscription has. */
export const change = {
  type: "change",
  customerId: "1002101",
  subscriptionId: "700401",
  products: [{ id: "500201", quantity: 35, subscriptionId: "700401" }],
} as const;

export const basic = ({ username, password }: Connection) => `Basic ${btoa(`${username}:${password}`)}`;
