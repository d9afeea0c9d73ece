import type { SubscriptionDetails } from "@imcloud/client";
import { z } from "zod";
import { orderRow, subscriptionView } from "../results/views.ts";
import { readPart } from "./lists.ts";
import { id, READS, tool } from "./tool.ts";

/** What is shown of a customer at most. */
const MAX_SUBSCRIPTIONS = 20;
const MAX_ORDERS = 10;

/** What is left of a list behind what is shown. */
const rest = (shown: number, total: number | undefined, what: string): string[] =>
  total !== undefined && total > shown ? [`${what} behind these: ${total - shown}; list them by find_${what}`] : [];

/** A customer's whole picture. */
export const customerOverview = tool({
  name: "customer_overview",
  title: "A customer's whole picture",
  description: `Reads a customer with its subscriptions, their seats and prices (up to ${MAX_SUBSCRIPTIONS}), and its newest ${MAX_ORDERS} orders. One call where five would be needed.`,
  input: z.strictObject({ customerId: id }),
  data: "customer, subscriptions (with products: seats, unitPrice), orders, openOrders",
  annotations: READS,
  async run({ customerId }, { imcloud, signal, progress }) {
    const customer = await imcloud.customers.get(customerId, { signal });
    const [subscriptions, orders] = await Promise.all([
      readPart(imcloud.subscriptions.list({ customerId, limit: MAX_SUBSCRIPTIONS }, { signal })),
      readPart(imcloud.orders.list({ customerId, limit: MAX_ORDERS }, { signal })),
    ]);
    const details: SubscriptionDetails[] = [];
    for (const { id: subscriptionId } of subscriptions.rows) {
      progress(details.length, subscriptions.rows.length, "Reading subscriptions");
      details.push(await imcloud.subscriptions.get(subscriptionId, { signal }));
    }
    const isOpen = ({ status }: { status: string }) => status === "submitted" || status === "processing";
    return {
      data: {
        customer,
        subscriptions: details.map(subscriptionView),
        orders: orders.rows.map(orderRow),
        openOrders: orders.rows.filter(isOpen).map((order) => order.orderNumber ?? order.id),
      },
      leftOut: [
        ...rest(subscriptions.part.returned, subscriptions.part.total, "subscriptions"),
        ...rest(orders.part.returned, orders.part.total, "orders"),
      ],
    };
  },
});
