import { type Amount, amountOf } from "./amounts.ts";

/** A row of an invoice report in its full view, keyed by column name (FLD-19). */
export type ReportLine = Readonly<Record<string, unknown>>;

/** A line of a report, with the fields that are reconciled with orders and subscriptions. */
export interface InvoiceLine {
  invoice: string;
  /** The currency in which the reseller pays (REP-08). No known column has the currency in which its customers pay. */
  accountCurrency: string;
  customerId: string;
  /** Empty when the line has none. */
  subscriptionId: string;
  mpn: string;
  type: string;
  description: string;
  /** The first day of the billing period. */
  from: string;
  quantity: string;
  unitPrice: Amount | undefined;
  net: Amount;
  total: Amount;
}

/** Who is charged: the full view has the charges of both side by side. */
export type Charged = "customer" | "reseller";

/** The columns that are read of each line. */
const COLUMNS = ["RESELLER_ACCOUNT_CURRENCY", "CUSTOMER_ACCOUNT_ID", "SUBSCRIPTION_ID"] as const;

/** The columns that there are of a charge, behind the name of who is charged. */
const CHARGE_COLUMNS = [
  "INVOICE_NUMBER",
  "RESOURCE_MPN",
  "DETAIL_TYPE",
  "DETAIL_DESCRIPTION",
  "DETAIL_START_DATE",
  "DETAIL_QTY",
  "DETAIL_UNIT_PRICE",
  "DETAIL_NET_TOTAL",
  "DETAIL_TOTAL",
] as const;

type Column = (typeof COLUMNS)[number] | `${Uppercase<Charged>}_${(typeof CHARGE_COLUMNS)[number]}`;

function required(line: ReportLine, column: Column, place: number): Amount {
  const amount = amountOf(line[column]);
  if (amount !== undefined) return amount;
  throw new TypeError(`${column} of line ${place + 1} must be an amount; got ${JSON.stringify(line[column])}.`);
}

/**
 * Reads the lines of a report.
 * @param charged whose charges
 * @throws {@link TypeError} when the report is not in full view, or an amount is not a number
 */
export function readLines(lines: readonly ReportLine[], charged: Charged): InvoiceLine[] {
  const [first] = lines;
  const account = charged.toUpperCase() as Uppercase<Charged>;
  const of = (name: (typeof CHARGE_COLUMNS)[number]): Column => `${account}_${name}`;
  const columns: Column[] = [...CHARGE_COLUMNS.map(of), ...COLUMNS];
  const missing = first ? columns.filter((column) => !(column in first)) : [];
  if (missing.length) {
    throw new TypeError(`The report has no ${missing.join(", ")}. Run it in its full view, and read it with its head.`);
  }
  return lines.map((line, place) => {
    const text = (column: Column) =>
      String(line[column] ?? "")
        // PostgreSQL refuses the character 0 in text.
        .replaceAll("\0", "")
        .trim();
    return {
      invoice: text(of("INVOICE_NUMBER")),
      accountCurrency: text("RESELLER_ACCOUNT_CURRENCY").toUpperCase(),
      customerId: text("CUSTOMER_ACCOUNT_ID"),
      subscriptionId: text("SUBSCRIPTION_ID"),
      mpn: text(of("RESOURCE_MPN")),
      type: text(of("DETAIL_TYPE")),
      description: text(of("DETAIL_DESCRIPTION")),
      from: text(of("DETAIL_START_DATE")).slice(0, 10),
      quantity: text(of("DETAIL_QTY")),
      unitPrice: amountOf(line[of("DETAIL_UNIT_PRICE")]),
      net: required(line, of("DETAIL_NET_TOTAL"), place),
      total: required(line, of("DETAIL_TOTAL"), place),
    };
  });
}
