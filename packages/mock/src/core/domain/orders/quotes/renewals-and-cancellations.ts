import type { CustomerRecord, OrderLine, PlacedType, SubscriptionRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { checkMayBuy } from "../../accounts.ts";
import { renewalAt, renewedPeriod, restOfBillingPeriod } from "../../subscriptions.ts";
import type { OrderBody } from "../body.ts";
import { checkCanCancel, checkNotBlocked, isOfMicrosoft, subscriptionOf } from "./ordered-subscription.ts";
import { linesFor, taxRateOf } from "./pricing.ts";
import type { Quote } from "./quote-parts.ts";

/** What a subscription costs in a billing period that begins at a time. */
export function periodLines(
  store: Store,
  subscription: SubscriptionRecord,
  start: number,
  taxRate: number,
): OrderLine[] {
  const period = renewedPeriod(subscription, subscription.billingPeriod, start);
  return subscription.products.flatMap(({ productId, quantity, special }) => {
    const product = store.products.get(productId);
    return product
      ? linesFor({ product, before: 0, total: quantity, special, kind: "recurring", period }, taxRate)
      : [];
  });
}

/** What comes back of a subscription that is cancelled: what is left of the billing period, by the day (ORD-48). */
function refundLines(store: Store, subscription: SubscriptionRecord, taxRate: number): OrderLine[] {
  return subscription.products.flatMap(({ productId, quantity, special }) => {
    const product = store.products.get(productId);
    if (!product) return [];
    const period = restOfBillingPeriod(
      subscription,
      product.product.billingPeriod ?? subscription.billingPeriod,
      store.time,
    );
    return linesFor({ product, before: quantity, total: 0, special, period }, taxRate);
  });
}

/** A renewal before its time. */
export function renewal(store: Store, order: OrderBody, type: PlacedType, customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotBlocked(store, subscription);
  return {
    ...{ type, customer, items: [], currency: subscription.currency, subscriptionIds: [subscription.id] },
    lines: periodLines(store, subscription, renewalAt(subscription), taxRateOf(customer)),
  };
}

/** The end of a subscription. Microsoft pays back within its window; of others no source tells (ORD-48). */
export function cancellation(store: Store, order: OrderBody, type: PlacedType, customer: CustomerRecord): Quote {
  const subscription = subscriptionOf(store, order, customer, order.products?.[0]?.subscriptionId);
  checkNotBlocked(store, subscription);
  checkCanCancel(store, subscription);
  const lines = isOfMicrosoft(store, subscription) ? refundLines(store, subscription, taxRateOf(customer)) : [];
  const { currency } = subscription;
  return { type, customer, items: [], lines, currency, subscriptionIds: [subscription.id] };
}
