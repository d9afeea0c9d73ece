import type { Customer, Product, Report, Reseller } from "@imcloud/spec";
import { descriptionOf } from "../domain/orders/line-description.ts";
import { amountsOf, unitCostAt } from "../domain/orders/quotes/pricing.ts";
import { dateOf, timeOf } from "../store/dates.ts";
import type { Cents } from "../store/money.ts";
import type { OrderLine, OrderRecord, SubscriptionRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/** The charge of one account for a line. */
export interface Charge {
  unit: Cents;
  /** Without tax. */
  net: Cents;
  /** With tax. */
  total: Cents;
  /** The total of the invoice, with tax. */
  invoice: Cents;
}

/** A line of an order with the reseller's and the customer's charge. */
export interface RatedLine {
  order: OrderRecord;
  line: OrderLine;
  /** The order's description of the line, with its period. */
  description: string;
  firstDay: string;
  lastDay: string;
  product: Product | undefined;
  customer: Customer | undefined;
  reseller: Reseller | undefined;
  /** Whether the reseller is directly below the provider. */
  isFirstLevel: boolean;
  subscription: SubscriptionRecord | undefined;
  vendorSubscriptionId: string | undefined;
  resellerCharge: Charge;
  customerCharge: Charge;
}

/** The line at the reseller's price: the product's cost. */
function atCost(store: Store, line: OrderLine): OrderLine {
  const product = store.products.get(line.productId);
  return product && line.kind !== "setup"
    ? { ...line, unit: unitCostAt(product, Math.abs(line.units)), discount: 0 }
    : line;
}

function chargeOf(line: OrderLine, all: readonly OrderLine[]): Charge {
  const { extended, off, total } = amountsOf(line);
  const invoice = all.reduce((sum, other) => sum + amountsOf(other).total, 0);
  return { unit: line.unit, net: extended - off, total, invoice };
}

/** The charged days of a line, or else the day of the order. */
function daysOf(order: OrderRecord, { period }: OrderLine) {
  const day = dateOf(order.createdAt);
  return { firstDay: period?.from ?? day, lastDay: period?.through ?? day };
}

function rated(store: Store, order: OrderRecord): RatedLine[] {
  const customer = store.customers.get(order.customerId)?.customer;
  const record = store.resellers.get(String(customer?.resellerId));
  const { reseller } = record ?? {};
  const isFirstLevel = record?.parentId === undefined;
  const subscription = store.subscriptions.get(String(order.subscriptionIds[0]));
  const costs = order.lines.map((line) => atCost(store, line));
  return order.lines.map((line, place) => {
    const product = store.products.get(line.productId)?.product;
    const sold = subscription?.products.find(({ productId }) => productId === line.productId);
    return {
      ...{ order, line, ...daysOf(order, line), product, customer, reseller, isFirstLevel },
      subscription,
      description: descriptionOf(String(product?.name ?? line.productId), line, product?.billingPeriod),
      vendorSubscriptionId: sold?.vendorSubscriptionId,
      resellerCharge: chargeOf(costs[place] ?? line, costs),
      customerCharge: chargeOf(line, order.lines),
    };
  });
}

/** The lines of all orders completed in a report's period, oldest first. */
export function* ratedLinesOf(
  store: Store,
  { startDate, endDate, creationDate }: Omit<Report, "downloadUrl">,
): Generator<RatedLine, void, undefined> {
  const from = timeOf(startDate);
  const to = Math.min(...[endDate, creationDate].map((time) => (time === undefined ? store.time : timeOf(time))));
  // Collects the orders at once, as others may be placed while the lines are read.
  const orders: OrderRecord[] = [];
  for (const order of store.orders.newestFirst()) {
    if (order.createdAt < from) break;
    if (order.createdAt <= to && order.statusCode === "CP") orders.push(order);
  }
  for (const order of orders.reverse()) yield* rated(store, order);
}
