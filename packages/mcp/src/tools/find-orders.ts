import { z } from "zod";
import { orderRow, orderView } from "../results/views.ts";
import { readPart } from "./lists.ts";
import { day, id, paging, READS, tool } from "./tool.ts";

const STATUSES = ["submitted", "processing", "error", "completed", "cancelled"] as const;

/** Finds orders, or reads one whole. */
export const findOrders = tool({
  name: "find_orders",
  title: "Find orders",
  description:
    "Finds orders, newest first, or reads one whole by its id (900301) or orderNumber (SO900301): products, priced lines, poNumber. `from` and `to` are days of placement.",
  input: z.strictObject({
    id: id.optional(),
    orderNumber: z.string().min(1).max(64).optional(),
    customerId: id.optional(),
    subscriptionId: id.optional(),
    status: z.enum(STATUSES).optional(),
    from: day.optional(),
    to: day.optional(),
    ...paging,
  }),
  data: "Rows: id, orderNumber, type, status, customerId, creationDate; or one order with total, products, lines",
  annotations: READS,
  async run({ id: orderId, from, to, ...query }, { imcloud, signal }) {
    if (orderId !== undefined) return { data: orderView(await imcloud.orders.get(orderId, { signal })) };
    const filters = {
      ...query,
      ...(from && { creationTimeFrom: `${from}T00:00:00Z` }),
      ...(to && { creationTimeTo: `${to}T23:59:59Z` }),
    };
    const { rows, part } = await readPart(imcloud.orders.list(filters, { signal }));
    const [only] = rows;
    if (query.orderNumber && only && part.total === 1) {
      return { data: orderView(await imcloud.orders.get(only.id, { signal })) };
    }
    return { data: rows.map(orderRow), part };
  },
});
