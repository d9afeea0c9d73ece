import { isOpen, isScheduled } from "../store/order-states.ts";
import type { Kind, OrderRecord, Records, ReportRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { cancelOpenOrders, complete, moveOn } from "./orders/orders.ts";
import { completeRenewal, placeBilling, placeRenewal, renewalLines } from "./orders/platform-orders.ts";
import { moveReportOn } from "./reports.ts";
import {
  isBilledByUse,
  isBillingDay,
  isReplaced,
  RENEWAL_NOTICE,
  remove,
  renew,
  renewalAt,
  replace,
  terminate,
  withNextEvent,
} from "./subscriptions.ts";

/** One in this many of the subscriptions that are replaced has no order, as is known of the platform (FLD-11). */
const SILENT = 4;

/** The open orders on a subscription, without the one that the platform has placed for its renewal. */
const openOrders = (store: Store, { id, renewalOrderId }: SubscriptionRecord): OrderRecord[] =>
  [...store.orders.withKey("subscription", id)].filter((order) => isOpen(order) && order.id !== renewalOrderId);

/** Whether an order goes on by itself, so that it is done when a period is over. */
const isUnderWay = ({ dueAt, nextAt }: OrderRecord): boolean => dueAt === undefined && nextAt !== undefined;

/** Whether an order waits for this renewal, and not for a later one; one that is not paid goes on waiting. */
const isDue = (store: Store, order: OrderRecord): boolean =>
  order.scheduled === "renewal" &&
  (order.dueAt ?? 0) <= store.time &&
  (isScheduled(order) || order.nextAt !== undefined);

function end(store: Store, subscription: SubscriptionRecord): void {
  cancelOpenOrders(store, subscription.id);
  terminate(store, subscription);
}

/**
 * A subscription goes on: it is renewed, or a new one takes its place. The order for that charges what it has without the changes that wait
 * for the same day (ORD-25); they are carried out after it, and charge what they add.
 */
function goOn(store: Store, subscription: SubscriptionRecord): void {
  const lines = renewalLines(store, subscription);
  const due = openOrders(store, subscription).filter((order) => isDue(store, order));
  if (!isReplaced(subscription)) {
    completeRenewal(store, subscription, lines);
    renew(store, subscription);
    for (const order of due) complete(store, order);
    return;
  }
  for (const order of due) complete(store, order);
  cancelOpenOrders(store, subscription.id);
  const next = replace(store, store.subscriptions.get(subscription.id) ?? subscription);
  if (Number(subscription.id) % SILENT) completeRenewal(store, next, lines);
}

/** A subscription's period is over: what is open on it is done, then it goes on or ends. */
function endPeriod(store: Store, subscription: SubscriptionRecord): void {
  if (!subscription.renewalStatus || subscription.status !== "active") {
    end(store, subscription);
    return;
  }
  for (const { id } of openOrders(store, subscription).filter(isUnderWay)) {
    const order = store.orders.get(id);
    // One that was completed before it can have cancelled it.
    if (order && isOpen(order)) complete(store, order);
  }
  const current = store.subscriptions.get(subscription.id) ?? subscription;
  // One of the orders ended it, renewed it, or moved its end.
  if (current.status !== "active" || current.renewalDate !== subscription.renewalDate) return;
  goOn(store, current);
}

/** Within a period, use is billed at the end of each billing period, and the order for the renewal is placed before it. */
function moveWithinPeriod(store: Store, subscription: SubscriptionRecord): void {
  const runs = subscription.status === "active";
  if (runs && isBilledByUse(subscription) && isBillingDay(subscription, store.time)) placeBilling(store, subscription);
  const isNoticed = store.time >= renewalAt(subscription) - RENEWAL_NOTICE;
  const hasOrder = subscription.renewalOrderId !== undefined || isReplaced(subscription);
  if (runs && isNoticed && !hasOrder && subscription.renewalStatus) placeRenewal(store, subscription);
  const current = store.subscriptions.get(subscription.id) ?? subscription;
  store.subscriptions.put(withNextEvent(current, store.time));
}

/**
 * Moves on a subscription whose event is due: within its period, at the end of the period, or when what has ended is deprovisioned
 * (SUB-02).
 */
function moveSubscriptionOn(store: Store, subscription: SubscriptionRecord): void {
  if (subscription.status === "terminated") remove(store, subscription);
  else if (store.time >= renewalAt(subscription)) endPeriod(store, subscription);
  else moveWithinPeriod(store, subscription);
}

/** What happens to a record whose time has come. */
export function transition(store: Store, kind: Kind, row: Records[Kind]): void {
  if (kind === "orders") moveOn(store, row as OrderRecord);
  else if (kind === "subscriptions") moveSubscriptionOn(store, row as SubscriptionRecord);
  else if (kind === "reports") moveReportOn(store, row as ReportRecord);
}

/** What becomes of a record that could not move on: it stays as it is, and an order ends in error. */
export function giveUp(store: Store, kind: Kind, row: Records[Kind]): void {
  if (kind === "orders") store.orders.put({ ...(row as OrderRecord), statusCode: "PF", nextAt: undefined });
  else store.of(kind).put({ ...row, nextAt: undefined } as never);
}
