import type { Order, OrderDetail, OrderDetails, OrderEstimate, OrderProduct, Period } from "@imcloud/spec";
import { shown } from "../domain/order-stages.ts";
import { amountsOf, totalOf } from "../domain/pricing.ts";
import { moneyOf } from "../store/money.ts";
import type { OrderItem, OrderLine, OrderRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/** A field, where there is a value for it. */
export const optional = <Name extends string, T>(name: Name, value: T | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: T };

/** A line in words, with the time that it charges for where that is known. */
function describe(name: string, { kind, period }: OrderLine, billing: Period | undefined): string {
  if (kind === "setup") return `${name} Setup`;
  if (!billing) return `${name} One-time`;
  const unit = billing.type.slice(0, 1).toUpperCase() + billing.type.slice(1);
  const term = `${name} Recurring (${billing.duration} ${unit}(s) term)`;
  return period ? `${term} from ${period.from} through ${period.through}` : term;
}

/** The time that a line charges for: in days, where it is a part of a billing period. */
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
    description: describe(String(product?.name), line, billing),
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

type Shown = Pick<OrderRecord, "type" | "currency" | "lines" | "items">;

function showItem(store: Store, { currency, lines }: Shown, item: OrderItem): OrderProduct {
  const product = store.products.get(item.productId)?.product;
  const next = item.newProductId === undefined ? undefined : store.products.get(item.newProductId)?.product;
  const priced = lines.filter(({ productId }) => productId === item.productId || productId === item.newProductId);
  const extended = priced.reduce((sum, line) => sum + amountsOf(line).extended, 0);
  return {
    ...optional("mpn", product?.mpn),
    ...optional("vendor", product?.vendor),
    id: item.productId,
    ...optional("newMPN", next?.mpn),
    ...optional("newId", next?.id),
    ...optional("billingPeriod", product?.billingPeriod),
    ...optional("subscriptionPeriod", product?.subscriptionPeriod),
    ...optional("name", product?.name),
    quantity: item.quantity,
    extendedPrice: moneyOf(extended, currency),
    ...optional("subscriptionId", item.subscriptionId),
    ...optional("parameters", item.parameters && [...item.parameters]),
  };
}

/** What the rows of lists have: neither `poNumber` nor products nor details. */
export function showRow(order: OrderRecord): Order {
  const { poNumber: _, billingModel: __, ...submitted } = order.submitted;
  return {
    id: order.id,
    ...optional("orderNumber", order.orderNumber),
    type: order.type,
    customerId: order.customerId,
    creationDate: order.creationDate,
    ...optional("provisioningDate", order.provisioningDate),
    ...(shown[order.stage] as { status: string }),
    ...optional("total", order.lines.length ? moneyOf(totalOf(order.lines), order.currency) : undefined),
    ...submitted,
  };
}

/** The products and priced lines of an order. Renewals and cancellations have none. */
function contentOf(store: Store, order: Shown): Partial<OrderDetails> {
  if (!order.items.length) return {};
  return {
    details: order.lines.map((line) => showLine(store, line, order.currency)),
    products: order.items.map((item) => showItem(store, order, item)),
  };
}

export function showOrder(store: Store, order: OrderRecord): OrderDetails {
  const [subscriptionId, ...more] = order.subscriptionIds;
  return {
    ...showRow(order),
    ...optional("poNumber", order.submitted.poNumber),
    ...contentOf(store, order),
    ...optional("subscriptionId", more.length ? undefined : subscriptionId),
    ...optional("billingModel", order.submitted.billingModel),
  };
}

export function showEstimate(store: Store, customerId: string, order: Shown): OrderEstimate {
  return {
    type: order.type,
    customerId,
    total: moneyOf(totalOf(order.lines), order.currency),
    ...contentOf(store, order),
  };
}
