import type { Report } from "@imcloud/spec";
import { amountsOf } from "../domain/pricing.ts";
import { timeOf } from "../store/dates.ts";
import type { OrderLine, OrderRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";

/** A rated line of a report. Amounts are decimals with four places, as invoices are checked by them. */
export interface ReportRow {
  orderId: string;
  orderNumber: string;
  orderType: string;
  creationDate: string;
  customerId: string;
  customerName: string;
  poNumber: string;
  subscriptionId: string;
  mpn: string;
  product: string;
  lineType: string;
  quantity: number;
  unitPrice: string;
  discount: string;
  net: string;
  tax: string;
  total: string;
  currency: string;
}

export const columns = [
  ...[
    "orderId",
    "orderNumber",
    "orderType",
    "creationDate",
    "customerId",
    "customerName",
    "poNumber",
    "subscriptionId",
  ],
  ...["mpn", "product", "lineType", "quantity", "unitPrice", "discount", "net", "tax", "total", "currency"],
] as readonly (keyof ReportRow)[];

const decimal = (cents: number) => (cents / 100).toFixed(4);

function rowOf(store: Store, order: OrderRecord, line: OrderLine): ReportRow {
  const { extended, off, tax, total } = amountsOf(line);
  const product = store.products.get(line.productId)?.product;
  return {
    orderId: order.id,
    orderNumber: order.orderNumber ?? "",
    orderType: order.type,
    creationDate: order.creationDate,
    customerId: order.customerId,
    customerName: store.customers.get(order.customerId)?.customer.name ?? "",
    poNumber: order.submitted.poNumber ?? "",
    subscriptionId: order.subscriptionIds.join(" "),
    mpn: product?.mpn ?? "",
    product: product?.name ?? "",
    lineType: line.kind,
    quantity: line.units,
    unitPrice: decimal(line.unit),
    discount: decimal(off),
    net: decimal(extended - off),
    tax: decimal(tax),
    total: decimal(total),
    currency: order.currency,
  };
}

/** The lines of the completed orders of a report's period, oldest first, as they were when it was made. */
export function rowsOf(store: Store, { startDate, endDate, creationDate }: Omit<Report, "downloadUrl">): ReportRow[] {
  const from = timeOf(startDate);
  const to = Math.min(...[endDate, creationDate].map((time) => (time === undefined ? store.time : timeOf(time))));
  const rows: ReportRow[] = [];
  for (const order of store.orders.newestFirst()) {
    if (order.createdAt < from) break;
    if (order.createdAt > to || order.stage !== "completed") continue;
    for (const line of order.lines.toReversed()) rows.push(rowOf(store, order, line));
  }
  return rows.reverse();
}
