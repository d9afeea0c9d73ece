import { DAY } from "../../../store/dates.ts";
import { isOpen, isScheduled, statusOf } from "../../../store/order-states.ts";
import type { CustomerRecord, OrderRecord, SubscriptionRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { conflict, invalid, requireReference } from "../../errors.ts";
import { GIVING_BACK_WINDOW, isMicrosoft, isOver } from "../../subscriptions.ts";
import { type OrderBody, typeOf } from "../body.ts";

/**
 * Checks that no order is open on a subscription, where the installation takes one at a time (ORD-10). The order that the platform has
 * placed for the renewal is in nobody's way.
 * @throws {@link DomainError}
 */
export function checkNotBlocked(store: Store, { id, status, renewalOrderId }: SubscriptionRecord): void {
  for (const order of store.installation.oneOpenOrder ? store.orders.withKey("subscription", id) : []) {
    if (!isOpen(order) || order.id === renewalOrderId) continue;
    const { what, todo } = blockOf(order);
    conflict(`Order ${order.orderNumber ?? order.id} for subscription ${id} ${what}; ${todo}`);
  }
  if (status !== "pending") return;
  conflict(`Subscription ${id} is pending and takes no orders; wait until its own order is complete`);
}

function blockOf(order: OrderRecord): { what: string; todo: string } {
  if (isScheduled(order)) {
    return { what: "is waiting for its date", todo: "wait for it, or cancel it with statusCode CL" };
  }
  if (order.nextAt === undefined) {
    const what = `is ${statusOf(order)} (${order.statusCode}) and waits for somebody`;
    return { what, todo: "wait for it, or cancel it with statusCode CL" };
  }
  return { what: "is being provisioned", todo: "wait for it to complete" };
}

/** Whether Microsoft's rules on giving back hold for a subscription. */
export const isOfMicrosoft = (store: Store, { products }: SubscriptionRecord): boolean =>
  products.some(({ productId }) => {
    const product = store.products.get(productId);
    return product !== undefined && isMicrosoft(product);
  });

/** The units of a product that Microsoft takes back: all after the order and the renewal, else what was added within 7 days (ORD-49). */
function unitsToGiveBack(
  { committedAt, additions = [], products }: SubscriptionRecord,
  productId: string,
  now: number,
) {
  if (now - committedAt <= GIVING_BACK_WINDOW) {
    return products.find((product) => product.productId === productId)?.quantity ?? 0;
  }
  const recent = additions.filter((added) => added.productId === productId && now - added.at <= GIVING_BACK_WINDOW);
  return Math.max(
    0,
    recent.reduce((sum, { units }) => sum + units, 0),
  );
}

/**
 * Checks that a vendor still takes some units back. Microsoft does for seven days alone (ORD-48, ORD-49).
 * @throws {@link DomainError}
 */
export function checkCanGiveBack(store: Store, subscription: SubscriptionRecord, productId: string, units: number) {
  if (!isOfMicrosoft(store, subscription)) return;
  const most = unitsToGiveBack(subscription, productId, store.time);
  if (units <= most) return;
  const { id } = subscription;
  invalid(
    `Subscription ${id} can be reduced within 7 days of its order, its renewal or its last added seats only, by what was added in them: ${most} of product ${productId} now; schedule the change with scheduledOn renewal`,
  );
}

/**
 * Checks that a vendor still takes a whole subscription back (ORD-48).
 * @throws {@link DomainError}
 */
export function checkCanCancel(store: Store, subscription: SubscriptionRecord): void {
  if (!isOfMicrosoft(store, subscription)) return;
  const { id, committedAt, additions = [], renewalDate } = subscription;
  const last = Math.max(committedAt, ...additions.filter(({ units }) => units > 0).map(({ at }) => at));
  if (store.time - last <= GIVING_BACK_WINDOW) return;
  invalid(
    `Subscription ${id} can be cancelled within 7 days of its order, its renewal or its last added seats only; set its renewalStatus to false and it ends on ${renewalDate}`,
  );
}

/**
 * The subscription that an order is for.
 * @param given as a product of the order names it
 * @throws {@link DomainError}
 */
export function subscriptionOf(
  store: Store,
  order: OrderBody,
  customer: CustomerRecord,
  given?: string,
): SubscriptionRecord {
  if (given !== undefined && order.subscriptionId !== undefined && given !== order.subscriptionId) {
    invalid(`The order names subscription ${order.subscriptionId} and its product ${given}; send one of them`);
  }
  const id = given ?? order.subscriptionId;
  if (id === undefined) return invalid(`A ${typeOf(order)} order needs a subscriptionId`);
  return activeOf(store, customer, "subscriptionId", id);
}

/**
 * A subscription of a customer that takes orders: one that has ended, or is on hold (SUB-05), takes none.
 * @param field of the request that names it
 * @throws {@link DomainError}
 */
export function activeOf(store: Store, customer: CustomerRecord, field: string, id: string): SubscriptionRecord {
  const subscription = requireReference(store.subscriptions.get(id), field, id, "GET /subscriptions");
  if (subscription.customerId !== customer.id) {
    invalid(`Subscription ${id} is not one of customer ${customer.id}; list the customer's own with its customerId`);
  }
  if (isOver(subscription)) {
    invalid(`Subscription ${id} is ${subscription.status}; order a new one instead`);
  }
  if (subscription.status === "hold") {
    invalid(`Subscription ${id} is on hold and takes no orders; end the hold of its account first`);
  }
  return subscription;
}

/** Whether units were bought or added on the day of a time. */
export function isBoughtToday({ creationDate, additions = [] }: SubscriptionRecord, today: number): boolean {
  const isToday = (time: number) => Math.floor(time / DAY) === Math.floor(today / DAY);
  return isToday(Date.parse(creationDate)) || additions.some(({ at, units }) => units > 0 && isToday(at));
}
