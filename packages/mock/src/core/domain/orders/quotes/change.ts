import type { PlanSwitch } from "@imcloud/spec";
import { DAY, dateOf, timeOf } from "../../../store/dates.ts";
import type {
  Alignment,
  ChargedPeriod,
  CustomerRecord,
  OrderItem,
  PlacedType,
  ProductRecord,
  SubscriptionRecord,
  UpgradeStart,
} from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { checkMayBuy } from "../../accounts.ts";
import { invalid } from "../../errors.ts";
import { cutAt, holdingOf, periodEndOf, renewedPeriod, restOfBillingPeriod } from "../../subscriptions.ts";
import type { OrderBody, OrderBodyProduct } from "../body.ts";
import { alignedEndOf, alignmentOf } from "./alignment.ts";
import { checkCanGiveBack, checkNotBlocked, subscriptionOf } from "./ordered-subscription.ts";
import { isPartialUpgrade, partialUpgrade } from "./partial-upgrade.ts";
import { linesFor, type Pricing, taxRateOf } from "./pricing.ts";
import { checkQuantity, productOf } from "./products.ts";
import { checkCurrency, isSamePeriod, productsOf, type Quote, quantityOf, specialOf } from "./quote-parts.ts";

/** What a change does to one product of a subscription. */
interface ProductChange {
  product: ProductRecord;
  /** What takes its place; itself, where only its units change. */
  target: ProductRecord;
  input: OrderBodyProduct;
  before: number;
  total: number;
}

const isSwitch = ({ product, target }: ProductChange): boolean => product !== target;

function checkOneSubscription(subscription: SubscriptionRecord, inputs: readonly OrderBodyProduct[]): void {
  const elsewhere = inputs.find(({ subscriptionId = subscription.id }) => subscriptionId !== subscription.id);
  if (!elsewhere) return;
  invalid(
    `A change order is for one subscription; send one for ${subscription.id} and one for ${elsewhere.subscriptionId}`,
  );
}

function productChange(store: Store, subscription: SubscriptionRecord, input: OrderBodyProduct): ProductChange {
  const product = productOf(store, input);
  const had = holdingOf(subscription, product);
  const { newId, newProductId, newMPN, vendor } = input;
  const hasTarget = newId !== undefined || newProductId !== undefined || newMPN !== undefined;
  const target = hasTarget ? productOf(store, { id: newId ?? newProductId, mpn: newMPN, vendor }) : product;
  const total =
    quantityOf(input) ?? (hasTarget ? had.quantity : invalid(`Product ${product.id} needs a quantity, its new total`));
  checkQuantity(target, total);
  checkCurrency(target, specialOf(input), subscription.currency);
  return { product, target, input, before: had.quantity, total };
}

function checkNamedOnce({ id }: SubscriptionRecord, changes: readonly ProductChange[]): void {
  const named = new Set<ProductRecord>();
  for (const { product, target } of changes) {
    for (const each of new Set([product, target])) {
      if (named.has(each)) {
        invalid(`Product ${each.id} of subscription ${id} is named twice; send one line with its new total`);
      }
      named.add(each);
    }
  }
}

function checkChangesSomething({ id }: SubscriptionRecord, changes: readonly ProductChange[]): void {
  for (const change of changes) {
    if (isSwitch(change) || change.total !== change.before || specialOf(change.input)) continue;
    invalid(
      `Subscription ${id} has ${change.total} of product ${change.product.id} already; send the new total, not the difference`,
    );
  }
}

/** The switch that a plan offers to the product that takes the place of another (PROD-08). */
function planSwitchOf(store: Store, { product, target }: ProductChange): PlanSwitch | undefined {
  const { planSwitches = [] } = store.plans.get(product.planId)?.plan ?? {};
  return planSwitches.find(
    ({ planId, subscriptionPeriod, sourceSubscriptionPeriod }) =>
      String(planId) === target.planId &&
      isSamePeriod(subscriptionPeriod, target.product.subscriptionPeriod) &&
      isSamePeriod(sourceSubscriptionPeriod, product.product.subscriptionPeriod),
  );
}

/** When a change is carried out, where it waits. */
type Schedule = Pick<Quote, "scheduled" | "dueAt" | "isHeldBack">;

/** Checks that a change can wait for the renewal of a subscription (ORD-23). */
function checkCanWait({ id, renewalStatus }: SubscriptionRecord, changes: readonly ProductChange[]): void {
  if (!renewalStatus) {
    invalid(
      `Subscription ${id} does not renew by itself, so nothing can be scheduled for its renewal; set its renewalStatus to true first`,
    );
  }
  const internal = changes.find(({ product }) => product.isInternal);
  if (internal)
    invalid(`Product ${internal.product.id} is delivered by no vendor, so a change of it cannot be scheduled`);
}

/** The next renewal; the one after where the platform has placed the order for the next already (ORD-26). */
function scheduledRenewalOf(subscription: SubscriptionRecord): number {
  return periodEndOf(subscription, subscription.renewalOrderId === undefined ? 0 : 1);
}

function scheduleOf(
  store: Store,
  order: OrderBody,
  subscription: SubscriptionRecord,
  changes: readonly ProductChange[],
): Schedule {
  const effects = changes.map((change) => planSwitchOf(store, change)?.whenEffective);
  if (order.scheduledOn?.toLowerCase() === "renewal" || effects.includes("next_subscription_period")) {
    checkCanWait(subscription, changes);
    return { scheduled: "renewal", dueAt: scheduledRenewalOf(subscription) };
  }
  const billing = timeOf(restOfBillingPeriod(subscription, subscription.billingPeriod, store.time).through) + DAY;
  if (effects.includes("next_billing_period")) return { scheduled: "date", dueAt: billing };
  const isDowngrade = changes.some((change) => !isSwitch(change) && change.total < change.before);
  return store.installation.holdDowngrades && isDowngrade
    ? { scheduled: "date", dueAt: billing, isHeldBack: true }
    : {};
}

const UPGRADE_STARTS: readonly UpgradeStart[] = ["FROM_DATE_OF_UPGRADE", "FROM_OLD_START_DATE"];

/** From when a switched plan counts, whatever the case that it is written in (ORD-28). */
function upgradeStartOf({ upgradeStartType }: OrderBody, changes: readonly ProductChange[]): UpgradeStart | undefined {
  if (!changes.some(isSwitch)) return undefined;
  if (upgradeStartType === undefined) return "FROM_OLD_START_DATE";
  const start = UPGRADE_STARTS.find((known) => known === upgradeStartType.toUpperCase());
  return start ?? invalid(`upgradeStartType must be ${UPGRADE_STARTS.join(" or ")}; got ${upgradeStartType}`);
}

function itemOf(change: ProductChange, subscription: SubscriptionRecord, isForRenewal: boolean): OrderItem {
  const { product, target, input, before, total } = change;
  const had = holdingOf(subscription, product);
  return {
    productId: product.id,
    ...(isSwitch(change) && { newProductId: target.id }),
    quantity: isForRenewal || isSwitch(change) ? total : total - before,
    total,
    subscriptionId: subscription.id,
    special: specialOf(input) ?? (isSwitch(change) ? undefined : had.special),
    parameters: input.parameters,
  };
}

/** The days of a billing period after some first ones of it. */
const restAfter = (whole: ChargedPeriod, first: ChargedPeriod): ChargedPeriod => ({
  ...whole,
  from: dateOf(timeOf(first.through) + DAY),
  days: whole.days - first.days,
});

/** What a change charges: what waits, from its date on; what waits for the renewal, the whole of the first period after it. */
function pricingsOf(
  store: Store,
  subscription: SubscriptionRecord,
  changes: readonly ProductChange[],
  { scheduled, dueAt = store.time }: Schedule,
  alignment: Alignment | undefined,
): Pricing[] {
  const start = scheduled === "renewal" ? dueAt : timeOf(subscription.creationDate);
  const periodOf = ({ product: { billingPeriod = subscription.billingPeriod } }: ProductRecord) =>
    scheduled === "renewal"
      ? renewedPeriod(subscription, billingPeriod, dueAt)
      : restOfBillingPeriod(subscription, billingPeriod, dueAt);
  return changes.flatMap((change): Pricing[] => {
    const { product, target, before, total, input } = change;
    const had = holdingOf(subscription, product);
    const period = periodOf(product);
    if (isSwitch(change)) {
      return [
        { product, before, total: 0, special: had.special, period },
        { product: target, before: 0, total, special: specialOf(input), kind: "switch", period: periodOf(target) },
      ];
    }
    const special = specialOf(input) ?? had.special;
    const changed: Pricing = { product, before, total, special, period };
    if (!alignment) return [changed];
    // The renewal charges a whole billing period; where the subscription ends before that does, the rest comes back.
    const charged = cutAt(period, alignedEndOf(store, alignment, subscription.subscriptionPeriod, start));
    return charged === period
      ? [changed]
      : [changed, { product, before: total, total: 0, special, period: restAfter(period, charged) }];
  });
}

/**
 * A change of what a subscription has: its units, its products, its plan, or its end.
 * @throws {@link DomainError}
 */
export function change(store: Store, order: OrderBody, type: PlacedType, customer: CustomerRecord): Quote {
  checkMayBuy(customer);
  const inputs = productsOf(order);
  const subscription = subscriptionOf(store, order, customer, inputs[0].subscriptionId);
  checkOneSubscription(subscription, inputs);
  checkNotBlocked(store, subscription);
  if (isPartialUpgrade(order)) return partialUpgrade(store, order, customer, subscription);
  const changes = inputs.map((input) => productChange(store, subscription, input));
  checkNamedOnce(subscription, changes);
  const schedule = scheduleOf(store, order, subscription, changes);
  const isForRenewal = schedule.scheduled === "renewal";
  const alignment = alignmentOf(
    store,
    order,
    customer,
    changes.map(({ target }) => target),
  );
  if (alignment && !isForRenewal) {
    invalid("A subscription that exists can be aligned at its renewal alone; send scheduledOn renewal with it");
  }
  if (alignment?.subscriptionId === subscription.id)
    invalid(`Subscription ${subscription.id} cannot be aligned with itself`);
  if (!alignment) checkChangesSomething(subscription, changes);
  for (const { product, target, before, total } of changes) {
    const givesBack = schedule.dueAt === undefined && product === target && total < before;
    if (givesBack) checkCanGiveBack(store, subscription, product.id, before - total);
  }
  const taxRate = taxRateOf(customer);
  return {
    ...{ type, customer, currency: subscription.currency, subscriptionIds: [subscription.id], ...schedule },
    items: changes.map((change) => itemOf(change, subscription, isForRenewal)),
    lines: pricingsOf(store, subscription, changes, schedule, alignment).flatMap((pricing) =>
      linesFor(pricing, taxRate),
    ),
    ...{ alignment, upgradeStart: upgradeStartOf(order, changes) },
  };
}
