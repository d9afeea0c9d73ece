import { client, type OrderCreate } from "generated/client.ts";
import { type Calls, change } from "./calls.ts";

// @ts-expect-error An order names its customer.
export const incomplete: OrderCreate = { type: "sales" };

export const calls: Calls = ({ baseUrl, username, password, subscriptionKey, marketplace }) => {
  client.configure({ serverUrl: baseUrl });
  client.auth.basic(username, password);
  client.auth.apiKey("SubscriptionKey", subscriptionKey);
  return {
    async token_create() {
      const token = await client.token_create({ body: { marketplace } });
      client.auth.bearer(token.token);
      return token;
    },
    customers_list: () => client.customers_list({ query: { limit: 2 } }),
    orders_create: () => client.orders_create({ body: { ...change, products: [...change.products] } }),
    subscriptions_get: () => client.subscriptions_get({ path: { id: "700401" } }),
    reports_list: () => client.reports_list(),
  };
};
