import type { OrderBody, OrderBodyProduct } from "./order-body.ts";

/** The members of an order that the mock acts on, or shows again. */
const ORDER: ReadonlySet<string> = new Set<keyof OrderBody>([
  ...(["type", "customerId", "subscriptionId", "products", "poNumber", "attributes", "creditCheck"] as const),
  ...(["billingModel", "lastBillingDate", "nextBillingDate", "scheduledOn", "subscriptionPeriod"] as const),
]);
/** Those that count for a migration alone. */
const MIGRATION: ReadonlySet<string> = new Set<keyof OrderBody>([
  ...(["autorenewal", "startDate", "migrationDate", "expirationDate"] as const),
]);
/** The members of an order's product that the mock acts on; a name is for people. */
const PRODUCT: ReadonlySet<string> = new Set<keyof OrderBodyProduct>([
  ...(["id", "mpn", "vendor", "name", "billingPeriod", "subscriptionPeriod", "quantity", "parameters"] as const),
  ...(["specialPrice", "specialCost", "specialProviderCost", "newId", "newProductId", "newMPN"] as const),
  "subscriptionId",
]);

const sentence = (path: string) => `body member ${JSON.stringify(path)} is known, and has no effect in the mock`;

/** What of an order has no effect here though the platform may act on it, in sentences. */
export function withoutEffect(order: OrderBody): string[] {
  const { scheduledOn, type, products = [] } = order;
  const isActedOn = (name: string) => ORDER.has(name) || (type === "migration" && MIGRATION.has(name));
  const isScheduled = type === "change" && scheduledOn?.toLowerCase() === "renewal";
  const isWhole = type === "renewal" || type === "cancellation";
  const hasLines = products.some((product) => Object.keys(product).some((name) => name !== "subscriptionId"));
  return [
    ...(isWhole && hasLines ? [`products have no effect in a ${type} order, which is for the whole subscription`] : []),
    ...Object.keys(order)
      .filter((name) => !isActedOn(name))
      .map(sentence),
    ...(scheduledOn === undefined || isScheduled
      ? []
      : [
          `scheduledOn ${JSON.stringify(scheduledOn)} has no effect in the mock; a change order can wait for "renewal"`,
        ]),
    ...products.flatMap((product, at) =>
      Object.keys(product)
        .filter((name) => !PRODUCT.has(name))
        .map((name) => sentence(`products.${at}.${name}`)),
    ),
  ];
}
