import { DAY } from "../store/dates.ts";
import type { Cents } from "../store/money.ts";
import { inState, isBeingProvisioned, isOpen, isScheduled } from "../store/order-states.ts";
import type { CustomerRecord, OrderRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { invalid, requireReference } from "./errors.ts";
import { enter } from "./orders/enter-state.ts";
import { totalOf } from "./orders/quotes/pricing.ts";
import { withNextEvent } from "./subscriptions.ts";

/** The customer that an order is for. */
export const customerOf = (store: Store, id: string): CustomerRecord =>
  requireReference(store.customers.get(id), "customerId", id, "GET /customers");

/** Whether an account is on hold, and may not buy until it is active again (CUST-07). */
export const isHeld = ({ customer: { status } }: CustomerRecord): boolean =>
  status === "creditHold" || status === "adminHold";

/**
 * Checks that a customer may place orders that it has to pay for.
 * @throws {@link DomainError}
 */
export function checkMayBuy({ id, customer }: CustomerRecord): void {
  const { status } = customer;
  if (status === "active" || status === "pending") return;
  invalid(`Customer ${id} is ${status} and may not order; update its status to active first`);
}

const CREDIT_DAYS = 30;

const isBilled = ({ statusCode }: OrderRecord) => statusCode !== "CL" && statusCode !== "PF";

/** Whether a customer's credit, less the orders of the last 30 days, covers an amount. */
export function isWithinCredit(store: Store, customer: CustomerRecord, amount: Cents): boolean {
  if (amount <= 0) return true;
  const since = store.time - CREDIT_DAYS * DAY;
  let used = 0;
  for (const order of store.orders.withKey("customer", customer.id)) {
    if (order.createdAt < since) break;
    if (isBilled(order)) used += Math.max(0, totalOf(order.lines));
  }
  return amount <= customer.creditLimit - used;
}

/**
 * Applies a change of an account's status: a hold puts its subscriptions and open orders on hold, and the
 * end of the hold lets them continue (CUST-10).
 */
export function applyAccountStatus(store: Store, before: CustomerRecord, after: CustomerRecord): void {
  if (isHeld(before) === isHeld(after)) return;
  const subscriptions = [...store.subscriptions.withKey("customer", after.id)];
  const orders = [...store.orders.withKey("customer", after.id)];
  if (isHeld(after)) {
    for (const subscription of subscriptions) {
      if (subscription.status !== "active") continue;
      store.subscriptions.put({ ...subscription, status: "hold", isHeldByAccount: true });
    }
    for (const order of orders) {
      const canWait = isOpen(order) && !isBeingProvisioned(order) && !isScheduled(order);
      if (canWait) store.orders.put(inState({ ...order, stop: undefined }, "HL", store.time));
    }
    return;
  }
  for (const subscription of subscriptions) {
    if (!subscription.isHeldByAccount || subscription.status !== "hold") continue;
    const active: SubscriptionRecord = { ...subscription, status: "active", isHeldByAccount: undefined };
    // One that was on hold from the start has no next event.
    store.subscriptions.put(active.nextAt === undefined ? withNextEvent(active, store.time) : active);
  }
  for (const order of orders) if (order.statusCode === "HL") enter(store, order, "PD");
}
