import { Api, type OrderCreate } from "generated/api.ts";
import { basic, type Calls, change } from "./calls.ts";

// @ts-expect-error An order names its customer.
export const incomplete: OrderCreate = { type: "sales" };

export const calls: Calls = (connection) => {
  const { baseUrl, subscriptionKey, marketplace } = connection;
  const api = new Api<string>({
    baseUrl,
    securityWorker: (authorization) => ({
      headers: { authorization: authorization ?? basic(connection), "x-subscription-key": subscriptionKey },
    }),
  });
  return {
    async token_create() {
      const { data } = await api.token.tokenCreate({ marketplace });
      api.setSecurityData(`Bearer ${data.token}`);
      return data;
    },
    customers_list: async () => (await api.customers.customersList({ limit: 2 })).data,
    orders_create: async () => (await api.orders.ordersCreate({ ...change, products: [...change.products] })).data,
    subscriptions_get: async () => (await api.subscriptions.subscriptionsGet("700401")).data,
    reports_list: async () => (await api.reports.reportsList()).data,
  };
};
