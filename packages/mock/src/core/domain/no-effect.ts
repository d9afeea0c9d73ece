import type { OrderBody, OrderBodyProduct } from "./order-body.ts";
import { typeOf } from "./order-body.ts";

type OrderType = NonNullable<OrderBody["type"]>;

/** The members of an order that the mock acts on, or shows again. */
const ORDER: ReadonlySet<string> = new Set<keyof OrderBody>([
  ...(["type", "customerId", "subscriptionId", "products", "poNumber", "attributes", "creditCheck"] as const),
  ...(["billingModel", "lastBillingDate", "nextBillingDate", "scheduledOn", "subscriptionPeriod"] as const),
]);

/** Those that count in orders of some types alone. */
const ORDER_OF: Readonly<Record<OrderType, ReadonlySet<string>>> = {
  sales: new Set<keyof OrderBody>(["alignExpirationDate"]),
  change: new Set<keyof OrderBody>(["alignExpirationDate", "placementType"]),
  migration: new Set<keyof OrderBody>(["autorenewal", "startDate", "migrationDate", "expirationDate", "planId"]),
  renewal: new Set(),
  cancellation: new Set(),
};

/** The members of an order's product that the mock acts on; a name is for people. */
const PRODUCT: ReadonlySet<string> = new Set<keyof OrderBodyProduct>([
  ...(["id", "mpn", "vendor", "name", "billingPeriod", "subscriptionPeriod", "quantity", "parameters"] as const),
  ...(["specialPrice", "specialCost", "specialProviderCost", "subscriptionId"] as const),
]);

/** Those that name what takes the place of a product, in changes. */
const SWITCH: ReadonlySet<string> = new Set<keyof OrderBodyProduct>(["newId", "newProductId", "newMPN"]);

/** Those that only partial upgrades have (ORD-33). */
const MOVE: ReadonlySet<string> = new Set<keyof OrderBodyProduct>(["type", "newSubscription", "targetSubscriptionId"]);

const sentence = (path: string) => `body member ${JSON.stringify(path)} is known, and has no effect in the mock`;

/** Tells what the mock acts on in an order of a kind. */
function effectsOf(order: OrderBody) {
  const type = typeOf(order);
  const isMove = type === "change" && order.placementType === "MOVE";
  const isSwitch =
    type === "change" && order.products?.some((product) => Object.keys(product).some((name) => SWITCH.has(name)));
  return {
    inOrder: (name: string) =>
      ORDER.has(name) ||
      ORDER_OF[type].has(name) ||
      (name === "upgradeStartType" && isSwitch && !isMove) ||
      (name === "targetSubscriptionId" && isMove),
    inProduct: (name: string) =>
      PRODUCT.has(name) || (type === "change" && SWITCH.has(name)) || (isMove && MOVE.has(name)),
  };
}

/** What of an order has no effect here though the platform may act on it, in sentences. */
export function withoutEffect(order: OrderBody): string[] {
  const { scheduledOn, products = [] } = order;
  const type = typeOf(order);
  const { inOrder, inProduct } = effectsOf(order);
  const isMove = order.placementType === "MOVE";
  const isScheduled = type === "change" && !isMove && scheduledOn?.toLowerCase() === "renewal";
  const isWhole = type === "renewal" || type === "cancellation";
  const hasLines = products.some((product) => Object.keys(product).some((name) => name !== "subscriptionId"));
  return [
    ...(isWhole && hasLines ? [`products have no effect in a ${type} order, which is for the whole subscription`] : []),
    ...Object.keys(order)
      .filter((name) => !inOrder(name))
      .map(sentence),
    ...(scheduledOn === undefined || isScheduled
      ? []
      : [
          `scheduledOn ${JSON.stringify(scheduledOn)} has no effect in the mock; a change order can wait for "renewal"`,
        ]),
    ...(isWhole ? [] : products).flatMap((product, at) =>
      Object.keys(product)
        .filter((name) => !inProduct(name))
        .map((name) => sentence(`products.${at}.${name}`)),
    ),
  ];
}
