import type { OrderItem, OrderRecord, SubscriptionRecord } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { datesAt, datesFrom, datesUntil, periodEndOf, withItem, withNextEvent } from "../subscriptions.ts";
import { callOffRenewal } from "./platform-orders.ts";
import { alignedEndOf } from "./quotes/alignment.ts";

/** When the current period of a subscription began. */
const periodStartOf = (subscription: SubscriptionRecord): number => periodEndOf(subscription, -1);

/** A subscription on the plan of the product that takes the place of another. */
function switched(store: Store, subscription: SubscriptionRecord, item: OrderItem, order: OrderRecord) {
  const target = store.products.get(String(item.newProductId));
  if (!target) return subscription;
  const { name, billingPeriod, subscriptionPeriod = subscription.subscriptionPeriod, billingModel } = target.product;
  const plan = {
    ...{ planId: target.planId, name: name ?? subscription.name, subscriptionPeriod },
    ...(billingPeriod && { billingPeriod }),
    ...(billingModel !== undefined && { billingModel: billingModel as SubscriptionRecord["billingModel"] }),
  };
  if (order.upgradeStart === "FROM_DATE_OF_UPGRADE") {
    return { ...subscription, ...plan, ...datesFrom(store.time, subscriptionPeriod), committedAt: store.time };
  }
  return { ...subscription, ...plan, ...datesAt(store.time, periodStartOf(subscription), subscriptionPeriod) };
}

/** Carries out a change: units, prices, products with their plans, and the end where that is aligned. */
export function changeSubscription(store: Store, subscription: SubscriptionRecord, order: OrderRecord): void {
  let changed = subscription;
  for (const item of order.items) {
    changed = withItem(changed, item, store.time);
    if (item.newProductId !== undefined) changed = switched(store, changed, item, order);
  }
  if (order.alignment) {
    const end = alignedEndOf(store, order.alignment, changed.subscriptionPeriod, periodStartOf(changed));
    changed = { ...changed, ...datesUntil(end) };
  }
  if (changed.renewalDate !== subscription.renewalDate) {
    callOffRenewal(store, changed);
    changed = withNextEvent({ ...changed, renewalOrderId: undefined }, store.time);
  }
  store.subscriptions.put(changed);
}
