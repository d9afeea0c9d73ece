import { createClient } from "@imcloud/client";
import { type Calls, change } from "./calls.ts";

/** The calls of this project's client, for tools that serve the document. */
export const calls: Calls = ({ username, password, ...connection }) => {
  const imcloud = createClient({ ...connection, auth: { username, password }, retry: false, rateLimit: false });
  return {
    token_create: () => imcloud.token.create({ marketplace: connection.marketplace }),
    customers_list: () => imcloud.customers.list({ limit: 2 }),
    orders_create: () => imcloud.orders.create({ ...change, products: [...change.products] }),
    subscriptions_get: () => imcloud.subscriptions.get("700401"),
    reports_list: () => imcloud.reports.list(),
  };
};
