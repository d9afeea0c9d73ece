import { type Amount, amountOf } from "./amounts.ts";

/** A row of an invoice report in its full view, by the names of its columns (FLD-19). */
export type ReportLine = Readonly<Record<string, unknown>>;

/** A line of a report as it is reconciled with orders and subscriptions. */
export interface InvoiceLine {
  invoice: string;
  /** What the reseller pays in (REP-08). No known column has what its customers pay in. */
  accountCurrency: string;
  customerId: string;
  /** Empty where the line names none. */
  subscriptionId: string;
  mpn: string;
  type: string;
  description: string;
  /** The day on which the period begins that it charges. */
  from: string;
  quantity: string;
  unitPrice: Amount | undefined;
  net: Amount;
  total: Amount;
}

/** The columns that are read. */
const COLUMNS = [
  "CUSTOMER_INVOICE_NUMBER",
  "RESELLER_ACCOUNT_CURRENCY",
  "CUSTOMER_ACCOUNT_ID",
  "SUBSCRIPTION_ID",
  "CUSTOMER_RESOURCE_MPN",
  "CUSTOMER_DETAIL_TYPE",
  "CUSTOMER_DETAIL_DESCRIPTION",
  "CUSTOMER_DETAIL_START_DATE",
  "CUSTOMER_DETAIL_QTY",
  "CUSTOMER_DETAIL_UNIT_PRICE",
  "CUSTOMER_DETAIL_NET_TOTAL",
  "CUSTOMER_DETAIL_TOTAL",
] as const;

type Column = (typeof COLUMNS)[number];

function required(line: ReportLine, column: Column, place: number): Amount {
  const amount = amountOf(line[column]);
  if (amount !== undefined) return amount;
  throw new TypeError(`${column} of line ${place + 1} must be an amount; got ${JSON.stringify(line[column])}.`);
}

/**
 * Reads the lines of a report.
 * @throws {@link TypeError} when it is not a full view, or an amount is none
 */
export function readLines(lines: readonly ReportLine[]): InvoiceLine[] {
  const [first] = lines;
  const missing = first ? COLUMNS.filter((column) => !(column in first)) : [];
  if (missing.length) {
    throw new TypeError(`The report has no ${missing.join(", ")}. Run it in its full view, and read it with its head.`);
  }
  return lines.map((line, place) => {
    const text = (column: Column) =>
      String(line[column] ?? "")
        // PostgreSQL takes none where it looks for a number.
        .replaceAll("\0", "")
        .trim();
    return {
      invoice: text("CUSTOMER_INVOICE_NUMBER"),
      accountCurrency: text("RESELLER_ACCOUNT_CURRENCY").toUpperCase(),
      customerId: text("CUSTOMER_ACCOUNT_ID"),
      subscriptionId: text("SUBSCRIPTION_ID"),
      mpn: text("CUSTOMER_RESOURCE_MPN"),
      type: text("CUSTOMER_DETAIL_TYPE"),
      description: text("CUSTOMER_DETAIL_DESCRIPTION"),
      from: text("CUSTOMER_DETAIL_START_DATE").slice(0, 10),
      quantity: text("CUSTOMER_DETAIL_QTY"),
      unitPrice: amountOf(line.CUSTOMER_DETAIL_UNIT_PRICE),
      net: required(line, "CUSTOMER_DETAIL_NET_TOTAL", place),
      total: required(line, "CUSTOMER_DETAIL_TOTAL", place),
    };
  });
}
