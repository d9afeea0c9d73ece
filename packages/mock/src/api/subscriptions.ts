import type {
  SpecialPricingUpdate,
  Subscription,
  SubscriptionDetails,
  SubscriptionProduct,
  SubscriptionProductUpdate,
  SubscriptionUpdate,
} from "@imcloud/spec";
import { priceOf, unitAt, unitCostAt } from "../rules/pricing.ts";
import { productOf } from "../rules/products.ts";
import { found, refuse } from "../rules/refusal.ts";
import { holdingOf } from "../rules/subscriptions.ts";
import { dateOf, timeOf } from "../world/dates.ts";
import { moneyOf, round } from "../world/money.ts";
import type { SpecialPrices, SubscriptionProductRecord, SubscriptionRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { type Call, type Handler, queried } from "./call.ts";
import { equals, type Filter, pageOf } from "./lists.ts";
import { given } from "./show-order.ts";

function showRow(subscription: SubscriptionRecord): Subscription {
  const { id, name, customerId, status, attributes, renewalStatus } = subscription;
  const { creationDate, renewalDate, lastModifiedDate, expirationDate } = subscription;
  const { billingModel, billingPeriod, subscriptionPeriod } = subscription;
  return {
    ...{ id, name, customerId, status, ...given("attributes", attributes), renewalStatus },
    ...{ creationDate, renewalDate, lastModifiedDate, expirationDate },
    ...{ billingModel, billingPeriod, subscriptionPeriod },
  };
}

/** A quantity as the API writes it: a number, or for some a decimal in a string. */
const quantityOf = (quantity: number, isText: boolean) =>
  isText ? (Number.isInteger(quantity) ? quantity.toFixed(1) : String(quantity)) : quantity;

function showProduct(
  world: World,
  { currency, hasTextQuantities }: SubscriptionRecord,
  { productId, quantity, special, vendorSubscriptionId }: SubscriptionProductRecord,
): { shown: SubscriptionProduct; price: number; cost: number } {
  const record = found(world.products.get(productId), "product", productId);
  const { product } = record;
  const price = priceOf(record, quantity, special);
  const unitCost = unitCostAt(record, quantity, special);
  const shown: SubscriptionProduct = {
    ...given("mpn", product.mpn),
    ...given("vendor", product.vendor),
    id: productId,
    quantity: quantityOf(quantity, hasTextQuantities),
    ...given("name", product.name),
    unitPrice: special?.unitPrice ?? moneyOf(unitAt(record, quantity, special), currency),
    unitCost: special?.unitCost ?? moneyOf(unitCost, currency),
    ...given("unitProviderCost", special?.unitProviderCost),
    extendedPrice: moneyOf(price, currency),
    ...given("vendorSubscriptionId", vendorSubscriptionId),
  };
  return { shown, price, cost: round(unitCost * quantity) };
}

function showDetails(world: World, subscription: SubscriptionRecord): SubscriptionDetails {
  const { currency, planId, orderParameters, fulfillmentParameters } = subscription;
  const products = subscription.products.map((product) => showProduct(world, subscription, product));
  const sum = (of: "price" | "cost") =>
    moneyOf(
      products.reduce((all, product) => all + product[of], 0),
      currency,
    );
  return {
    ...showRow(subscription),
    totalPrice: sum("price"),
    totalSubscriptionPrice: sum("price"),
    totalSubscriptionCost: sum("cost"),
    products: products.map(({ shown }) => shown),
    orderParameters: [...orderParameters],
    fulfillmentParameters: [...fulfillmentParameters],
    // Here, and in no other place, the id of a plan is a number.
    planId: Number(planId),
  };
}

const subscription = ({ world, id }: Call): SubscriptionRecord =>
  found(world.subscriptions.get(id), "subscription", id);

/** The products of a subscription with special prices for some. */
function withPrices(
  world: World,
  subscription: SubscriptionRecord,
  updates: readonly SubscriptionProductUpdate[] = [],
): SubscriptionProductRecord[] {
  const specials = new Map<string, SpecialPrices>();
  for (const { unitPrice, unitCost, unitProviderCost, ...wanted } of updates) {
    const { productId } = holdingOf(subscription, productOf(world, wanted));
    specials.set(productId, {
      ...given("unitPrice", unitPrice),
      ...given("unitCost", unitCost),
      ...given("unitProviderCost", unitProviderCost),
    });
  }
  return subscription.products.map((product) => {
    const special = specials.get(product.productId);
    return special ? { ...product, special: { ...product.special, ...special } } : product;
  });
}

const update: Handler = (call) => {
  const { world } = call;
  const before = subscription(call);
  const { products, attributes, renewalStatus } = call.body as SubscriptionUpdate;
  const isOver = before.status === "terminated" || before.status === "removed";
  if (renewalStatus && isOver) refuse(`Subscription ${before.id} is ${before.status} and renews no more`);
  const changed = world.subscriptions.put({
    ...before,
    ...(products && { products: withPrices(world, before, products) }),
    ...(attributes && { attributes: { ...before.attributes, ...attributes } }),
    ...given("renewalStatus", renewalStatus),
    lastModifiedDate: dateOf(world.time),
  });
  return showDetails(world, changed);
};

const setSpecialPrices: Handler = (call) => {
  const { world } = call;
  const before = subscription(call);
  const products = withPrices(world, before, (call.body as SpecialPricingUpdate).products);
  return showDetails(world, world.subscriptions.put({ ...before, products, lastModifiedDate: dateOf(world.time) }));
};

function list(call: Call) {
  const status = queried(call, "status");
  if (status?.includes(",")) refuse("status takes one value, not a list; make one call for each");
  const [from, to] = ["creationDateFrom", "creationDateTo"].map((name) => queried(call, name));
  const filters: Filter<SubscriptionRecord>[] = [
    equals(call, "status", (record) => record.status),
    from === undefined ? undefined : ({ creationDate }) => timeOf(creationDate) >= timeOf(from),
    to === undefined ? undefined : ({ creationDate }) => timeOf(creationDate) <= timeOf(to),
  ];
  return pageOf(call, call.world.subscriptions, filters, showRow, [["customer", queried(call, "customerId")]]);
}

export const subscriptions: Record<string, Handler> = {
  subscriptions_list: list,
  subscriptions_get: (call) => showDetails(call.world, subscription(call)),
  subscriptions_update: update,
  subscriptions_updateByPost: update,
  subscriptions_updateSpecialPricing: setSpecialPrices,
  subscriptions_updateSpecialPricingByPatch: setSpecialPrices,
};
