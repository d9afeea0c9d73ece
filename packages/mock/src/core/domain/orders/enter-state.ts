import { inState } from "../../store/order-states.ts";
import type { OrderRecord, OrderStatusCode } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { makeSubscriptions } from "./made-subscriptions.ts";

/** The codes from which on an order is paid, or its payment is postponed. */
const PAID: ReadonlySet<OrderStatusCode> = new Set<OrderStatusCode>(["PD", "I4", "PR"]);

/** Takes an order to a state. What it makes is there, and pending, once it is paid (SUB-07). */
export function enter(store: Store, order: OrderRecord, statusCode: OrderStatusCode): OrderRecord {
  const made = PAID.has(statusCode) ? makeSubscriptions(store, order) : order;
  return store.orders.put(inState(made, statusCode, store.time));
}
