import { dateOf } from "../../store/dates.ts";
import { groupBy } from "../../store/group-by.ts";
import type { OrderItem, OrderRecord, ProductRecord, SubscriptionRecord } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { isHeld } from "../is-held.ts";
import { beginning, isMicrosoft, subscriptionFor, tenantOf, withUnits } from "../subscriptions.ts";
import { alignedEndOf } from "./quotes/alignment.ts";

interface MadeItem {
  item: OrderItem;
  product: ProductRecord;
}

/** The items of an order by the plan that each lands in: all of one plan share a subscription (PROD-01). */
function itemsByPlan(store: Store, order: OrderRecord): Map<string, MadeItem[]> {
  const items = order.items.flatMap((item): MadeItem[] => {
    const product = store.products.get(item.productId);
    return product ? [{ item, product }] : [];
  });
  return groupBy(items, ({ item, product }) => item.planId ?? product.planId);
}

/** When the first period of what a product is ordered for is over, where that is aligned. */
function alignedEndFor(store: Store, { alignment }: OrderRecord, { product }: ProductRecord): number | undefined {
  const { subscriptionPeriod } = product;
  return alignment && subscriptionPeriod ? alignedEndOf(store, alignment, subscriptionPeriod, store.time) : undefined;
}

function subscriptionOf(store: Store, id: string, order: OrderRecord, items: readonly MadeItem[]): SubscriptionRecord {
  const product = items[0]?.product;
  return subscriptionFor(id, order, items, store.time, {
    knownTenant: product && isMicrosoft(product) ? tenantOf(store, order.customerId) : undefined,
    alignedEnd: product && alignedEndFor(store, order, product),
  });
}

/** Makes the subscriptions of a sale, one for each plan, and gives the order with their ids. They are pending until it is done. */
function makeForSale(store: Store, order: OrderRecord): OrderRecord {
  const ids = new Map<OrderItem, string>();
  for (const items of itemsByPlan(store, order).values()) {
    const { id } = store.subscriptions.put(subscriptionOf(store, store.nextId("subscriptions"), order, items));
    for (const { item } of items) ids.set(item, id);
  }
  return {
    ...order,
    items: order.items.map((item) => ({ ...item, subscriptionId: ids.get(item) })),
    subscriptionIds: [...new Set(ids.values())],
  };
}

/** Makes the subscription that a partial upgrade puts units in: it starts and ends with the one that they come from (ORD-31, ORD-32). */
function makeForMove(store: Store, order: OrderRecord): OrderRecord {
  const [item] = order.items;
  const source = store.subscriptions.get(String(item?.subscriptionId));
  const product = store.products.get(String(item?.newProductId));
  if (!item?.move?.isNew || item.move.subscriptionId !== undefined || !source || !product) return order;
  const id = store.nextId("subscriptions");
  const total = item.quantity;
  const made = subscriptionFor(
    id,
    { ...order, shown: { ...(source.poNumber !== undefined && { poNumber: source.poNumber }) } },
    [{ item: { productId: product.id, quantity: total, total, special: item.special }, product }],
    store.time,
  );
  store.subscriptions.put({
    ...made,
    ...{ creationDate: source.creationDate, renewalDate: source.renewalDate, renewalStatus: source.renewalStatus },
    ...{ orderParameters: source.orderParameters, fulfillmentParameters: source.fulfillmentParameters },
    ...(source.attributes && { attributes: source.attributes }),
  });
  return {
    ...order,
    items: [{ ...item, move: { ...item.move, subscriptionId: id } }],
    subscriptionIds: [...order.subscriptionIds, id],
  };
}

/** Whether an order is for subscriptions that were not there before it. */
export const makesSubscriptions = ({ type }: OrderRecord) => type === "sales" || type === "migration";

/** Makes the subscriptions that an order is for, where it has none yet: they are there once it is paid (SUB-07). */
export function makeSubscriptions(store: Store, order: OrderRecord): OrderRecord {
  if (makesSubscriptions(order)) return order.subscriptionIds.length ? order : makeForSale(store, order);
  return order.items.some(({ move }) => move) ? makeForMove(store, order) : order;
}

/** Lets the subscriptions of a sale begin: their time counts from now. Those of an account on hold are on hold with it (CUST-10). */
export function activateSale(store: Store, order: OrderRecord): OrderRecord {
  const customer = store.customers.get(order.customerId);
  const made = makeSubscriptions(store, order);
  for (const [first] of itemsByPlan(store, made).values()) {
    const pending = store.subscriptions.get(String(first?.item.subscriptionId));
    if (!first || pending?.status !== "pending") continue;
    const begun = beginning(pending, made, store.time, alignedEndFor(store, made, first.product));
    store.subscriptions.put(customer && isHeld(customer) ? { ...begun, status: "hold", isHeldByAccount: true } : begun);
  }
  return made;
}

/** Carries out a partial upgrade: one subscription is smaller then, and another one new, or larger (ORD-31). */
export function moveUnits(store: Store, order: OrderRecord): OrderRecord {
  const made = makeSubscriptions(store, order);
  const [item] = made.items;
  const source = store.subscriptions.get(String(item?.subscriptionId));
  const target = store.subscriptions.get(String(item?.move?.subscriptionId));
  if (!item?.move || !source || !target) return made;
  store.subscriptions.put(withUnits(source, item.productId, item.total, store.time));
  if (item.move.isNew) {
    const { status, isHeldByAccount, expirationDate, nextAt } = source;
    const begun = { ...target, status, isHeldByAccount, expirationDate, nextAt };
    store.subscriptions.put({ ...begun, committedAt: store.time });
  } else {
    const productId = String(item.newProductId);
    const held = target.products.find((product) => product.productId === productId);
    store.subscriptions.put(withUnits(target, productId, (held?.quantity ?? 0) + item.quantity, store.time));
  }
  return made;
}

/** What was made for an order that is cancelled is deprovisioned before it begins. */
export function dropPending(store: Store, order: OrderRecord): void {
  for (const id of order.subscriptionIds) {
    const subscription = store.subscriptions.get(id);
    if (subscription?.status !== "pending") continue;
    store.subscriptions.put({
      ...subscription,
      status: "removed",
      renewalStatus: false,
      lastModifiedDate: dateOf(store.time),
    });
  }
}
