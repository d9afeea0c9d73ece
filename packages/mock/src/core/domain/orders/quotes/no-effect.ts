import type { ProductRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { type OrderBody, type OrderBodyProduct, typeOf } from "../body.ts";
import { isSamePeriod } from "./quote-parts.ts";

type OrderType = NonNullable<OrderBody["type"]>;

/** The members of an order that the mock acts on, or shows again. */
const ORDER: ReadonlySet<string> = new Set<keyof OrderBody>([
  ...(["type", "customerId", "products", "poNumber", "attributes", "creditCheck"] as const),
  ...(["billingModel", "lastBillingDate", "nextBillingDate", "scheduledOn"] as const),
]);

/** Those that count in orders of some types alone. */
const ORDER_OF: Readonly<Record<OrderType, ReadonlySet<string>>> = {
  sales: new Set<keyof OrderBody>(["alignExpirationDate", "subscriptionPeriod"]),
  change: new Set<keyof OrderBody>(["subscriptionId", "alignExpirationDate", "placementType"]),
  migration: new Set<keyof OrderBody>([
    ...(["autorenewal", "startDate", "migrationDate", "expirationDate", "planId", "subscriptionPeriod"] as const),
  ]),
  renewal: new Set<keyof OrderBody>(["subscriptionId"]),
  cancellation: new Set<keyof OrderBody>(["subscriptionId"]),
};

/** The members of an order's product that the mock acts on; a name is for people. */
const PRODUCT: ReadonlySet<string> = new Set<keyof OrderBodyProduct>([
  ...(["id", "mpn", "vendor", "name", "billingPeriod", "subscriptionPeriod", "quantity", "parameters"] as const),
  ...(["specialPrice", "specialCost", "specialProviderCost"] as const),
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
      PRODUCT.has(name) ||
      (type === "change" && (name === "subscriptionId" || SWITCH.has(name))) ||
      (isMove && MOVE.has(name)),
  };
}

type Named = {
  [Name in "id" | "vendor" | "billingPeriod" | "subscriptionPeriod"]?: OrderBodyProduct[Name] | undefined;
};

/** What is said of a product that is not so: its id alone counts then. */
export function contradictions({ id, vendor, billingPeriod, subscriptionPeriod }: Named, store: Store, path: string) {
  const product = id === undefined ? undefined : store.products.get(id)?.product;
  if (!product) return [];
  const said: [name: string, isSo: boolean][] = [
    ["vendor", vendor === undefined || vendor === product.vendor],
    ["billingPeriod", !billingPeriod || isSamePeriod(billingPeriod, product.billingPeriod)],
    ["subscriptionPeriod", !subscriptionPeriod || isSamePeriod(subscriptionPeriod, product.subscriptionPeriod)],
  ];
  return said.flatMap(([name, isSo]) =>
    isSo ? [] : [`body member ${JSON.stringify(`${path}.${name}`)} is not what product ${id} has; its id counts`],
  );
}

/** The period of an order, where it is not that of any product that the order names by its id. */
function unusedPeriod({ subscriptionPeriod, products = [] }: OrderBody, store: Store): string[] {
  const productOf = ({ id }: OrderBodyProduct): ProductRecord["product"] | undefined =>
    id === undefined ? undefined : store.products.get(id)?.product;
  const isUsed = products.some((product) => {
    const named = productOf(product);
    return named ? isSamePeriod(named.subscriptionPeriod, subscriptionPeriod) : !product.subscriptionPeriod;
  });
  return subscriptionPeriod && !isUsed
    ? ['body member "subscriptionPeriod" is of none of the products; their ids count']
    : [];
}

/** What only looks as if it named another product, or another subscription, than what counts. */
const doubled = (product: OrderBodyProduct, path: string): string[] => [
  ...(product.newId !== undefined && product.newProductId !== undefined && product.newProductId !== product.newId
    ? [`body member ${JSON.stringify(`${path}.newProductId`)} has no effect beside newId`]
    : []),
  ...(product.newSubscription?.coterming === false
    ? [`body member ${JSON.stringify(`${path}.newSubscription.coterming`)} has no effect; the end is always aligned`]
    : []),
];

/** What of an order has no effect here though the platform may act on it, in sentences. */
export function withoutEffect(order: OrderBody, store: Store): string[] {
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
    ...(isWhole ? [] : unusedPeriod(order, store)),
    ...(isWhole ? [] : products).flatMap((product, at) => [
      ...contradictions(product, store, `products.${at}`),
      ...doubled(product, `products.${at}`),
    ]),
  ];
}
