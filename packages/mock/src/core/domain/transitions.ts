import { timestampOf } from "../store/dates.ts";
import type { Kind, OrderRecord, Records, ReportRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { customerOf } from "./accounts.ts";
import { isOpen } from "./order-stages.ts";
import { complete, moveOn, orderNumberOf } from "./orders.ts";
import { taxRateOf } from "./pricing.ts";
import { periodLines } from "./quote.ts";
import { moveReportOn } from "./reports.ts";
import { isMonthly, renew, replace, terminate } from "./subscriptions.ts";

/** Of the monthly subscriptions, each so manieth is replaced without an order, which the platform is known to do. */
const SILENT = 4;

/** The order that the platform places itself when a period is over. */
function placeRenewal(store: Store, subscription: SubscriptionRecord): void {
  const customer = customerOf(store, subscription.customerId);
  const id = store.nextId("orders");
  const at = timestampOf(store.time);
  store.orders.put({
    id,
    type: "renewal",
    orderNumber: orderNumberOf("renewal", id),
    customerId: customer.id,
    createdAt: store.time,
    creationDate: at,
    provisioningDate: at,
    stage: "completed",
    currency: subscription.currency,
    lines: periodLines(store, subscription, taxRateOf(customer)),
    items: [],
    subscriptionIds: [subscription.id],
    submitted: { creditCheck: false },
  });
}

const openOrders = (store: Store, { id }: SubscriptionRecord): OrderRecord[] =>
  [...store.orders.withKey("subscription", id)].filter(isOpen);

/** A subscription's period is over: what is open on it is done, then it goes on or ends. */
function turn(store: Store, subscription: SubscriptionRecord): void {
  const open = openOrders(store, subscription);
  if (!subscription.renewalStatus || subscription.status !== "active") {
    for (const order of open) store.orders.put({ ...order, stage: "cancelled", nextAt: undefined });
    terminate(store, subscription);
    return;
  }
  for (const order of open) complete(store, order);
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

/** What happens to a record whose time has come. */
export function transition(store: Store, kind: Kind, row: Records[Kind]): void {
  if (kind === "orders") moveOn(store, row as OrderRecord);
  else if (kind === "subscriptions") turn(store, row as SubscriptionRecord);
  else if (kind === "reports") moveReportOn(store, row as ReportRecord);
}

/** What becomes of a record that could not move on: it stays as it is, and an order ends in error. */
export function giveUp(store: Store, kind: Kind, row: Records[Kind]): void {
  if (kind === "orders") store.orders.put({ ...(row as OrderRecord), stage: "error", nextAt: undefined });
  else store.of(kind).put({ ...row, nextAt: undefined } as never);
}
