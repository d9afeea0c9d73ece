import { z } from "zod";
import { subscriptionRow, subscriptionView } from "../results/views.ts";
import { readPart } from "./lists.ts";
import { id, paging, READS, tool } from "./tool.ts";

const STATUSES = ["pending", "active", "hold", "terminated", "removed"] as const;

/** Finds subscriptions, or reads one whole. */
export const findSubscriptions = tool({
  name: "find_subscriptions",
  title: "Find subscriptions",
  description:
    "Finds subscriptions by customer and status, or reads one whole by its id (700401): products with seats and prices, parameters such as the Microsoft tenant. For the seats of all of a customer's subscriptions, use customer_overview.",
  input: z.strictObject({
    id: id.optional(),
    customerId: id.optional(),
    status: z.enum(STATUSES).optional(),
    ...paging,
  }),
  data: "Rows: id, name, status, customerId, renewalDate, expirationDate; or one subscription with products and parameters",
  annotations: READS,
  async run({ id: subscriptionId, ...query }, { imcloud, signal }) {
    if (subscriptionId !== undefined) {
      const subscription = await imcloud.subscriptions.get(subscriptionId, { signal });
      const { orderParameters, fulfillmentParameters, attributes, creationDate } = subscription;
      return {
        data: { ...subscriptionView(subscription), creationDate, orderParameters, fulfillmentParameters, attributes },
      };
    }
    const { rows, part } = await readPart(imcloud.subscriptions.list(query, { signal }));
    return { data: rows.map(subscriptionRow), part };
  },
});
