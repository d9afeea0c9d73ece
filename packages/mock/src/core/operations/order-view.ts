import type {
  ExpirationAlignment,
  Order,
  OrderDetail,
  OrderDetails,
  OrderEstimate,
  OrderProduct,
  Period,
} from "@imcloud/spec";
import { knownMembers } from "../document/known-members.ts";
import { descriptionOf } from "../domain/orders/line-description.ts";
import { amountsOf, totalOf } from "../domain/orders/quotes/pricing.ts";
import { memoize } from "../store/memoize.ts";
import { moneyOf } from "../store/money.ts";
import { statusOf } from "../store/order-states.ts";
import type { Alignment, Move, OrderItem, OrderLine, OrderRecord, ProductRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { productValues, subscriptionValues, type ValuedItem, valuedItemsOf } from "./contract-values.ts";

/** A member, if there is a value for it. */
export const optional = <Name extends string, T>(name: Name, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: T };

/** The charged time of a line: in days for a partial billing period. */
const durationOf = ({ period }: OrderLine, billing: Period): Period =>
  period && period.days < period.of ? { type: "day", duration: period.days } : billing;

function showLine(store: Store, line: OrderLine, currency: string): OrderDetail {
  const product = store.products.get(line.productId)?.product;
  const { extended, off, tax } = amountsOf(line);
  const taxAmount = moneyOf(tax, currency);
  const billing = product?.billingPeriod;
  const isSetup = line.kind === "setup";
  return {
    type: line.kind,
    ...optional("mpn", product?.mpn),
    productId: line.productId,
    ...(billing && !isSetup && { duration: durationOf(line, billing) }),
    description: descriptionOf(String(product?.name), line, billing),
    quantity: line.units,
    unitPrice: moneyOf(line.unit, currency),
    extendedPrice: moneyOf(extended, currency),
    ...(line.discount && {
      discount: {
        ...{ type: "percent", value: String(line.discount), amountCode: currency },
        amount: moneyOf(off, currency).amount,
      },
    }),
    taxAmount,
    exclusiveTaxAmount: taxAmount,
  };
}

type Shown = Pick<OrderRecord, "type" | "customerId" | "currency" | "lines" | "items">;

/** The catalog's members of an order's product. */
const catalogOf = memoize(
  ({ product }: ProductRecord): Omit<OrderProduct, "id"> => ({
    ...optional("mpn", product.mpn),
    ...optional("vendor", product.vendor),
    ...optional("billingPeriod", product.billingPeriod),
    ...optional("subscriptionPeriod", product.subscriptionPeriod),
    ...optional("name", product.name),
  }),
);

function showItem(store: Store, { currency, lines }: Shown, valued: ValuedItem): OrderProduct {
  const { item } = valued;
  const product = store.products.get(item.productId);
  const next = item.newProductId === undefined ? undefined : store.products.get(item.newProductId)?.product;
  const priced = lines.filter(({ productId }) => productId === item.productId || productId === item.newProductId);
  const extended = priced.reduce((sum, line) => sum + amountsOf(line).extended, 0);
  return {
    ...(product && catalogOf(product)),
    id: item.productId,
    ...(next && { ...optional("newMPN", next.mpn), newId: next.id }),
    quantity: item.quantity,
    extendedPrice: moneyOf(extended, currency),
    ...(item.subscriptionId !== undefined && { subscriptionId: item.subscriptionId }),
    ...productValues(valued, currency),
    ...(item.parameters && { parameters: [...item.parameters] }),
    ...(item.move && showMove(item, item.move)),
  };
}

/** Members that only partial upgrades have (ORD-33). */
const showMove = ({ newProductId }: OrderItem, { type, subscriptionId, isNew }: Move): Partial<OrderProduct> => ({
  ...optional("newProductId", newProductId),
  type,
  ...optional("targetSubscriptionId", subscriptionId),
  newSubscription: {
    ...optional("id", subscriptionId === undefined ? undefined : Number(subscriptionId)),
    ...{ coterming: true, type: isNew ? "NEW" : "EXISTING" },
  },
});

/** The alignment of a subscription's end, as requested or by a rule of the platform. */
const showAlignment = ({ type, subscriptionId }: Alignment): ExpirationAlignment => ({
  alignmentType: type,
  ...optional("subscriptionId", subscriptionId === undefined ? undefined : Number(subscriptionId)),
});

/** Members that rows lack although the schema allows them. */
const MISSING_IN_ROWS = new Set(["poNumber", "details"]);

/** An order as a row of a list: the members of the document's row, without `poNumber` and priced lines. */
export const showRow = (order: OrderRecord): Order => knownMembers("Order", stateOf(order), MISSING_IN_ROWS);

function stateOf(order: OrderRecord): OrderDetails {
  return {
    ...(order.lines.length && { total: moneyOf(totalOf(order.lines), order.currency) }),
    ...order.shown,
    id: order.id,
    ...(order.orderNumber !== undefined && { orderNumber: order.orderNumber }),
    type: order.type,
    customerId: order.customerId,
    creationDate: order.creationDate,
    ...(order.provisioningDate !== undefined && { provisioningDate: order.provisioningDate }),
    status: statusOf(order),
    statusCode: order.statusCode,
  };
}

/** The products and priced lines of an order. Renewals and cancellations have none. */
function contentOf(store: Store, order: Shown): Partial<OrderDetails> {
  if (!order.items.length) return {};
  const valued = valuedItemsOf(store, order);
  return {
    subscriptions: subscriptionValues(valued, order.currency),
    details: order.lines.map((line) => showLine(store, line, order.currency)),
    products: valued.map((item) => showItem(store, order, item)),
  };
}

/** An order with all that the API shows of it. */
export function showOrder(store: Store, order: OrderRecord): OrderDetails {
  const { subscriptionIds, items, alignment } = order;
  const move = items.find((item) => item.move)?.move;
  const subscriptionId = subscriptionIds.length > 1 && !move ? undefined : subscriptionIds[0];
  return {
    ...contentOf(store, order),
    ...(alignment && { alignExpirationDate: showAlignment(alignment) }),
    ...stateOf(order),
    ...(subscriptionId !== undefined && { subscriptionId }),
    ...(move?.subscriptionId !== undefined && { targetSubscriptionId: move.subscriptionId }),
  };
}

/** An estimate: what an order would contain and cost. */
export function showEstimate(store: Store, order: Shown): OrderEstimate {
  const { type, customerId } = order;
  return {
    ...{ type, customerId },
    total: moneyOf(totalOf(order.lines), order.currency),
    ...contentOf(store, order),
  };
}
