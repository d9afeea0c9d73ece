import type { OrderProduct, SubscriptionContractValues } from "@imcloud/spec";
import { unitAt, unitCostAt, VOLUME_DISCOUNT } from "../domain/orders/quotes/pricing.ts";
import { billingIntervals } from "../domain/subscriptions.ts";
import { groupBy } from "../store/group-by.ts";
import { memoize } from "../store/memoize.ts";
import { type Cents, moneyOf, round } from "../store/money.ts";
import type { OrderItem, OrderRecord, ProductRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/** The account of the provider, above all resellers. */
const PROVIDER = 1;
/** The longest chain of resellers, in case records form a loop. */
const MAX_LEVELS = 20;

/** The accounts from the provider down to a customer: each sells to the next (CUST-12). */
function chainOf(store: Store, customerId: string): number[] {
  const chain = [Number(customerId)];
  let id = store.customers.get(customerId)?.customer.resellerId;
  while (id !== undefined && chain.length < MAX_LEVELS) {
    chain.unshift(Number(id));
    id = store.resellers.get(id)?.parentId;
  }
  return [PROVIDER, ...chain];
}

/** A product's value between a seller and a buyer, over its whole subscription. */
interface Value {
  sellerId: number;
  buyerId: number;
  total: Cents;
  discounted: Cents;
}

/** The number of billings in a product's subscription period. */
const intervalsOf = memoize(({ product: { billingPeriod, subscriptionPeriod } }: ProductRecord) =>
  billingPeriod && subscriptionPeriod ? billingIntervals({ billingPeriod, subscriptionPeriod }) : 1,
);

/** The values of a product at each level of the chain: the margin between cost and price is shared by the resellers (ORD-47). */
function valuesOf(item: OrderItem, product: ProductRecord, chain: readonly number[]): Value[] {
  const intervals = intervalsOf(product);
  const units = item.move ? item.quantity : item.total;
  const [cost, price] = [unitCostAt(product, units, item.special), unitAt(product, units, item.special)];
  const levels = chain.length - 1;
  const isDiscounted = units >= VOLUME_DISCOUNT.from;
  return chain.slice(1).map((buyerId, level) => {
    const unit = levels === 1 ? price : cost + ((price - cost) * level) / (levels - 1);
    const total = round(unit * units) * intervals;
    const off = isDiscounted && level === levels - 1 ? round((total * VOLUME_DISCOUNT.percent) / 100) : 0;
    return { sellerId: chain[level] as number, buyerId, total, discounted: total - off };
  });
}

function shown({ sellerId, buyerId, total, discounted }: Value, currency: string) {
  const effectiveTotal = moneyOf(discounted, currency);
  return { total: moneyOf(total, currency), discTotal: effectiveTotal, effectiveTotal, sellerId, buyerId };
}

/** The parts of an order that contract values depend on. */
export type ValuedOrder = Pick<OrderRecord, "customerId" | "currency" | "items">;

/** The product that an order's item ends with: the new one in a switch. */
const productOf = (store: Store, { newProductId, productId }: OrderItem): ProductRecord | undefined =>
  store.products.get(newProductId ?? productId);

/** A product of an order with its value at each level of the chain; none if the catalog no longer has it. */
export interface ValuedItem {
  item: OrderItem;
  plan: string;
  values: Value[];
}

/** The products of an order with their values. */
export function valuedItemsOf(store: Store, { customerId, items }: ValuedOrder): ValuedItem[] {
  const chain = chainOf(store, customerId);
  return items.map((item) => {
    const product = productOf(store, item);
    return { item, plan: item.planId ?? product?.planId ?? "", values: product ? valuesOf(item, product, chain) : [] };
  });
}

/** The total contract values of a product of an order, one for each pair of seller and buyer. */
export const productValues = ({ values }: ValuedItem, currency: string): Pick<OrderProduct, "tcvs"> =>
  values.length ? { tcvs: values.map((value) => shown(value, currency)) } : {};

/** The total contract values of what an order makes or changes, by plan. */
export function subscriptionValues(items: readonly ValuedItem[], currency: string): SubscriptionContractValues[] {
  const byPlan = groupBy(
    items.filter(({ values }) => values.length),
    ({ plan }) => plan,
  );
  return [...byPlan].map(([plan, [first, ...more]]) => ({
    planId: Number(plan),
    tcvs: (first?.values ?? []).map((value, level) => {
      const others = more.flatMap(({ values }) => values[level] ?? []);
      const sum = (of: "total" | "discounted") => others.reduce((all, other) => all + other[of], value[of]);
      return shown({ ...value, total: sum("total"), discounted: sum("discounted") }, currency);
    }),
  }));
}
