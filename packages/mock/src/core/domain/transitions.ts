import { timestampOf } from "../store/dates.ts";
import type { Kind, OrderRecord, Records, ReportRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { customerOf } from "./accounts.ts";
import { inState, isOpen } from "./order-states.ts";
import { complete, moveOn, orderNumberOf } from "./orders.ts";
import { taxRateOf } from "./pricing.ts";
import { periodLines } from "./quote.ts";
import { moveReportOn } from "./reports.ts";
import { isMonthly, remove, renew, replace, terminate } from "./subscriptions.ts";

/** Of the monthly subscriptions, each so manieth is replaced without an order, which the platform is known to do. */
const SILENT = 4;

/** The order that the platform places itself when a period is over, under the number of the first one (FLD-09). */
function placeRenewal(store: Store, subscription: SubscriptionRecord): void {
  const customer = customerOf(store, subscription.customerId);
  const id = store.nextId("orders");
  const at = timestampOf(store.time);
  const { poNumber, currency } = subscription;
  store.orders.put({
    id,
    type: "renewal",
    orderNumber: orderNumberOf("renewal", id),
    customerId: customer.id,
    createdAt: store.time,
    creationDate: at,
    provisioningDate: at,
    statusCode: "CP",
    currency,
    lines: periodLines(store, subscription, store.time, taxRateOf(customer)),
    items: [],
    subscriptionIds: [subscription.id],
    shown: { creditCheck: false, ...(poNumber !== undefined && { poNumber }) },
  });
}

const openOrders = (store: Store, { id }: SubscriptionRecord): OrderRecord[] =>
  [...store.orders.withKey("subscription", id)].filter(isOpen);

/** Whether an order goes on by itself, so that it is done when a period is over. */
const isUnderWay = ({ statusCode, nextAt }: OrderRecord): boolean => statusCode === "AS" || nextAt !== undefined;

/** A subscription's period is over: what is open on it is done, then it goes on or ends. */
function endPeriod(store: Store, subscription: SubscriptionRecord): void {
  const open = openOrders(store, subscription);
  if (!subscription.renewalStatus || subscription.status !== "active") {
    for (const order of open) store.orders.put(inState(order, "CL", store.time));
    terminate(store, subscription);
    return;
  }
  for (const order of open) if (isUnderWay(order)) complete(store, order);
  const current = store.subscriptions.get(subscription.id) ?? subscription;
  // One of the orders ended or renewed it.
  if (current.status !== "active" || current.nextAt !== subscription.nextAt) return;
  if (!isMonthly(current)) {
    placeRenewal(store, current);
    renew(store, current);
    return;
  }
  const next = replace(store, current);
  if (Number(current.id) % SILENT) placeRenewal(store, next);
}

/** A subscription's time has come: its period is over, or what has ended is deprovisioned (SUB-02). */
function moveSubscriptionOn(store: Store, subscription: SubscriptionRecord): void {
  if (subscription.status === "terminated") remove(store, subscription);
  else endPeriod(store, subscription);
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
