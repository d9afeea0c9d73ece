import { accounts } from "./accounts.ts";
import type { Handler } from "./call.ts";
import { catalogue } from "./catalogue.ts";
import { orders } from "./orders.ts";
import { reports } from "./reports.ts";
import { subscriptions } from "./subscriptions.ts";

/** What answers each operation of the document but the sign-in, by its id. */
export const handlers: Readonly<Record<string, Handler>> = {
  ...accounts,
  ...catalogue,
  ...orders,
  ...subscriptions,
  ...reports,
};
