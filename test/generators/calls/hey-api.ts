import { createClient } from "generated/client/index.ts";
import * as api from "generated/sdk.gen.ts";
import type { OrderCreate } from "generated/types.gen.ts";
import { type Calls, change } from "./calls.ts";

// @ts-expect-error An order names its customer.
export const incomplete: OrderCreate = { type: "sales" };

export const calls: Calls = ({ baseUrl, username, password, subscriptionKey, marketplace }) => {
  let token = "";
  const client = createClient({
    baseUrl,
    throwOnError: true,
    auth: ({ type, scheme }) =>
      type === "apiKey" ? subscriptionKey : scheme === "basic" ? `${username}:${password}` : token,
  });
  const options = { client, throwOnError: true } as const;
  return {
    async token_create() {
      const { data } = await api.tokenCreate({ ...options, body: { marketplace } });
      token = data.token;
      return data;
    },
    customers_list: async () => (await api.customersList({ ...options, query: { limit: 2 } })).data,
    orders_create: async () =>
      (await api.ordersCreate({ ...options, body: { ...change, products: [...change.products] } })).data,
    subscriptions_get: async () => (await api.subscriptionsGet({ ...options, path: { id: "700401" } })).data,
    reports_list: async () => (await api.reportsList(options)).data,
  };
};
