import { DAY } from "../store/dates.ts";
import type { Cents } from "../store/money.ts";
import { inState, isBeingProvisioned, isOpen, isScheduled, stopsAfter } from "../store/order-states.ts";
import type { CustomerRecord, OrderRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { invalid, requireReference } from "./errors.ts";
import { isHeld } from "./is-held.ts";
import { enter } from "./orders/enter-state.ts";
import { totalOf } from "./orders/quotes/pricing.ts";
import { withNextEvent } from "./subscriptions.ts";

/** The customer that an order is for. */
export const customerOf = (store: Store, id: string): CustomerRecord =>
  requireReference(store.customers.get(id), "customerId", id, "GET /customers");

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

/**
 * Whether a customer's credit, less the orders of the last 30 days, covers an amount.
 * @param placed the order that the amount is of, where it is placed already: later ones do not count then
 */
export function isWithinCredit(store: Store, customer: CustomerRecord, amount: Cents, placed?: OrderRecord): boolean {
  if (amount <= 0) return true;
  const since = store.time - CREDIT_DAYS * DAY;
  let used = 0;
  let isEarlier = placed === undefined;
  for (const order of store.orders.withKey("customer", customer.id)) {
    if (order.createdAt < since) break;
    if (isBilled(order) && isEarlier) used += Math.max(0, totalOf(order.lines));
    if (order.id === placed?.id) isEarlier = true;
  }
  return amount <= customer.creditLimit - used;
}

/** Lets an order wait as long as its account is on hold. */
export function putOnHold(store: Store, order: OrderRecord): void {
  const { statusCode, nextAt } = order;
  const isWaiting = statusCode in stopsAfter || isScheduled(order);
  const heldFrom = isWaiting ? { statusCode, nextAt } : undefined;
  store.orders.put(inState({ ...order, heldFrom }, "HL", store.time));
}

/** Lets an order go on after the hold of its account: to where it waited, to where it was to stop, or to its payment. */
function release(store: Store, customer: CustomerRecord, order: OrderRecord): void {
  const { heldFrom, stop, statusCode, shown, lines } = order;
  const isOnHold = statusCode === "HL";
  if (!isOnHold && !stop?.isOfAccount) return;
  if (heldFrom) {
    const nextAt = heldFrom.nextAt && Math.max(store.time, heldFrom.nextAt);
    store.orders.put({ ...order, statusCode: heldFrom.statusCode, nextAt, heldFrom: undefined });
    return;
  }
  const isCovered = shown.creditCheck === false || isWithinCredit(store, customer, totalOf(lines), order);
  const ahead = stop?.isOfAccount ? undefined : stop;
  const next = ahead ?? (isCovered ? undefined : ({ statusCode: "WP" } as const));
  if (!isOnHold) store.orders.put({ ...order, stop: next });
  else if (next && stopsAfter[next.statusCode] === "OP") {
    const nextAt = next.milliseconds === undefined ? undefined : store.time + next.milliseconds;
    store.orders.put({ ...order, statusCode: next.statusCode, nextAt, stop: undefined });
  } else enter(store, { ...order, stop: next }, "PD");
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
      if (canWait) putOnHold(store, order);
    }
    return;
  }
  for (const subscription of subscriptions) {
    if (!subscription.isHeldByAccount || subscription.status !== "hold") continue;
    const active: SubscriptionRecord = { ...subscription, status: "active", isHeldByAccount: undefined };
    // One that was on hold from the start has no next event.
    store.subscriptions.put(active.nextAt === undefined ? withNextEvent(active, store.time) : active);
  }
  for (const order of orders) if (isOpen(order)) release(store, after, order);
}
