import { checkOptions, must, oneOf, type Rules } from "@imcloud/options";
import { type Document, fromJson } from "../store/documents.ts";
import type { SyncStore } from "../store/store.ts";
import { isDateUntil } from "../tables/dates.ts";
import { type Amount, amountText, roundedAmountOf, total } from "./amounts.ts";
import { type Charged, type InvoiceLine, type ReportLine, readLines } from "./report-lines.ts";

/** Options of {@link reconcile}. */
export interface ReconcileOptions {
  /** The tables of a sync. */
  from: SyncStore;
  /** The rows of an invoice report in its full view, by the names of its columns. */
  lines: readonly ReportLine[];
  /**
   * The period of the report's orders. With it, orders that are missing in the report are found.
   * @defaultValue none
   */
  period?: { from: Date; to: Date } | undefined;
  /**
   * Whose charges of the report: its columns that begin with `CUSTOMER_`, or with `RESELLER_`.
   * @defaultValue `customer`
   */
  charged?: Charged | undefined;
  /**
   * The prices of orders that a charge is compared with. Lines of orders have two, and the vendor does not say whose each is (decision 20 of
   * the document). With `salesUnitPrice`, a line without it is taken at its `unitPrice`.
   * @defaultValue `unitPrice`, of which an order's `total` is made
   */
  prices?: OrderPrices | undefined;
}

/** The two prices that a line of an order has. */
export type OrderPrices = "unitPrice" | "salesUnitPrice";

/** Why an invoice differs. */
export type DifferenceKind =
  /** The report has an invoice that no order is known for. */
  | "unknownInvoice"
  /** A completed order of the period is in no invoice. */
  | "notInvoiced"
  /** A line that is there twice. */
  | "duplicate"
  /** A line that the order does not have. */
  | "lineAdded"
  /** A line of the order that the report does not have. */
  | "lineMissing"
  | "quantity"
  | "unitPrice"
  /** Proration, discount, or rounding: what the line comes to without tax, at the same quantity and price. */
  | "net"
  | "tax"
  /** The order's total differs, and it has no lines to say where: renewals and cancellations have none. */
  | "total";

/** A part of the difference between report and orders. */
export interface Difference {
  kind: DifferenceKind;
  invoice: string;
  customerId: string;
  /** Empty where neither report nor order names one. */
  subscriptionId: string;
  /** The order's. Of an invoice without a known order, the reseller's account's: no known column has that of the customer. */
  currency: string;
  /** What the report has more, to the cent; negative for less. */
  amount: string;
  /** In words. */
  reason: string;
}

/** A line of a report that matches its order, but not its subscription. */
export interface Remark {
  kind: "unknownSubscription" | "billedAfterEnd";
  invoice: string;
  subscriptionId: string;
  reason: string;
}

/** What the report comes to, and what the orders. */
export interface ReconciledTotal {
  currency: string;
  report: string;
  orders: string;
  /** What the report has more. The amounts of the differences come to exactly this. */
  difference: string;
}

/** A report reconciled with orders and subscriptions. */
export interface Reconciliation {
  totals: ReconciledTotal[];
  differences: Difference[];
  remarks: Remark[];
}

const RULES: Rules<ReconcileOptions> = {
  from: must("the tables of a sync", (store: SyncStore) => store?.internals),
  lines: must("a list of rows", (lines) => Array.isArray(lines)),
  period: must("{ from, to } with two dates of the years 1 to 9999, the earlier one first", (period) => {
    const { from, to } = (period ?? {}) as NonNullable<ReconcileOptions["period"]>;
    return isDateUntil(from, 9_999) && isDateUntil(to, 9_999) && from <= to;
  }),
  charged: oneOf("customer", "reseller"),
  prices: oneOf("unitPrice", "salesUnitPrice"),
};

/** The parts of an order that are compared. */
interface KeptOrder {
  number: string;
  customerId: string;
  subscriptionId: string;
  currency: string;
  total: Amount;
  lines: OrderLine[];
}

/** A line with the currency that the customer is charged in: that of its order, or the account's without a known order. */
interface BilledLine extends InvoiceLine {
  currency: string;
}

interface OrderLine {
  mpn: string;
  quantity: string;
  unitPrice: Amount | undefined;
  /** What it has besides, and was not asked for. */
  otherPrice: { name: OrderPrices; amount: Amount } | undefined;
  net: Amount;
  tax: Amount;
}

type Money = { currency?: string; amount?: string } | null | undefined;

/** A difference whose amount is not yet formatted as text. */
type Found = Omit<Difference, "amount"> & { amount: Amount };

/** The members of a line by the prices that are asked for. */
const MEMBERS = {
  unitPrice: { unit: "unitPrice", extended: "extendedPrice", discount: "discount", tax: "taxAmount" },
  salesUnitPrice: {
    ...{ unit: "salesUnitPrice", extended: "salesExtendedPrice", discount: "salesDiscount", tax: "salesTaxAmount" },
  },
} as const;

const amountIn = (value: unknown): Amount | undefined => roundedAmountOf((value as Money)?.amount);

function lineOf(detail: Record<string, unknown>, prices: OrderPrices): OrderLine {
  const asked = detail[MEMBERS[prices].unit] ? prices : "unitPrice";
  const { unit, extended, discount, tax } = MEMBERS[asked];
  const other = asked === "unitPrice" ? "salesUnitPrice" : "unitPrice";
  const amount = amountIn(detail[other]);
  return {
    mpn: String(detail.mpn ?? ""),
    quantity: String(detail.quantity ?? ""),
    unitPrice: amountIn(detail[unit]),
    otherPrice: amount === undefined ? undefined : { name: other, amount },
    net: (amountIn(detail[extended]) ?? 0n) - (amountIn(detail[discount]) ?? 0n),
    tax: amountIn(detail[tax]) ?? 0n,
  };
}

function orderOf(document: Document, prices: OrderPrices): KeptOrder {
  const {
    id,
    orderNumber,
    customerId,
    subscriptionId,
    total: money,
    details,
  } = document as {
    [Name in "id" | "orderNumber" | "customerId" | "subscriptionId"]?: string | null;
  } & { total?: Money; details?: unknown };
  // The platform can send what the document does not expect.
  const all = Array.isArray(details) ? details.filter((detail) => typeof detail === "object" && detail !== null) : [];
  const lines = all.map((detail: Record<string, unknown>) => lineOf(detail, prices));
  // An order's total is of its unit prices.
  const isOfLines = prices === "salesUnitPrice" && all.some((detail) => detail.salesUnitPrice);
  return {
    ...{
      number: String(orderNumber ?? id),
      customerId: String(customerId ?? ""),
      subscriptionId: subscriptionId ?? "",
    },
    ...{ currency: String(money?.currency ?? "").toUpperCase(), lines },
    total: isOfLines ? total(lines.map(({ net, tax }) => net + tax)) : (amountIn(money) ?? 0n),
  };
}

/** How a line of the report differs from the line of the order: each part with its amount, and together all of it. */
function partsOf(line: InvoiceLine, order: OrderLine): [kind: DifferenceKind, amount: Amount, reason: string][] {
  const parts: [DifferenceKind, Amount, string][] = [];
  const net = line.net - order.net;
  const [billed, ordered] = [Number(line.quantity), Number(order.quantity)];
  const isOtherUnits = Number.isFinite(billed - ordered) && billed !== ordered && ordered !== 0;
  if (net !== 0n && isOtherUnits) {
    // The cost of the extra or missing units, at the order's price and proration. The rest of the difference comes from the price.
    const byUnits = BigInt(Math.round((Number(order.net) * (billed - ordered)) / ordered));
    const isAll = line.unitPrice === order.unitPrice;
    parts.push([
      "quantity",
      isAll ? net : byUnits,
      `${line.mpn}: ${billed} units are billed, and ${ordered} were ordered.`,
    ]);
    if (!isAll && net !== byUnits) parts.push(["unitPrice", net - byUnits, priceReason(line, order)]);
  } else if (net !== 0n && line.unitPrice !== order.unitPrice) {
    parts.push(["unitPrice", net, priceReason(line, order)]);
  } else if (net !== 0n) {
    const [has, wants] = [amountText(line.net), amountText(order.net)];
    parts.push([
      "net",
      net,
      `${line.mpn}: ${has} without tax is billed, and ${wants} was ordered, for the same units and price.`,
    ]);
  }
  const tax = line.total - line.net - order.tax;
  if (tax !== 0n) {
    const [has, wants] = [amountText(line.total - line.net), amountText(order.tax)];
    parts.push(["tax", tax, `${line.mpn}: ${has} of tax is billed, and ${wants} was ordered.`]);
  }
  return parts;
}

const priceReason = (line: InvoiceLine, { unitPrice, otherPrice }: OrderLine): string => {
  const text = (amount: Amount | undefined) => (amount === undefined ? "none" : amountText(amount));
  const other =
    otherPrice && line.unitPrice === otherPrice.amount
      ? ` That is the order's ${otherPrice.name}: reconcile by it.`
      : "";
  return `${line.mpn}: a unit is billed at ${text(line.unitPrice)}, and was ordered at ${text(unitPrice)}.${other}`;
};

/** Two lines with the same key are duplicates. */
const duplicateKeyOf = ({ mpn, type, description, from, quantity, net, total: all, subscriptionId }: InvoiceLine) =>
  JSON.stringify([mpn, type, description, from, quantity, String(net), String(all), subscriptionId]);

/** Takes the line of an order that fits best: the same amount, else the same units, else the same product. */
function takeLine(lines: OrderLine[], { mpn, quantity, net }: InvoiceLine): OrderLine | undefined {
  const same = lines.filter((line) => line.mpn === mpn);
  const found =
    same.find((line) => line.net === net && Number(line.quantity) === Number(quantity)) ??
    same.find((line) => Number(line.quantity) === Number(quantity)) ??
    same[0];
  if (found) lines.splice(lines.indexOf(found), 1);
  return found;
}

/** Compares the lines of an invoice with its order. They are in the order's currency. */
function compare(invoice: string, lines: readonly InvoiceLine[], order: KeptOrder): Found[] {
  const { customerId, subscriptionId, currency } = order;
  const found = (kind: DifferenceKind, amount: Amount, reason: string): Found => ({
    ...{ kind, invoice, customerId, subscriptionId, currency, amount, reason },
  });
  const difference = total(lines.map((line) => line.total)) - order.total;
  const detailed = total(order.lines.map(({ net, tax }) => net + tax));
  const left = [...order.lines];
  const counts = new Map<string, number>();
  const differences: Found[] = [];
  for (const line of lines) {
    const mark = duplicateKeyOf(line);
    const times = (counts.get(mark) ?? 0) + 1;
    counts.set(mark, times);
    const of = takeLine(left, line);
    if (of) differences.push(...partsOf(line, of).map((part) => found(...part)));
    else if (times > 1)
      differences.push(found("duplicate", line.total, `${line.description} is billed ${times} times.`));
    else if (order.lines.length)
      differences.push(found("lineAdded", line.total, `${line.description} is billed, and is not in the order.`));
  }
  for (const { mpn, net, tax } of left) {
    differences.push(found("lineMissing", -net - tax, `${mpn} is in the order, and not billed.`));
  }
  const rest = difference - total(differences.map(({ amount }) => amount));
  if (rest !== 0n) {
    const [has, wants] = [amountText(total(lines.map((line) => line.total))), amountText(order.total)];
    const why = detailed === order.total ? "" : " The order's own lines do not come to its total.";
    differences.push(
      found("total", rest, `${has} is billed, and the order comes to ${wants}.${order.lines.length ? why : ""}`),
    );
  }
  return differences;
}

const KEPT_AT_ONCE = 200;

/** Groups lines by a key. Node 20 does not have `Map.groupBy`. */
function groupBy<Line extends InvoiceLine>(lines: readonly Line[], keyOf: (line: Line) => string): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return groups;
}

/** The orders that invoices name, and those of a period. */
async function ordersOf(
  { internals: { prefix, dialect }, query }: SyncStore,
  numbers: readonly string[],
  period: ReconcileOptions["period"],
  prices: OrderPrices,
): Promise<KeptOrder[]> {
  const documents: Document[] = [];
  for (let at = 0; at < numbers.length; at += KEPT_AT_ONCE) {
    const some = numbers.slice(at, at + KEPT_AT_ONCE);
    const places = some.map((_, index) => `$${index + 1}`).join(", ");
    const rows = await query<{ document: unknown }>(
      `SELECT document FROM ${prefix}orders WHERE order_number IN (${places})`,
      some,
    );
    documents.push(...rows.map(({ document }) => fromJson(document) as Document));
  }
  if (period) {
    const [from, to] = [dialect.parameter("timestamp", 1), dialect.parameter("timestamp", 2)];
    const rows = await query<{ document: unknown }>(
      `SELECT document FROM ${prefix}orders
       WHERE status = 'completed' AND creation_date >= ${from} AND creation_date <= ${to} ORDER BY creation_date, id`,
      [period.from.toISOString(), period.to.toISOString()],
    );
    documents.push(...rows.map(({ document }) => fromJson(document) as Document));
  }
  const orders = documents.map((document) => orderOf(document, prices));
  return [...new Map(orders.map((order) => [order.number, order])).values()];
}

/** The lines of unknown subscriptions, and of subscriptions that were charged for after their end. */
async function remarksOn(
  { internals: { prefix }, query }: SyncStore,
  lines: readonly InvoiceLine[],
): Promise<Remark[]> {
  const named = lines.filter(({ subscriptionId }) => /^\d+$/.test(subscriptionId));
  const ids = [...new Set(named.map(({ subscriptionId }) => subscriptionId))];
  const kept = new Map<string, Document>();
  for (let at = 0; at < ids.length; at += KEPT_AT_ONCE) {
    const some = ids.slice(at, at + KEPT_AT_ONCE);
    const places = some.map((_, index) => `$${index + 1}`).join(", ");
    const rows = await query<{ id: string; document: unknown }>(
      `SELECT id, document FROM ${prefix}subscriptions WHERE id IN (${places})`,
      some,
    );
    for (const { id, document } of rows) kept.set(id, fromJson(document) as Document);
  }
  const remarks = named.flatMap(({ invoice, subscriptionId, from, description }): Remark[] => {
    const subscription = kept.get(subscriptionId);
    const at = { invoice, subscriptionId };
    if (!subscription) {
      return [{ kind: "unknownSubscription", ...at, reason: `Subscription ${subscriptionId} is not in the tables.` }];
    }
    const { status, expirationDate } = subscription as { status?: string; expirationDate?: string };
    const isOver = status === "terminated" || status === "removed";
    if (!isOver || !expirationDate || from <= expirationDate) return [];
    const reason = `Subscription ${subscriptionId} is ${status} since ${expirationDate}, and ${description} is billed from ${from} on.`;
    return [{ kind: "billedAfterEnd", ...at, reason }];
  });
  return [...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values()];
}

/**
 * Reconciles an invoice report with the orders and subscriptions in the tables: the amounts charged, with tax. Each difference has a
 * reason, and together they add up to the difference of the totals, to the cent.
 * @throws {@link TypeError} when the report is not a full view, or an option has a wrong type
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  checkOptions(RULES, options, "reconcile", ["from", "lines"]);
  const { from, period, charged = "customer", prices = "unitPrice" } = options;
  const lines = readLines(options.lines, charged);
  await from.migrate();
  const invoices = groupBy(lines, ({ invoice }) => invoice);
  const orders = (await ordersOf(from, [...invoices.keys()], period, prices)).map((order) => ({
    ...order,
    currency: order.currency || (invoices.get(order.number)?.[0]?.accountCurrency ?? ""),
  }));
  const byNumber = new Map(orders.map((order) => [order.number, order]));
  const billed = lines.map((line) => ({
    ...line,
    currency: byNumber.get(line.invoice)?.currency ?? line.accountCurrency,
  }));
  const differences: Found[] = [];
  for (const [invoice, own] of groupBy(billed, (line) => line.invoice)) {
    const order = byNumber.get(invoice);
    if (order) {
      differences.push(...compare(invoice, own, order));
      continue;
    }
    // Amounts of different currencies cannot be added.
    for (const [currency, some] of groupBy(own, (line) => line.currency)) {
      const [{ customerId, subscriptionId }] = some as [BilledLine];
      const amount = total(some.map((line) => line.total));
      const reason = `Invoice ${invoice} of ${some.length} lines is billed, and no such order is in the tables.`;
      differences.push({ kind: "unknownInvoice", invoice, customerId, subscriptionId, currency, amount, reason });
    }
  }
  for (const { number, customerId, subscriptionId, currency, total: amount } of orders) {
    if (invoices.has(number) || amount === 0n) continue;
    const reason = `Order ${number} is completed, and in no invoice of the report.`;
    const at = { invoice: number, customerId, subscriptionId, currency };
    differences.push({ kind: "notInvoiced", ...at, amount: -amount, reason });
  }
  return {
    totals: totalsOf(billed, orders),
    differences: differences.map(({ amount, ...rest }) => ({ ...rest, amount: amountText(amount) })),
    remarks: await remarksOn(from, lines),
  };
}

function totalsOf(lines: readonly BilledLine[], orders: readonly KeptOrder[]): ReconciledTotal[] {
  const currencies = [...new Set([...lines, ...orders].map(({ currency }) => currency))].sort();
  return currencies.flatMap((currency) => {
    const report = total(lines.filter((line) => line.currency === currency).map((line) => line.total));
    const kept = total(orders.filter((order) => order.currency === currency).map((order) => order.total));
    if (currency === "" && report === 0n && kept === 0n) return [];
    return [
      {
        ...{ currency, report: amountText(report), orders: amountText(kept) },
        difference: amountText(report - kept),
      },
    ];
  });
}
