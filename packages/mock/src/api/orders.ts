import type { OrderCreate, OrderUpdate } from "@imcloud/spec";
import { place, update } from "../rules/orders.ts";
import { quote } from "../rules/quote.ts";
import { found } from "../rules/refusal.ts";
import { shown } from "../rules/stages.ts";
import { timeOf } from "../world/dates.ts";
import type { OrderRecord } from "../world/records.ts";
import { reseller } from "./accounts.ts";
import { type Call, type Handler, queried } from "./call.ts";
import { equals, type Filter, pageOf } from "./lists.ts";
import { showEstimate, showOrder, showRow } from "./show-order.ts";

/** Keeps what was created from a time on, or until one. */
function createdFilters(call: Call): Filter<OrderRecord>[] {
  const [from, to] = ["creationTimeFrom", "creationTimeTo"].map((name) => queried(call, name));
  return [
    from === undefined ? undefined : ({ createdAt }) => createdAt >= timeOf(from),
    to === undefined ? undefined : ({ createdAt }) => createdAt <= timeOf(to),
  ];
}

function list(call: Call, ...more: Filter<OrderRecord>[]) {
  const [subscriptionId, customerId] = [queried(call, "subscriptionId"), queried(call, "customerId")];
  const filters: Filter<OrderRecord>[] = [
    ...more,
    subscriptionId !== undefined && customerId !== undefined ? (order) => order.customerId === customerId : undefined,
    equals(call, "orderNumber", ({ orderNumber }) => orderNumber),
    equals(call, "status", ({ stage }) => shown[stage].status),
    equals(call, "statusCode", ({ stage }) => shown[stage].statusCode),
    ...createdFilters(call),
  ];
  return pageOf(call, call.world.orders, filters, showRow, [
    ["subscription", subscriptionId],
    ["customer", customerId],
  ]);
}

const order = ({ world, id }: Call): OrderRecord => found(world.orders.get(id), "order", id);

export const orders: Record<string, Handler> = {
  orders_list: (call) => list(call),
  orders_create: ({ world, body, isDoomed }) => showOrder(world, place(world, body as OrderCreate, isDoomed)),
  orders_get: (call) => showOrder(call.world, order(call)),
  orders_update: (call) => showOrder(call.world, update(call.world, order(call), call.body as OrderUpdate)),
  orders_estimate({ world, body }) {
    const { type, customerId } = body as OrderCreate;
    return showEstimate(world, customerId, { type, ...quote(world, body as OrderCreate) });
  },
  resellers_listOrders(call) {
    const { id } = reseller(call);
    return list(call, ({ customerId }) => call.world.customers.get(customerId)?.customer.resellerId === id);
  },
};
