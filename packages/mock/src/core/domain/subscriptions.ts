import type { ParameterValue, Period, SubscriptionParameter } from "@imcloud/spec";
import { after, DAY, dateOf, startOfDay, timeOf } from "../store/dates.ts";
import { uuidOf } from "../store/ids.ts";
import type {
  Addition,
  ChargedPeriod,
  OrderItem,
  OrderRecord,
  ProductRecord,
  SubscriptionProductRecord,
  SubscriptionRecord,
} from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { invalid } from "./errors.ts";

const MONTH: Period = { type: "month", duration: 1 };

export const isMonthly = ({ subscriptionPeriod }: Pick<SubscriptionRecord, "subscriptionPeriod">): boolean =>
  subscriptionPeriod.type === "month" && subscriptionPeriod.duration === 1;

/**
 * Whether a subscription is replaced by a new one when its period is over. One live tenant showed it of monthly ones, and no page of the
 * vendor does (SUB-14), so Microsoft's are renewed here, and all other monthly ones are replaced.
 */
export const isReplaced = (
  subscription: Pick<SubscriptionRecord, "subscriptionPeriod" | "fulfillmentParameters">,
): boolean =>
  isMonthly(subscription) && !subscription.fulfillmentParameters.some(({ name }) => name === "ms_customer_id");

/**
 * Milliseconds before a renewal at which the platform places its order. That it is placed before is the vendor's word (ORD-25); how long
 * before is the mock's own.
 */
export const RENEWAL_NOTICE = 3 * DAY;

/** When the period of a subscription is over. */
export const renewalAt = ({ renewalDate }: Pick<SubscriptionRecord, "renewalDate">): number => timeOf(renewalDate);

/** The dates of a period that is over at a time. */
export const datesUntil = (renewal: number) => ({
  ...{ renewalDate: dateOf(renewal), expirationDate: dateOf(renewal - DAY) },
});

/** The dates of a period that starts on a day. */
export const datesFrom = (start: number, period: Period) => datesUntil(startOfDay(after(start, period)));

/** The dates of the period that a time is in, of those that follow one another from a start on; of the first one before that. */
export function datesAt(time: number, start: number, period: Period) {
  let dates = datesFrom(start, period);
  // Counted from the start, as a short month would shorten all periods after it otherwise.
  for (let times = 2; renewalAt(dates) <= time; times++) dates = datesUntil(startOfDay(after(start, period, times)));
  return dates;
}

const monthOf = (time: number): number => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();

type Dates = Pick<SubscriptionRecord, "creationDate" | "renewalDate" | "subscriptionPeriod">;

/** How many periods a subscription has from its start to its renewal; `undefined` where its end is not a whole number of them. */
function periodsOf({ creationDate, renewalDate, subscriptionPeriod: period }: Dates): number | undefined {
  const [start, renewal] = [timeOf(creationDate), timeOf(renewalDate)];
  const months = (period.type === "year" ? 12 : 1) * period.duration;
  const times = (monthOf(renewal) - monthOf(start)) / months;
  const isWhole =
    period.type !== "day" && Number.isInteger(times) && startOfDay(after(start, period, times)) === renewal;
  return isWhole ? times : undefined;
}

/**
 * When the period of a subscription is over that comes some periods after the current one, or before it. What began on the 31st renews on
 * the 28th of February, and then on the 31st of March.
 */
export function periodEndOf(subscription: Dates, later: number): number {
  const { creationDate, subscriptionPeriod: period } = subscription;
  const times = periodsOf(subscription);
  // Where an order has moved the end, periods are counted from there.
  if (times === undefined) return after(renewalAt(subscription), period, later);
  return startOfDay(after(timeOf(creationDate), period, times + later));
}

/** Whether a subscription is billed for what was used, and not for what was ordered. */
export const isBilledByUse = ({ billingModel }: Pick<SubscriptionRecord, "billingModel">): boolean =>
  billingModel === "chargeExternalRating";

/**
 * A subscription that runs, with the time at which something is next to happen to it by itself: its use is billed, the order for its
 * renewal is placed, or its period ends.
 */
export function withNextEvent(subscription: SubscriptionRecord, now: number): SubscriptionRecord {
  const renewal = renewalAt(subscription);
  const notice = renewal - RENEWAL_NOTICE;
  const billing = isBilledByUse(subscription) ? nextBillingAt(subscription, now) : renewal;
  const first = Math.min(billing, notice > now ? notice : renewal);
  return { ...subscription, nextAt: Math.max(now, first) };
}

/** What is left, at a time, of the billing period of something that started at another. */
export function restOfPeriod(start: number, period: Period, time: number): ChargedPeriod {
  let begins = start;
  let ends = after(start, period);
  for (let count = 2; ends <= time; count++) [begins, ends] = [ends, after(start, period, count)];
  const [first, end] = [startOfDay(begins), startOfDay(ends)];
  const from = Math.max(first, startOfDay(time));
  return {
    ...{ from: dateOf(from), through: dateOf(end - DAY) },
    ...{ days: (end - from) / DAY, of: (end - first) / DAY },
  };
}

/** What is left, at a time, of the billing period that a subscription is in. It ends with the subscription at the latest. */
export function restOfBillingPeriod(subscription: SubscriptionRecord, period: Period, time: number): ChargedPeriod {
  const { creationDate, committedAt } = subscription;
  if (periodsOf(subscription) !== undefined) return restOfPeriod(timeOf(creationDate), period, time);
  let earlier = -1;
  while (periodEndOf(subscription, earlier) > time) earlier -= 1;
  // A period whose end was moved began later than a whole one before it: with the order or the renewal.
  const committed = startOfDay(committedAt);
  const start = Math.max(periodEndOf(subscription, earlier), earlier === -1 && committed <= time ? committed : 0);
  const [rest, renewal] = [restOfPeriod(start, period, time), renewalAt(subscription)];
  return time < renewal ? cutAt(rest, renewal) : rest;
}

/** The billing period that begins with a renewal. */
export function renewedPeriod({ creationDate }: SubscriptionRecord, period: Period, renewal: number): ChargedPeriod {
  const counted = restOfPeriod(timeOf(creationDate), period, renewal);
  return counted.days === counted.of && counted.from === dateOf(renewal)
    ? counted
    : restOfPeriod(renewal, period, renewal);
}

/** A charged period that ends before a time, where the subscription ends before the billing period does. */
export function cutAt(period: ChargedPeriod, end: number): ChargedPeriod {
  if (timeOf(period.through) < end) return period;
  return { ...period, through: dateOf(end - DAY), days: (end - timeOf(period.from)) / DAY };
}

/** When the billing period that a time is in ends. */
export const nextBillingAt = ({ creationDate, billingPeriod }: SubscriptionRecord, time: number): number =>
  timeOf(restOfPeriod(timeOf(creationDate), billingPeriod, time).through) + DAY;

/** Whether a billing period of a subscription begins on the day of a time, and another one has gone by. */
export function isBillingDay(subscription: SubscriptionRecord, time: number): boolean {
  const { creationDate, billingPeriod } = subscription;
  const { days, of } = restOfPeriod(timeOf(creationDate), billingPeriod, time);
  return days === of && dateOf(time) !== creationDate;
}

/** How many times a subscription is billed until it ends. */
export function billingIntervals({
  billingPeriod,
  subscriptionPeriod,
}: Pick<SubscriptionRecord, "billingPeriod" | "subscriptionPeriod">): number {
  const [one, all] = [billingPeriod, subscriptionPeriod].map((period) => after(0, period) / DAY) as [number, number];
  return Math.max(1, Math.round(all / one));
}

const asksForDomain = (parameters: ProductRecord["parameters"]) =>
  parameters.some(({ name }) => name === "microsoft_domain");

/** Whether a product is one that Microsoft sells into a tenant. */
export const isMicrosoft = ({ parameters }: ProductRecord): boolean => asksForDomain(parameters);

/** The vendor's own id of a product in a subscription: a UUID of Microsoft's, digits of others (SUB-09). */
export function vendorSubscriptionIdOf(subscriptionId: string, { id, parameters }: ProductRecord): string {
  const uuid = uuidOf("subscription", subscriptionId, id);
  if (asksForDomain(parameters)) return uuid;
  return String(10 ** 13 + Number.parseInt(uuid.replaceAll("-", "").slice(0, 11), 16));
}

/** The Microsoft tenant that a customer's subscriptions are in already: all of them are in one (FLD-12). */
export function tenantOf(store: Store, customerId: string): string | undefined {
  for (const { fulfillmentParameters } of store.subscriptions.withKey("customer", customerId)) {
    const value = fulfillmentParameters.find(({ name }) => name === "ms_customer_id")?.value;
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** The parameters of an order as its subscription shows them: with the tenant, whether it was named or made (FLD-12). */
function orderParametersOf(parameters: readonly ParameterValue[], tenant: unknown): SubscriptionParameter[] {
  const given = parameters.filter(({ value }) => value !== undefined) as SubscriptionParameter[];
  const isNamed = given.some(({ name }) => name === "microsoft_tenant_id");
  return tenant === undefined || isNamed
    ? given
    : [...given, { name: "microsoft_tenant_id", value: tenant } as SubscriptionParameter];
}

/** What an order says of the subscriptions that it makes. */
type MakingOrder = Pick<OrderRecord, "customerId" | "currency" | "migration" | "createdAt" | "shown">;

/** The first and the last days of what an order makes at a time: a migration brings its own. */
function termOf({ migration }: MakingOrder, period: Period, time: number, alignedEnd: number | undefined) {
  const { startDate, expirationDate } = migration ?? {};
  const start = startDate === undefined ? time : timeOf(startDate);
  if (expirationDate !== undefined) return { start, ...datesUntil(timeOf(expirationDate) + DAY) };
  return { start, ...(alignedEnd === undefined ? datesFrom(start, period) : datesUntil(alignedEnd)) };
}

/** A subscription whose time counts from now on. */
export function beginning(
  subscription: SubscriptionRecord,
  order: MakingOrder,
  time: number,
  alignedEnd?: number,
): SubscriptionRecord {
  const { start, ...dates } = termOf(order, subscription.subscriptionPeriod, time, alignedEnd);
  const { poNumber } = order.shown;
  const begun: SubscriptionRecord = {
    ...subscription,
    status: "active",
    // It was created when its order was paid, however long it was pending after that.
    ...{ lastModifiedDate: dateOf(time), ...dates, committedAt: start },
    ...(poNumber !== undefined && { poNumber }),
  };
  return withNextEvent(begun, time);
}

/**
 * A subscription for what a plan's items were ordered, pending until it begins: it has no expiration date (FLD-10), and nothing happens to
 * it by itself.
 * @param knownTenant the Microsoft tenant that the customer has already
 * @param alignedEnd when its first period is over, where that is aligned
 */
export function subscriptionFor(
  id: string,
  order: MakingOrder,
  items: readonly { item: OrderItem; product: ProductRecord }[],
  time: number,
  { knownTenant, alignedEnd }: { knownTenant?: string | undefined; alignedEnd?: number | undefined } = {},
): SubscriptionRecord {
  const [first] = items;
  if (!first) throw new Error("A subscription needs a product.");
  const { product } = first.product;
  const planId = first.item.planId ?? first.product.planId;
  const parameters = items.flatMap(({ item }) => item.parameters ?? []);
  const named = parameters.find(({ name }) => name === "microsoft_tenant_id")?.value;
  const tenant = isMicrosoft(first.product) ? (named ?? knownTenant ?? uuidOf("tenant", order.customerId)) : undefined;
  const subscriptionPeriod = product.subscriptionPeriod ?? MONTH;
  const { start, renewalDate } = termOf(order, subscriptionPeriod, time, alignedEnd);
  const { poNumber } = order.shown;
  return {
    id,
    name: product.name ?? String(product.mpn),
    customerId: order.customerId,
    planId,
    status: "pending",
    renewalStatus: order.migration?.autorenewal ?? true,
    ...{ creationDate: dateOf(start), renewalDate, lastModifiedDate: dateOf(time), committedAt: start },
    billingModel: product.billingModel ?? "chargeBeforeBillingPeriod",
    billingPeriod: product.billingPeriod ?? MONTH,
    subscriptionPeriod,
    currency: order.currency,
    products: items.map(
      ({ item, product }): SubscriptionProductRecord => ({
        productId: product.id,
        quantity: item.total,
        ...(item.special && { special: item.special }),
        vendorSubscriptionId: vendorSubscriptionIdOf(id, product),
      }),
    ),
    orderParameters: orderParametersOf(parameters, tenant),
    fulfillmentParameters: tenant === undefined ? [] : [{ name: "ms_customer_id", value: tenant }],
    ...(poNumber !== undefined && { poNumber }),
  };
}

/**
 * What a subscription has of a product.
 * @throws {@link DomainError} when it has none
 */
export function holdingOf({ id, products }: SubscriptionRecord, product: ProductRecord): SubscriptionProductRecord {
  const held = products.find(({ productId }) => productId === product.id);
  const has = products.map(({ productId }) => productId).join(", ");
  return held ?? invalid(`Subscription ${id} has no product ${product.id}; it has ${has}`);
}

/** Milliseconds after an order, a renewal or added units in which Microsoft takes units back: 168 hours (ORD-48). */
export const GIVING_BACK_WINDOW = 7 * DAY;

/** What was added and taken away in the window, with what is added now. */
function additionsOf({ additions = [] }: SubscriptionRecord, added: Addition): Addition[] {
  const recent = additions.filter(({ at }) => added.at - at <= GIVING_BACK_WINDOW);
  return added.units === 0 ? recent : [...recent, added];
}

/** A subscription with other units of a product. */
export function withUnits(subscription: SubscriptionRecord, productId: string, total: number, time: number) {
  const held = subscription.products.find((product) => product.productId === productId);
  const additions = additionsOf(subscription, { at: time, productId, units: total - (held?.quantity ?? 0) });
  const products = subscription.products.map((product) =>
    product.productId === productId ? { ...product, quantity: total } : product,
  );
  return { ...subscription, products, additions, lastModifiedDate: dateOf(time) };
}

/** A subscription with a change of one product: its units, its prices, and the product that takes its place. */
export function withItem(subscription: SubscriptionRecord, item: OrderItem, time: number): SubscriptionRecord {
  const changed = withUnits(subscription, item.productId, item.total, time);
  const products = changed.products.map((product): SubscriptionProductRecord => {
    if (product.productId !== item.productId) return product;
    const { special: _, ...rest } = product;
    return { ...rest, productId: item.newProductId ?? item.productId, ...(item.special && { special: item.special }) };
  });
  return { ...changed, products };
}

/** Takes a subscription into its next period, or, where that is over as well, into the current one. */
export function renew(store: Store, subscription: SubscriptionRecord): void {
  let later = 1;
  while (periodEndOf(subscription, later) <= store.time) later += 1;
  const renewed: SubscriptionRecord = {
    ...subscription,
    ...datesUntil(periodEndOf(subscription, later)),
    ...{ committedAt: store.time, additions: undefined, renewalOrderId: undefined },
    lastModifiedDate: dateOf(store.time),
  };
  store.subscriptions.put(withNextEvent(renewed, store.time));
}

/** Whether a subscription has ended. */
export const isOver = (subscription: SubscriptionRecord | undefined): boolean =>
  subscription?.status === "terminated" || subscription?.status === "removed";

/** Milliseconds that what has ended is kept, and can be restored, before it is deprovisioned (SUB-03, SUB-04). */
export const KEPT_AFTER_END = 30 * DAY;

/** Ends a subscription: its services are disabled, and it is deprovisioned some time later (SUB-02). */
export function terminate(store: Store, subscription: SubscriptionRecord): void {
  const today = dateOf(store.time);
  store.subscriptions.put({
    ...subscription,
    status: "terminated",
    renewalStatus: false,
    renewalOrderId: undefined,
    lastModifiedDate: today,
    expirationDate: [today, subscription.expirationDate ?? today].sort()[0] as string,
    nextAt: store.time + KEPT_AFTER_END,
  });
}

/** Deprovisions a subscription that has ended (SUB-02). */
export function remove(store: Store, subscription: SubscriptionRecord): void {
  const lastModifiedDate = dateOf(store.time);
  store.subscriptions.put({
    ...{ ...subscription, lastModifiedDate, nextAt: undefined },
    ...{ status: "removed", renewalStatus: false },
  });
}

/** Puts a new subscription in the place of a monthly one, as the platform does each month. */
export function replace(store: Store, subscription: SubscriptionRecord): SubscriptionRecord {
  remove(store, subscription);
  const today = dateOf(store.time);
  const next: SubscriptionRecord = {
    ...subscription,
    id: store.nextId("subscriptions"),
    creationDate: today,
    lastModifiedDate: today,
    ...{ committedAt: store.time, additions: undefined },
    ...datesFrom(store.time, subscription.subscriptionPeriod),
  };
  return store.subscriptions.put(withNextEvent(next, store.time));
}
