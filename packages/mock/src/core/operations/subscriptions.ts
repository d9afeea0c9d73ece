import type { Subscription, SubscriptionDetails, SubscriptionProduct, SubscriptionProductUpdate } from "@imcloud/spec";
import { invalid, requireFound } from "../domain/errors.ts";
import { priceOf, unitAt, unitCostAt } from "../domain/pricing.ts";
import { productOf } from "../domain/products.ts";
import { billingIntervals, holdingOf } from "../domain/subscriptions.ts";
import type { WithoutNull } from "../messages/body.ts";
import { dateOf, timeOf } from "../store/dates.ts";
import { moneyOf, round } from "../store/money.ts";
import type { SpecialPrices, SubscriptionProductRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { type Call, type HandlersOf, noteIfUnchanged, queryParam } from "./handler.ts";
import { equals, type Filter, pageOf } from "./lists.ts";
import { optional } from "./order-view.ts";

function showRow(subscription: SubscriptionRecord): Subscription {
  const { id, name, customerId, status, attributes, renewalStatus } = subscription;
  const { creationDate, renewalDate, lastModifiedDate, expirationDate } = subscription;
  const { billingModel, billingPeriod, subscriptionPeriod } = subscription;
  return {
    ...{ id, name, customerId, status, ...optional("attributes", attributes), renewalStatus },
    ...{ creationDate, renewalDate, lastModifiedDate, expirationDate },
    ...{ billingModel, billingPeriod, subscriptionPeriod },
  };
}

/** A quantity as the API writes it: a number, or for some a decimal in a string. */
const quantityOf = (quantity: number, isText: boolean) =>
  isText ? (Number.isInteger(quantity) ? quantity.toFixed(1) : String(quantity)) : quantity;

function showProduct(
  store: Store,
  { currency, hasTextQuantities }: SubscriptionRecord,
  { productId, quantity, special, vendorSubscriptionId }: SubscriptionProductRecord,
): { shown: SubscriptionProduct; price: number; cost: number } {
  const record = requireFound(store.products.get(productId), "product", productId);
  const { product } = record;
  const price = priceOf(record, quantity, special);
  const unitCost = unitCostAt(record, quantity, special);
  const shown: SubscriptionProduct = {
    ...optional("mpn", product.mpn),
    ...optional("vendor", product.vendor),
    id: productId,
    quantity: quantityOf(quantity, hasTextQuantities),
    ...optional("name", product.name),
    unitPrice: special?.unitPrice ?? moneyOf(unitAt(record, quantity, special), currency),
    unitCost: special?.unitCost ?? moneyOf(unitCost, currency),
    ...optional("unitProviderCost", special?.unitProviderCost),
    extendedPrice: moneyOf(price, currency),
    ...optional("vendorSubscriptionId", vendorSubscriptionId),
  };
  return { shown, price, cost: round(unitCost * quantity) };
}

function showDetails(store: Store, subscription: SubscriptionRecord): SubscriptionDetails {
  const { currency, planId, orderParameters, fulfillmentParameters } = subscription;
  const products = subscription.products.map((product) => showProduct(store, subscription, product));
  const sum = (of: "price" | "cost", times = 1) =>
    moneyOf(products.reduce((all, product) => all + product[of], 0) * times, currency);
  const intervals = billingIntervals(subscription);
  return {
    ...showRow(subscription),
    totalPrice: sum("price"),
    totalSubscriptionPrice: sum("price", intervals),
    totalSubscriptionCost: sum("cost", intervals),
    products: products.map(({ shown }) => shown),
    orderParameters: [...orderParameters],
    fulfillmentParameters: [...fulfillmentParameters],
    // Here, and in no other place, the id of a plan is a number.
    planId: Number(planId),
  };
}

const subscriptionWith = (store: Store, id: string): SubscriptionRecord =>
  requireFound(store.subscriptions.get(id), "subscription", id);

/** The products of a subscription with special prices for some. */
function withPrices(
  store: Store,
  subscription: SubscriptionRecord,
  updates: readonly WithoutNull<SubscriptionProductUpdate>[] = [],
): SubscriptionProductRecord[] {
  const specials = new Map<string, SpecialPrices>();
  for (const { unitPrice, unitCost, unitProviderCost, ...wanted } of updates) {
    const { productId } = holdingOf(subscription, productOf(store, wanted));
    specials.set(productId, {
      ...optional("unitPrice", unitPrice),
      ...optional("unitCost", unitCost),
      ...optional("unitProviderCost", unitProviderCost),
    });
  }
  return subscription.products.map((product) => {
    const special = specials.get(product.productId);
    return special ? { ...product, special: { ...product.special, ...special } } : product;
  });
}

function update(call: Call<"subscriptions_update" | "subscriptions_updateByPost">): SubscriptionDetails {
  const { store, params, body } = call;
  const before = subscriptionWith(store, params.id);
  const { products, attributes, renewalStatus } = body;
  const isOver = before.status === "terminated" || before.status === "removed";
  if (renewalStatus && isOver) invalid(`Subscription ${before.id} is ${before.status} and renews no more`);
  const changed = store.subscriptions.put({
    ...before,
    ...(products && { products: withPrices(store, before, products) }),
    ...(attributes && { attributes: { ...before.attributes, ...attributes } }),
    ...optional("renewalStatus", renewalStatus),
    lastModifiedDate: dateOf(store.time),
  });
  const details = showDetails(store, changed);
  noteIfUnchanged(call, showDetails(store, before), details);
  return details;
}

function setSpecialPrices(
  call: Call<"subscriptions_updateSpecialPricing" | "subscriptions_updateSpecialPricingByPatch">,
): SubscriptionDetails {
  const { store, params, body } = call;
  const before = subscriptionWith(store, params.id);
  const products = withPrices(store, before, body.products);
  const changed = store.subscriptions.put({ ...before, products, lastModifiedDate: dateOf(store.time) });
  const details = showDetails(store, changed);
  noteIfUnchanged(call, showDetails(store, before), details);
  return details;
}

function list(call: Call<"subscriptions_list">) {
  const status = queryParam(call, "status");
  if (status?.includes(",")) invalid("status takes one value, not a list; make one call for each");
  const [from, to] = [queryParam(call, "creationDateFrom"), queryParam(call, "creationDateTo")];
  const filters: Filter<SubscriptionRecord>[] = [
    equals(call, "status", (record) => record.status),
    from === undefined ? undefined : ({ creationDate }) => timeOf(creationDate) >= timeOf(from),
    to === undefined ? undefined : ({ creationDate }) => timeOf(creationDate) <= timeOf(to),
  ];
  return pageOf(call, call.store.subscriptions, filters, showRow, [["customer", queryParam(call, "customerId")]]);
}

export const subscriptions: HandlersOf<"subscriptions"> = {
  subscriptions_list: list,
  subscriptions_get: ({ store, params }) => showDetails(store, subscriptionWith(store, params.id)),
  subscriptions_update: update,
  subscriptions_updateByPost: update,
  subscriptions_updateSpecialPricing: setSpecialPrices,
  subscriptions_updateSpecialPricingByPatch: setSpecialPrices,
};
