import { checkOptions, must, type Rules } from "@imcloud/options";
import type { SyncStore } from "../store/store.ts";
import { isDateUntil } from "../tables/dates.ts";

/** A subscription that renews or ends soon. */
export interface DueRow {
  /** The day, `2026-12-31`. */
  day: string;
  action: "renews" | "ends";
  subscriptionId: string;
  subscriptionName: string | undefined;
  customerId: string;
  customerName: string | undefined;
  /** The charge at each billing; `undefined` if the API has no price. */
  price: { currency: string; amount: string } | undefined;
}

/** A customer's units of a product in all active subscriptions. */
export interface SeatsRow {
  customerId: string;
  customerName: string | undefined;
  productId: string;
  mpn: string | undefined;
  productName: string | undefined;
  seats: number;
  subscriptions: number;
}

/** The yearly price, cost and margin of a customer's active subscriptions, at today's prices, costs and seats. */
export interface MarginRow {
  customerId: string;
  customerName: string | undefined;
  currency: string;
  yearlyPrice: number;
  yearlyCost: number;
  yearlyMargin: number;
  /** The margin in percent of the price; `undefined` if the price is 0. */
  marginPercent: number | undefined;
}

/** Options of {@link due}. */
export interface DueOptions {
  /** Days from today, up to 36,500. Overdue subscriptions are included. */
  within: number;
  /** Only subscriptions of this customer. */
  customerId?: string | undefined;
  /**
   * A time of today.
   * @defaultValue now, in UTC
   */
  today?: Date | undefined;
}

const DUE_RULES: Rules<DueOptions> = {
  within: must("days from 0 to 36500", (days: number) => Number.isFinite(days) && days >= 0 && days <= 36_500),
  customerId: must("a string that is not empty", (id: string) => typeof id === "string" && /^[^\0]+$/.test(id)),
  today: must("a date of the years 1 to 9899", (date: Date) => isDateUntil(date, 9_899)),
};

const DAY = 86_400_000;

type Row = Record<string, unknown>;

const optional = (value: unknown): string | undefined =>
  value === null || value === undefined ? undefined : String(value);

/** Formats an engine's day: text, or a Date at local midnight, as `pg` returns it. */
function dayText(value: unknown): string {
  if (!(value instanceof Date)) return String(value).slice(0, 10);
  const [year, month, day] = [value.getFullYear(), value.getMonth() + 1, value.getDate()];
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

/** Formats a decimal with at least two places, as the API does. */
const amountText = (value: unknown): string => {
  const [whole, fraction = ""] = String(value).split(".");
  return `${whole}.${fraction.replace(/(?<!0)0+$/, "").padEnd(2, "0")}`;
};

async function rowsOf(store: SyncStore, select: (prefix: string) => string, parameters: string[] = []): Promise<Row[]> {
  await store.migrate();
  return store.query<Row>(select(store.internals.prefix), parameters);
}

/**
 * Subscriptions that renew or end within some days, the soonest first: the view `due`.
 * @throws {@link TypeError} when an option is unknown or not of its kind
 */
export async function due(store: SyncStore, options: DueOptions): Promise<DueRow[]> {
  checkOptions(DUE_RULES, options, "due", ["within"]);
  const { within, customerId, today = new Date() } = options;
  const last = new Date(today.getTime() + within * DAY).toISOString().slice(0, 10);
  const { dialect } = store.internals;
  const rows = await rowsOf(
    store,
    (prefix) =>
      `SELECT * FROM ${prefix}due WHERE day <= ${dialect.parameter("date", 1)}
       ${customerId === undefined ? "" : "AND customer_id = $2"} ORDER BY day, subscription_id`,
    [last, ...(customerId === undefined ? [] : [customerId])],
  );
  return rows.map((row) => ({
    day: dayText(row.day),
    action: row.action as DueRow["action"],
    subscriptionId: String(row.subscription_id),
    subscriptionName: optional(row.subscription_name),
    customerId: String(row.customer_id),
    customerName: optional(row.customer_name),
    price: row.currency ? { currency: String(row.currency), amount: amountText(row.price) } : undefined,
  }));
}

/** Seats by customer and product: the view `seats`. */
export async function seats(store: SyncStore): Promise<SeatsRow[]> {
  const rows = await rowsOf(store, (prefix) => `SELECT * FROM ${prefix}seats ORDER BY customer_id, product_id`);
  return rows.map((row) => ({
    customerId: String(row.customer_id),
    customerName: optional(row.customer_name),
    productId: String(row.product_id),
    mpn: optional(row.mpn),
    productName: optional(row.product_name),
    seats: Number(row.seats),
    subscriptions: Number(row.subscriptions),
  }));
}

/** Price, cost and margin of a year by customer and currency, the largest margin first: the view `margins`. */
export async function margins(store: SyncStore): Promise<MarginRow[]> {
  const rows = await rowsOf(
    store,
    (prefix) => `SELECT * FROM ${prefix}margins ORDER BY yearly_margin DESC, customer_id, currency`,
  );
  return rows.map((row) => ({
    customerId: String(row.customer_id),
    customerName: optional(row.customer_name),
    currency: String(row.currency),
    yearlyPrice: Number(row.yearly_price),
    yearlyCost: Number(row.yearly_cost),
    yearlyMargin: Number(row.yearly_margin),
    marginPercent: row.margin_percent === null ? undefined : Number(row.margin_percent),
  }));
}
