import type { ParameterValue, Period, SubscriptionParameter } from "@imcloud/spec";
import { after, DAY, dateOf, timeOf } from "../store/dates.ts";
import { groupBy } from "../store/group-by.ts";
import { uuidOf } from "../store/ids.ts";
import type {
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

/** The dates of a period that starts on a day. The subscription moves on by itself when it is over. */
export function datesFrom(start: number, period: Period) {
  const renewal = timeOf(dateOf(after(start, period)));
  return { renewalDate: dateOf(renewal), expirationDate: dateOf(renewal - DAY), nextAt: renewal };
}

/** What is left, at a time, of the billing period of something that started at another. */
export function restOfPeriod(start: number, period: Period, time: number): ChargedPeriod {
  let count = 0;
  while (after(start, period, count + 1) <= time) count += 1;
  const [first, end] = [after(start, period, count), after(start, period, count + 1)].map((at) =>
    timeOf(dateOf(at)),
  ) as [number, number];
  const from = Math.max(first, timeOf(dateOf(time)));
  return {
    ...{ from: dateOf(from), through: dateOf(end - DAY) },
    ...{ days: (end - from) / DAY, of: (end - first) / DAY },
  };
}

/** How many times a subscription is billed until it ends. */
export function billingIntervals({
  billingPeriod,
  subscriptionPeriod,
}: Pick<SubscriptionRecord, "billingPeriod" | "subscriptionPeriod">): number {
  const [one, all] = [billingPeriod, subscriptionPeriod].map((period) => after(0, period) / DAY) as [number, number];
  return Math.max(1, Math.round(all / one));
}

/** The vendor's own id of a product in a subscription: a UUID of Microsoft's, digits of others (SUB-09). */
export function vendorSubscriptionIdOf(subscriptionId: string, { id, parameters }: ProductRecord): string {
  const uuid = uuidOf("subscription", subscriptionId, id);
  if (parameters.some(({ name }) => name === "microsoft_domain")) return uuid;
  return String(10 ** 13 + Number.parseInt(uuid.replaceAll("-", "").slice(0, 11), 16));
}

/** The Microsoft tenant that a customer's subscriptions are in already: all of them are in one (FLD-12). */
function tenantOf(store: Store, customerId: string): string | undefined {
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

/**
 * A subscription for what a plan's items were ordered.
 * @param knownTenant the Microsoft tenant that the customer has already
 */
export function subscriptionFor(
  id: string,
  order: Pick<OrderRecord, "customerId" | "currency" | "migration" | "createdAt" | "shown">,
  items: readonly { item: OrderItem; product: ProductRecord }[],
  time: number,
  knownTenant?: string,
): SubscriptionRecord {
  const [first] = items;
  if (!first) throw new Error("A subscription needs a product.");
  const { product, planId } = first.product;
  const period = product.subscriptionPeriod ?? MONTH;
  const { startDate, expirationDate, autorenewal = true } = order.migration ?? {};
  const start = startDate === undefined ? time : timeOf(startDate);
  const dates = datesFrom(start, period);
  const parameters = items.flatMap(({ item }) => item.parameters ?? []);
  const named = parameters.find(({ name }) => name === "microsoft_tenant_id")?.value;
  const hasTenant = first.product.parameters.some(({ name }) => name === "microsoft_domain");
  const tenant = hasTenant ? (named ?? knownTenant ?? uuidOf("tenant", order.customerId)) : undefined;
  return {
    id,
    name: product.name ?? String(product.mpn),
    customerId: order.customerId,
    planId,
    status: "active",
    renewalStatus: autorenewal,
    creationDate: dateOf(start),
    lastModifiedDate: dateOf(time),
    ...dates,
    ...(expirationDate && {
      expirationDate,
      renewalDate: dateOf(timeOf(expirationDate) + DAY),
      nextAt: Math.max(time, timeOf(expirationDate) + DAY),
    }),
    billingModel: product.billingModel ?? "chargeBeforeBillingPeriod",
    billingPeriod: product.billingPeriod ?? MONTH,
    subscriptionPeriod: period,
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
    ...(order.shown.poNumber !== undefined && { poNumber: order.shown.poNumber }),
    committedAt: start,
  };
}

/** Makes the subscriptions that an order is for, one for each plan, and gives the order with their ids. */
export function create(store: Store, order: OrderRecord): OrderRecord {
  const items = order.items.flatMap((item) => {
    const product = store.products.get(item.productId);
    return product ? [{ item, product }] : [];
  });
  const planOf = ({ item, product }: (typeof items)[number]) => item.planId ?? product.planId;
  const byPlan = groupBy(items, planOf);
  const ids = new Map<string, string>();
  for (const [plan, group] of byPlan) {
    const id = store.nextId("subscriptions");
    store.subscriptions.put(subscriptionFor(id, order, group, store.time, tenantOf(store, order.customerId)));
    ids.set(plan, id);
  }
  return {
    ...order,
    items: items.map((each) => ({ ...each.item, subscriptionId: ids.get(planOf(each)) })),
    subscriptionIds: [...ids.values()],
  };
}

/**
 * What a subscription has of a product.
 * @throws DomainError when it has none
 */
export function holdingOf({ id, products }: SubscriptionRecord, product: ProductRecord): SubscriptionProductRecord {
  const held = products.find(({ productId }) => productId === product.id);
  const has = products.map(({ productId }) => productId).join(", ");
  return held ?? invalid(`Subscription ${id} has no product ${product.id}; it has ${has}`);
}

/** Gives a subscription the quantities, prices and products of a change. */
export function changeProducts(store: Store, subscription: SubscriptionRecord, items: readonly OrderItem[]): void {
  const products = subscription.products.map((had): SubscriptionProductRecord => {
    const item = items.find(({ productId }) => productId === had.productId);
    if (!item) return had;
    const { special: _, ...rest } = had;
    return {
      ...rest,
      productId: item.newProductId ?? had.productId,
      quantity: item.total,
      ...(item.special && { special: item.special }),
    };
  });
  const isLarger = items.some(({ productId, total }) => total > (hadOf(subscription, productId)?.quantity ?? 0));
  const committedAt = isLarger ? store.time : subscription.committedAt;
  store.subscriptions.put({ ...subscription, products, committedAt, lastModifiedDate: dateOf(store.time) });
}

const hadOf = ({ products }: SubscriptionRecord, id: string) => products.find(({ productId }) => productId === id);

/** Takes a subscription into its next period. */
export function renew(store: Store, subscription: SubscriptionRecord): void {
  const start = timeOf(subscription.renewalDate);
  store.subscriptions.put({
    ...subscription,
    ...datesFrom(start, subscription.subscriptionPeriod),
    committedAt: store.time,
    lastModifiedDate: dateOf(store.time),
  });
}

/** Milliseconds that what has ended is kept, and can be restored, before it is deprovisioned (SUB-03, SUB-04). */
export const KEPT_AFTER_END = 30 * DAY;

/** Ends a subscription: its services are disabled, and it is deprovisioned some time later (SUB-02). */
export function terminate(store: Store, subscription: SubscriptionRecord): void {
  const today = dateOf(store.time);
  store.subscriptions.put({
    ...subscription,
    status: "terminated",
    renewalStatus: false,
    lastModifiedDate: today,
    expirationDate: [today, subscription.expirationDate ?? today].sort()[0] as string,
    nextAt: store.time + KEPT_AFTER_END,
  });
}

/** Deprovisions a subscription that has ended (SUB-02). */
export function remove(store: Store, subscription: SubscriptionRecord): void {
  const lastModifiedDate = dateOf(store.time);
  store.subscriptions.put({ ...subscription, status: "removed", lastModifiedDate, nextAt: undefined });
}

/** Puts a new subscription in the place of a monthly one, as the platform does each month. */
export function replace(store: Store, subscription: SubscriptionRecord): SubscriptionRecord {
  const today = dateOf(store.time);
  store.subscriptions.put({ ...subscription, status: "removed", lastModifiedDate: today, nextAt: undefined });
  return store.subscriptions.put({
    ...subscription,
    id: store.nextId("subscriptions"),
    creationDate: today,
    lastModifiedDate: today,
    committedAt: store.time,
    ...datesFrom(store.time, subscription.subscriptionPeriod),
  });
}
