import { setConfig } from "@kubb/plugin-client/clients/fetch";
import * as api from "generated/client/index.ts";
import { basic, type Calls, change } from "./calls.ts";

// @ts-expect-error An order names its customer.
export const incomplete: api.OrderCreate = { type: "sales" };

export const calls: Calls = (connection) => {
  const { baseUrl, subscriptionKey, marketplace } = connection;
  // Kubb's client sends no Content-Type, and does not check the status.
  const connect = (authorization: string) =>
    setConfig({
      baseURL: baseUrl,
      headers: { authorization, "x-subscription-key": subscriptionKey, "content-type": "application/json" },
    });
  connect(basic(connection));
  return {
    async token_create() {
      const token = await api.tokenCreate({ marketplace });
      connect(`Bearer ${token.token}`);
      return token;
    },
    customers_list: () => api.customersList({ limit: 2 }),
    orders_create: () => api.ordersCreate({ ...change, products: [...change.products] }),
    subscriptions_get: () => api.subscriptionsGet("700401"),
    reports_list: () => api.reportsList(),
  };
};
