import { DAY } from "../../../store/dates.ts";
import type { CustomerRecord, Move, ProductRecord, SubscriptionRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { invalid } from "../../errors.ts";
import { holdingOf, restOfBillingPeriod } from "../../subscriptions.ts";
import type { OrderBody, OrderBodyProduct } from "../body.ts";
import { activeOf, checkNotBlocked, isBoughtToday } from "./ordered-subscription.ts";
import { linesFor, taxRateOf } from "./pricing.ts";
import { checkQuantity, productOf } from "./products.ts";
import { checkCurrency, isSamePeriod, MONTH, type Quote, quantityOf, specialOf } from "./quote-parts.ts";

/** Milliseconds that a partial upgrade takes: the vendor says up to 24 hours (ORD-32). */
const DURATION = DAY;

/** Whether a change moves units to another subscription: a partial upgrade (ORD-31). */
export const isPartialUpgrade = ({ placementType }: OrderBody): boolean => placementType === "MOVE";

/** Checks that a subscription can be upgraded in part (ORD-32). */
function checkSource(store: Store, subscription: SubscriptionRecord): void {
  const { id, planId } = subscription;
  if (isBoughtToday(subscription, store.time)) {
    invalid(`Subscription ${id} was bought or enlarged today, and can be upgraded in part from tomorrow on`);
  }
  let resources = 0;
  for (const product of store.products.newestFirst()) if (product.planId === planId) resources += 1;
  if (resources !== 1 || subscription.products.length !== 1) {
    invalid(
      `Subscription ${id} is of plan ${planId} with ${resources} products; a partial upgrade needs a plan with one`,
    );
  }
}

/** The product that units are upgraded to: of a period of the same length (ORD-32). */
function targetProductOf(store: Store, subscription: SubscriptionRecord, input: OrderBodyProduct): ProductRecord {
  const { newId, newProductId, newMPN, vendor } = input;
  if (newId === undefined && newProductId === undefined && newMPN === undefined) {
    return invalid("A partial upgrade needs the product to upgrade to: its newId or newMPN");
  }
  const target = productOf(store, { id: newId ?? newProductId, mpn: newMPN, vendor });
  if (holdsProduct(subscription, target)) invalid(`Subscription ${subscription.id} has product ${target.id} already`);
  if (!isSamePeriod(target.product.subscriptionPeriod ?? MONTH, subscription.subscriptionPeriod)) {
    invalid(`Product ${target.id} has another subscription period; a partial upgrade needs one of the same length`);
  }
  return target;
}

const holdsProduct = ({ products }: SubscriptionRecord, { id }: ProductRecord) =>
  products.some(({ productId }) => productId === id);

/** The subscription that units go to, where it exists: named on the order, or in the product. */
function targetSubscriptionOf(
  store: Store,
  order: OrderBody,
  customer: CustomerRecord,
  { targetSubscriptionId, newSubscription }: OrderBodyProduct,
): SubscriptionRecord | undefined {
  const named = [order.targetSubscriptionId, targetSubscriptionId, newSubscription?.id].flatMap((id) =>
    id === undefined ? [] : [String(id)],
  );
  if (new Set(named).size > 1)
    invalid(`The order names the target subscriptions ${named.join(" and ")}; send one of them`);
  const [id] = named;
  if (id === undefined) {
    return newSubscription?.type === "EXISTING" ? invalid("newSubscription of type EXISTING needs its id") : undefined;
  }
  if (newSubscription?.type === "NEW") invalid(`newSubscription of type NEW takes no id; got ${id}`);
  const target = activeOf(store, customer, "targetSubscriptionId", id);
  checkNotBlocked(store, target);
  return target;
}

function checkTarget(target: SubscriptionRecord, source: SubscriptionRecord, product: ProductRecord): void {
  if (target.id === source.id) invalid(`Subscription ${source.id} cannot be the target of its own partial upgrade`);
  if (!holdsProduct(target, product)) invalid(`Subscription ${target.id} has no product ${product.id}`);
}

/** Checks that an alignment is the one of partial upgrades: with the subscription that units come from, or go to. */
function checkAlignment({ alignExpirationDate }: OrderBody): void {
  const type = alignExpirationDate?.alignmentType;
  if (type === undefined || type === "CO_TERM_PARTIAL_UPGRADE") return;
  invalid(`A partial upgrade is aligned by CO_TERM_PARTIAL_UPGRADE alone; got ${type}`);
}

/**
 * A change that upgrades a part of a subscription's units. Its quantity is the units that move; no source tells, so it is the mock's own.
 * @throws {@link DomainError}
 */
export function partialUpgrade(
  store: Store,
  order: OrderBody,
  customer: CustomerRecord,
  subscription: SubscriptionRecord,
): Quote {
  const [input, ...more] = order.products ?? [];
  if (!input || more.length) return invalid("A partial upgrade is for one product of a subscription; send one");
  checkAlignment(order);
  checkSource(store, subscription);
  const product = productOf(store, input);
  const had = holdingOf(subscription, product);
  const target = targetProductOf(store, subscription, input);
  const existing = targetSubscriptionOf(store, order, customer, input);
  if (existing) checkTarget(existing, subscription, target);
  const moved = quantityOf(input) ?? invalid(`Product ${product.id} needs a quantity, the units to upgrade`);
  if (!(moved > 0 && moved < had.quantity)) {
    invalid(
      `Subscription ${subscription.id} has ${had.quantity} of product ${product.id}; a partial upgrade moves fewer, and at least 1`,
    );
  }
  const held = existing ? holdingOf(existing, target) : undefined;
  checkQuantity(product, had.quantity - moved);
  checkQuantity(target, (held?.quantity ?? 0) + moved);
  const special = specialOf(input);
  checkCurrency(target, special, subscription.currency);
  const move: Move = { type: input.type ?? "MOVE", subscriptionId: existing?.id, isNew: existing === undefined };
  const periodOf = (billed: ProductRecord) =>
    restOfBillingPeriod(subscription, billed.product.billingPeriod ?? subscription.billingPeriod, store.time);
  const total = had.quantity - moved;
  const before = held?.quantity ?? 0;
  const pricings = [
    { product, before: had.quantity, total, special: had.special, period: periodOf(product) },
    { product: target, before, total: before + moved, special, kind: "switch" as const, period: periodOf(target) },
  ];
  return {
    ...{ type: "change", customer, currency: subscription.currency },
    subscriptionIds: [subscription.id, ...(existing ? [existing.id] : [])],
    items: [
      {
        ...{ productId: product.id, newProductId: target.id, quantity: moved, total },
        ...{ subscriptionId: subscription.id, special, parameters: input.parameters, move },
      },
    ],
    lines: pricings.flatMap((pricing) => linesFor(pricing, taxRateOf(customer))),
    stop: { statusCode: "LO", milliseconds: DURATION },
  };
}
