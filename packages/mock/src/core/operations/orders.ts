import { requireFound } from "../domain/errors.ts";
import { membersWithoutEffect, place, update } from "../domain/orders/orders.ts";
import { withoutEffect } from "../domain/orders/quotes/no-effect.ts";
import { quote } from "../domain/orders/quotes/quote.ts";
import { statusOf } from "../store/order-states.ts";
import type { OrderRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { type CallContext, type HandlersOf, noteIfUnchanged, type QueryValues, queryParam } from "./handler.ts";
import { equals, type Filter, isSince, isUntil, pageOf } from "./lists.ts";
import { showEstimate, showOrder, showRow } from "./order-view.ts";

type OrderQuery =
  | "subscriptionId"
  | "customerId"
  | "orderNumber"
  | "status"
  | "statusCode"
  | "creationTimeFrom"
  | "creationTimeTo"
  | "offset"
  | "limit";
type ListCall = CallContext & { query: QueryValues<OrderQuery> };

/** Filters by the time of creation. */
function createdFilters(call: ListCall): Filter<OrderRecord>[] {
  const [from, to] = [queryParam(call, "creationTimeFrom"), queryParam(call, "creationTimeTo")];
  return [isSince(from, ({ createdAt }) => createdAt), isUntil(to, ({ createdAt }) => createdAt)];
}

/** A page of orders, with further filters. */
export function listOrders(call: ListCall, ...more: Filter<OrderRecord>[]) {
  const [subscriptionId, customerId] = [queryParam(call, "subscriptionId"), queryParam(call, "customerId")];
  const filters: Filter<OrderRecord>[] = [
    ...more,
    subscriptionId !== undefined && customerId !== undefined ? (order) => order.customerId === customerId : undefined,
    equals(call, "orderNumber", ({ orderNumber }) => orderNumber),
    equals(call, "status", statusOf),
    equals(call, "statusCode", ({ statusCode }) => statusCode),
    ...createdFilters(call),
  ];
  return pageOf(call, call.store.orders, filters, showRow, [
    ["subscription", subscriptionId],
    ["customer", customerId],
  ]);
}

const orderWith = (store: Store, id: string): OrderRecord => requireFound(store.orders.get(id), "order", id);

export const orders: HandlersOf<"orders"> = {
  orders_list: (call) => listOrders(call),
  orders_create({ store, body, orderStop, note }) {
    for (const problem of withoutEffect(body, store)) note(problem);
    return showOrder(store, place(store, body, orderStop));
  },
  orders_get: ({ store, params }) => showOrder(store, orderWith(store, params.id)),
  orders_update(call) {
    const { store, params, body } = call;
    const before = orderWith(store, params.id);
    const order = showOrder(store, update(store, before, body));
    for (const name of membersWithoutEffect(body)) {
      call.note(`body member ${JSON.stringify(name)} is known, and has no effect in the mock`);
    }
    noteIfUnchanged(call, showOrder(store, before), order);
    return order;
  },
  orders_estimate({ store, body, note }) {
    for (const problem of withoutEffect(body, store)) note(problem);
    return showEstimate(store, { ...quote(store, body), customerId: body.customerId });
  },
};
