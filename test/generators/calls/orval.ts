import * as api from "generated/api.ts";
import type { OrderCreate } from "generated/model/index.ts";
import { basic, bodyOf, type Calls, change } from "./calls.ts";

// @ts-expect-error An order names its customer.
export const incomplete: OrderCreate = { type: "sales" };

export const calls: Calls = (connection) => {
  const { subscriptionKey, marketplace } = connection;
  let headers = { authorization: basic(connection), "x-subscription-key": subscriptionKey };
  return {
    async token_create() {
      const token = bodyOf(await api.tokenCreate({ marketplace }, { headers }));
      headers = { ...headers, authorization: `Bearer ${token.token}` };
      return token;
    },
    customers_list: async () => bodyOf(await api.customersList({ limit: 2 }, { headers })),
    orders_create: async () =>
      bodyOf(await api.ordersCreate({ ...change, products: [...change.products] }, { headers })),
    subscriptions_get: async () => bodyOf(await api.subscriptionsGet("700401", { headers })),
    reports_list: async () => bodyOf(await api.reportsList({}, { headers })),
  };
};
