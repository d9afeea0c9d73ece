import { timestampOf } from "../world/dates.ts";
import type { Kind, OrderRecord, Records, ReportRecord, SubscriptionRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { customerOf } from "./accounts.ts";
import { complete, moveOn, orderNumberOf } from "./orders.ts";
import { taxRateOf } from "./pricing.ts";
import { periodLines } from "./quote.ts";
import { moveReportOn } from "./reports.ts";
import { isOpen } from "./stages.ts";
import { isMonthly, renew, replace, terminate } from "./subscriptions.ts";

/** Of the monthly subscriptions, each so manieth is replaced without an order, which the platform is known to do. */
const SILENT = 4;

/** The order that the platform places itself when a period is over. */
function placeRenewal(world: World, subscription: SubscriptionRecord): void {
  const customer = customerOf(world, subscription.customerId);
  const id = world.nextId("orders");
  const at = timestampOf(world.time);
  world.orders.put({
    id,
    type: "renewal",
    orderNumber: orderNumberOf("renewal", id),
    customerId: customer.id,
    createdAt: world.time,
    creationDate: at,
    provisioningDate: at,
    stage: "completed",
    currency: subscription.currency,
    lines: periodLines(world, subscription, taxRateOf(customer)),
    items: [],
    subscriptionIds: [subscription.id],
    said: { creditCheck: false },
  });
}

const openOrders = (world: World, { id }: SubscriptionRecord): OrderRecord[] =>
  [...world.orders.having("subscription", id)].filter(isOpen);

/** A subscription's period is over: what is open on it is done, then it goes on or ends. */
function turn(world: World, subscription: SubscriptionRecord): void {
  const open = openOrders(world, subscription);
  if (!subscription.renewalStatus || subscription.status !== "active") {
    for (const order of open) world.orders.put({ ...order, stage: "cancelled", nextAt: undefined });
    terminate(world, subscription);
    return;
  }
  for (const order of open) complete(world, order);
  const current = world.subscriptions.get(subscription.id) ?? subscription;
  // One of the orders ended or renewed it.
  if (current.status !== "active" || current.nextAt !== subscription.nextAt) return;
  if (!isMonthly(current)) {
    placeRenewal(world, current);
    renew(world, current);
    return;
  }
  const next = replace(world, current);
  if (Number(current.id) % SILENT) placeRenewal(world, next);
}

/** What happens to a record whose time has come. */
export function happen(world: World, kind: Kind, row: Records[Kind]): void {
  if (kind === "orders") moveOn(world, row as OrderRecord);
  else if (kind === "subscriptions") turn(world, row as SubscriptionRecord);
  else if (kind === "reports") moveReportOn(world, row as ReportRecord);
}
