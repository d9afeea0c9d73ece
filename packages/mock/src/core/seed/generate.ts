import { orderNumberOf } from "../domain/orders.ts";
import { vendorSubscriptionIdOf } from "../domain/subscriptions.ts";
import { after, DAY, dateOf, MINUTE, timeOf, timestampOf } from "../store/dates.ts";
import { uuidOf } from "../store/ids.ts";
import { Random } from "../store/random.ts";
import type { CustomerRecord, OrderRecord, ProductRecord, ReportRecord } from "../store/records.ts";
import { catalogRows } from "./catalog.ts";
import { customerFor, resellerFor, uniqueNames } from "./companies.ts";
import { type Rows, START, smallRows } from "./examples.ts";
import { type History, historyOf, saleTime, scheduledChange } from "./histories.ts";
import { oddSubscriptions } from "./oddities.ts";

/** How much there is of everything. */
export interface DatasetSize {
  resellers: number;
  customers: number;
  subscriptions: number;
}

/** Years that the history of a store reaches back. */
const YEARS = 5;
/** Months of which there are reports: files are kept for 90 days (REP-01). */
const REPORT_MONTHS = 3;

/** Numbers of generated things end below those of the document's examples, which are in every store. */
const LAST = { resellers: 1_000_009, customers: 1_002_100, subscriptions: 700_400, orders: 900_300 };

/** What is set up in the platform, and made of each month on the first of the next. */
const SET_UP = [
  { name: "Every Invoice - Full View", type: "on_invoice", format: "XLSX" },
  { name: "Every Invoice - Full View", type: "on_invoice", format: "CSV" },
  { name: "Subscription Resources", type: "periodic", format: "CSV" },
] as const;

/** The reports of the months whose files are still kept (FLD-18, REP-07, REP-12). */
function reportsOfMonths(): ReportRecord[] {
  const thisMonth = timeOf(`${dateOf(START).slice(0, 7)}-01`);
  return Array.from({ length: REPORT_MONTHS }, (_, place) => {
    const month = after(thisMonth, { type: "month", duration: 1 }, place - REPORT_MONTHS);
    const end = after(month, { type: "month", duration: 1 });
    const createdAt = end + 6 * 60 * MINUTE;
    return SET_UP.map(({ name, type, format }): ReportRecord => {
      const id = uuidOf("report of a month", dateOf(month), name, format);
      return {
        id,
        createdAt,
        report: {
          ...{ id, name, status: "completed", type, format, creationDate: timestampOf(createdAt) },
          startDate: `${dateOf(month)}T00:00:00Z`,
          endDate: `${dateOf(end - DAY)}T23:59:59Z`,
        },
      };
    });
  }).flat();
}

/** Gives numbers in the order of time, the last of them known. */
function numbered<T>(things: readonly T[], timeOf: (thing: T) => number, last: number): { id: string; thing: T }[] {
  const sorted = things.toSorted((one, other) => timeOf(one) - timeOf(other));
  return sorted.map((thing, place) => ({ id: String(last - sorted.length + 1 + place), thing }));
}

/** The part of the subscriptions that no sale explains. */
const PART_ODD = 0.02;

/** Years of business, always the same for a seed, in front of the document's examples. */
export function generateRows(size: DatasetSize, seed: number): Rows {
  const random = new Random(seed);
  const nextName = uniqueNames(random);
  const examples = smallRows();
  const ids = (count: number, last: number) =>
    Array.from({ length: count }, (_, place) => String(last - count + 1 + place));
  const resellers = ids(size.resellers, LAST.resellers).map((id) => resellerFor(random, id, nextName()));
  const customers = ids(size.customers, LAST.customers).map((id) =>
    customerFor(random, id, nextName(), random.pick(resellers).id),
  );
  const { plans, products, addOns } = catalogRows();
  const addOnOf = new Map(addOns.map((addOn) => [addOn.planId, addOn]));

  let keys = 0;
  const orders: History["orders"] = [];
  const subscriptions: (History["subscriptions"][number] & { product?: ProductRecord })[] = [];
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  const buyers = customers.filter(({ customer }) => customer.status !== "cancelled" && customer.status !== "pending");
  while (subscriptions.length < size.subscriptions) {
    const [customer, product] = [random.pick(buyers), random.pick(products)];
    const addOn = addOnOf.get(product.planId);
    const writer = { random, customer, product, addOn, end: START, nextKey: () => keys++ };
    const history = historyOf(writer, saleTime(writer, YEARS));
    orders.push(...history.orders);
    subscriptions.push(...history.subscriptions.map((subscription) => ({ ...subscription, product })));
  }

  const count = Math.round(size.subscriptions * PART_ODD);
  subscriptions.push(...oddSubscriptions(random, buyers, plans, { count, end: START, nextKey: () => keys++ }));

  const numberedSubscriptions = numbered(subscriptions, ({ createdAt }) => createdAt, LAST.subscriptions);
  const idOf = new Map(numberedSubscriptions.map(({ id, thing }) => [thing.key, id]));
  const productOf = new Map([...products, ...addOns].map((product) => [product.id, product]));
  const subscriptionRows = numberedSubscriptions.map(({ id, thing }) => ({
    ...thing.record,
    id,
    products: thing.record.products.map((held) => {
      const product = productOf.get(held.productId);
      return product ? { ...held, vendorSubscriptionId: vendorSubscriptionIdOf(id, product) } : held;
    }),
  }));
  for (const { id, thing } of numberedSubscriptions) {
    const customer = byId.get(thing.record.customerId) as CustomerRecord;
    if (!thing.product) continue;
    const record = scheduledChange(random, customer, thing.product, { ...thing.record, id }, START);
    if (record) orders.push({ record, key: thing.key });
  }
  const orderRows = numbered(orders, ({ record }) => record.createdAt, LAST.orders).map(
    ({ id, thing }): OrderRecord => {
      const subscriptionId = String(idOf.get(thing.key));
      const { record } = thing;
      return {
        ...record,
        id,
        orderNumber: orderNumberOf(record.type, id),
        items: record.items.map((item) => ({ ...item, subscriptionId })),
        subscriptionIds: [subscriptionId],
      };
    },
  );

  const byAge = (one: OrderRecord, other: OrderRecord) => one.createdAt - other.createdAt;
  return {
    ...examples,
    resellers: [...resellers, ...examples.resellers],
    customers: [...customers, ...examples.customers],
    // Catalogs are listed as they are printed.
    plans: [...plans.toReversed(), ...examples.plans],
    products: [...addOns.toReversed(), ...products.toReversed(), ...examples.products],
    subscriptions: [...subscriptionRows, ...examples.subscriptions].sort(
      (one, other) => timeOf(one.creationDate) - timeOf(other.creationDate),
    ),
    orders: [...orderRows, ...examples.orders].sort(byAge),
    reports: [...reportsOfMonths(), ...examples.reports].sort((one, other) => one.createdAt - other.createdAt),
  };
}
