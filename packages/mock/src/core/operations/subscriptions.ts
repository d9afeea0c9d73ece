import type { Subscription, SubscriptionDetails, SubscriptionProduct, SubscriptionProductUpdate } from "@imcloud/spec";
import { knownMembers } from "../document/known-members.ts";
import { invalid, requireFound } from "../domain/errors.ts";
import { callOffRenewal } from "../domain/orders/platform-orders.ts";
import { priceOf, unitAt, unitCostAt } from "../domain/orders/quotes/pricing.ts";
import { productOf } from "../domain/orders/quotes/products.ts";
import { checkCurrency } from "../domain/orders/quotes/quote-parts.ts";
import { billingIntervals, holdingOf, isOver } from "../domain/subscriptions.ts";
import type { WithoutNull } from "../messages/body.ts";
import { dateOf, timeOf } from "../store/dates.ts";
import { moneyOf, round } from "../store/money.ts";
import type { SpecialPrices, SubscriptionProductRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { type Call, type HandlersOf, noteIfUnchanged, queryParam } from "./handler.ts";
import { equals, type Filter, isSince, isUntil, pageOf } from "./lists.ts";
import { merged } from "./merge-values.ts";
import { optional } from "./order-view.ts";

/** A subscription as a row of a list: the members of the document's row. */
const showRow = (subscription: SubscriptionRecord): Subscription => knownMembers("Subscription", subscription);

/** A quantity in the installation's form: a number, or a decimal as text. */
function quantityOf({ installation }: Store, quantity: number): number | string {
  if (!installation.textQuantities) return quantity;
  return Number.isInteger(quantity) ? quantity.toFixed(1) : String(quantity);
}

function showProduct(
  store: Store,
  { currency }: SubscriptionRecord,
  { productId, quantity, special, vendorSubscriptionId, shown: example }: SubscriptionProductRecord,
): { shown: SubscriptionProduct; price: number; cost: number } {
  const record = requireFound(store.products.get(productId), "product", productId);
  const { product } = record;
  const price = priceOf(record, quantity, special);
  const unitCost = unitCostAt(record, quantity, special);
  const shown: SubscriptionProduct = {
    ...(example?.id === productId && example),
    ...optional("mpn", product.mpn),
    ...optional("vendor", product.vendor),
    id: productId,
    quantity: quantityOf(store, quantity),
    ...optional("name", product.name),
    unitPrice: special?.unitPrice ?? moneyOf(unitAt(record, quantity, special), currency),
    unitCost: special?.unitCost ?? moneyOf(unitCost, currency),
    ...optional("unitProviderCost", special?.unitProviderCost),
    extendedPrice: moneyOf(price, currency),
    ...optional("vendorSubscriptionId", vendorSubscriptionId),
  };
  return { shown, price, cost: round(unitCost * quantity) };
}

/** A subscription with all that the API shows of it. */
export function showDetails(store: Store, subscription: SubscriptionRecord): SubscriptionDetails {
  const { currency, planId, orderParameters, fulfillmentParameters } = subscription;
  const products = subscription.products.map((product) => showProduct(store, subscription, product));
  const sum = (of: "price" | "cost") => products.reduce((all, product) => all + product[of], 0);
  const intervals = billingIntervals(subscription);
  return {
    ...knownMembers("SubscriptionDetails", subscription),
    // One is charged at each billing, the others are for the whole subscription (SUB-06).
    totalPrice: moneyOf(sum("price"), currency),
    totalSubscriptionPrice: moneyOf(sum("price") * intervals, currency),
    totalSubscriptionCost: moneyOf(sum("cost") * intervals, currency),
    products: products.map(({ shown }) => shown),
    orderParameters: [...orderParameters],
    fulfillmentParameters: [...fulfillmentParameters],
    // Only here the id of a plan is a number.
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
    const product = productOf(store, wanted);
    const { productId } = holdingOf(subscription, product);
    const special: SpecialPrices = {
      ...optional("unitPrice", unitPrice),
      ...optional("unitCost", unitCost),
      ...optional("unitProviderCost", unitProviderCost),
    };
    checkCurrency(product, special, subscription.currency);
    specials.set(productId, special);
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
  if (renewalStatus && isOver(before)) invalid(`Subscription ${before.id} is ${before.status} and renews no more`);
  const changed = store.subscriptions.put({
    ...before,
    ...(products && { products: withPrices(store, before, products) }),
    ...(attributes && { attributes: merged("attributes", before.attributes, attributes) }),
    ...optional("renewalStatus", renewalStatus),
    lastModifiedDate: dateOf(store.time),
  });
  if (renewalStatus === false) callOffRenewal(store, changed);
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
    isSince(from, ({ creationDate }) => timeOf(creationDate)),
    isUntil(to, ({ creationDate }) => timeOf(creationDate)),
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
