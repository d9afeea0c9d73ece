import type { Order, OrderDetail, OrderDetails, OrderEstimate, OrderProduct, Period } from "@imcloud/spec";
import { amountsOf, totalOf } from "../rules/pricing.ts";
import { shown } from "../rules/stages.ts";
import { moneyOf } from "../world/money.ts";
import type { OrderItem, OrderLine, OrderRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";

/** A field, where there is a value for it. */
export const given = <Name extends string, T>(name: Name, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: T };

const RHYTHMS: Readonly<Record<string, string>> = { "1 month": "monthly", "1 year": "yearly" };

function rhythmOf({ type, duration }: Period): string {
  const period = `${duration} ${type}`;
  return RHYTHMS[period] ?? `every ${period}`;
}

function showLine(world: World, line: OrderLine, currency: string): OrderDetail {
  const product = world.products.get(line.productId)?.product;
  const { extended, off, tax } = amountsOf(line);
  const taxAmount = moneyOf(tax, currency);
  const billing = product?.billingPeriod;
  const isSetup = line.kind === "setup";
  return {
    type: line.kind,
    ...given("mpn", product?.mpn),
    productId: line.productId,
    ...(billing && !isSetup && { duration: billing }),
    description: `${product?.name}, ${isSetup ? "setup" : billing ? rhythmOf(billing) : "once"}`,
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

function typeOf(type: OrderRecord["type"]): string {
  return type === "sales" ? "CREATE" : type === "migration" ? "MIGRATION" : "UPGRADE";
}

type Shown = Pick<OrderRecord, "type" | "currency" | "lines" | "items">;

function showItem(world: World, { type, currency, lines }: Shown, item: OrderItem): OrderProduct {
  const product = world.products.get(item.productId)?.product;
  const next = item.newProductId === undefined ? undefined : world.products.get(item.newProductId)?.product;
  const priced = lines.filter(({ productId }) => productId === item.productId || productId === item.newProductId);
  const extended = priced.reduce((sum, line) => sum + amountsOf(line).extended, 0);
  return {
    ...given("mpn", product?.mpn),
    ...given("vendor", product?.vendor),
    id: item.productId,
    ...given("newMPN", next?.mpn),
    ...given("newId", next?.id),
    ...given("billingPeriod", product?.billingPeriod),
    ...given("subscriptionPeriod", product?.subscriptionPeriod),
    ...given("name", product?.name),
    quantity: item.quantity,
    extendedPrice: moneyOf(extended, currency),
    ...given("subscriptionId", item.subscriptionId),
    type: typeOf(type),
    ...given("parameters", item.parameters && [...item.parameters]),
  };
}

/** What the rows of lists have: neither `poNumber` nor products nor details. */
export function showRow(order: OrderRecord): Order {
  const { poNumber: _, billingModel: __, ...said } = order.said;
  return {
    id: order.id,
    ...given("orderNumber", order.orderNumber),
    type: order.type,
    customerId: order.customerId,
    creationDate: order.creationDate,
    ...given("provisioningDate", order.provisioningDate),
    ...(shown[order.stage] as { status: string }),
    ...given("total", order.lines.length ? moneyOf(totalOf(order.lines), order.currency) : undefined),
    ...said,
  };
}

/** The products and priced lines of an order. Renewals and cancellations have none. */
function contentOf(world: World, order: Shown): Partial<OrderDetails> {
  if (!order.items.length) return {};
  return {
    details: order.lines.map((line) => showLine(world, line, order.currency)),
    products: order.items.map((item) => showItem(world, order, item)),
  };
}

export function showOrder(world: World, order: OrderRecord): OrderDetails {
  const [subscriptionId, ...more] = order.subscriptionIds;
  return {
    ...showRow(order),
    ...given("poNumber", order.said.poNumber),
    ...contentOf(world, order),
    ...given("subscriptionId", more.length ? undefined : subscriptionId),
    ...given("billingModel", order.said.billingModel),
  };
}

export function showEstimate(world: World, customerId: string, order: Shown): OrderEstimate {
  return {
    type: order.type,
    customerId,
    total: moneyOf(totalOf(order.lines), order.currency),
    ...contentOf(world, order),
  };
}
