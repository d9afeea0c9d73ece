import { orderNumberOf } from "../domain/orders/numbers.ts";
import { type ReportSetUp, reportOfMonth, withFollower } from "../domain/reports.ts";
import { isMicrosoft, isMonthly, vendorSubscriptionIdOf } from "../domain/subscriptions.ts";
import { after, dateOf, timeOf } from "../store/dates.ts";
import { Random } from "../store/random.ts";
import type { CustomerRecord, OrderRecord, ProductRecord, ReportRecord } from "../store/records.ts";
import { catalogRows } from "./catalog.ts";
import { customerFor, resellerFor, uniqueNames } from "./companies.ts";
import { DEFAULT_TIME } from "./default-time.ts";
import { type Rows, smallRows } from "./examples.ts";
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

/** What is set up in the platform (FLD-18, REP-07, REP-12). */
const SET_UP: readonly ReportSetUp[] = [
  { name: "Every Invoice - Full View", type: "on_invoice", format: "XLSX" },
  { name: "Every Invoice - Full View", type: "on_invoice", format: "CSV" },
  { name: "Subscription Resources", type: "periodic", format: "CSV" },
  { name: "Accounts", type: "periodic", format: "CSV" },
];

/** The reports of the months whose files are still kept; the last of each kind are followed by those to come. */
function reportsOfMonths(): ReportRecord[] {
  const thisMonth = timeOf(`${dateOf(DEFAULT_TIME).slice(0, 7)}-01`);
  return Array.from({ length: REPORT_MONTHS }, (_, place) => {
    const month = after(thisMonth, { type: "month", duration: 1 }, place - REPORT_MONTHS);
    const isLast = place === REPORT_MONTHS - 1;
    return SET_UP.map((setUp) => {
      const record = reportOfMonth(setUp, month);
      return isLast ? withFollower(record) : record;
    });
  }).flat();
}

/** Gives numbers in the order of time, the last of them known. */
function numbered<T>(things: readonly T[], timeOf: (thing: T) => number, last: number): { id: string; thing: T }[] {
  const sorted = things.toSorted((one, other) => timeOf(one) - timeOf(other));
  return sorted.map((thing, place) => ({ id: String(last - sorted.length + 1 + place), thing }));
}

/** Of the products of Microsoft's kind that are sold by the month, so many are sold for one of the others. */
const MONTHLY_SHARE = 4;

/** The products as often as they are sold: most renewals of a tenant are monthly ones (ORD-46). */
const asSold = (products: readonly ProductRecord[]): ProductRecord[] =>
  products.flatMap((product) => {
    const { subscriptionPeriod } = product.product;
    const isMostly = isMicrosoft(product) && subscriptionPeriod !== undefined && isMonthly({ subscriptionPeriod });
    return Array<ProductRecord>(isMostly ? MONTHLY_SHARE : 1).fill(product);
  });

const idOf = ({ id }: { id: string }) => id;

/** The part of the resellers that have another one above them. */
const PART_BELOW = 0.3;

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
  // The last of them are below the first, and the very last below one of those (CUST-12).
  const below = resellers.slice(-Math.round(size.resellers * PART_BELOW));
  const placed = resellers.map((reseller) => {
    const place = below.indexOf(reseller);
    const parent = place < 0 ? undefined : place === below.length - 1 && place > 0 ? below[0] : resellers[place];
    return parent ? { ...reseller, parentId: parent.id } : reseller;
  });
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
  const trials = new Set(plans.filter(({ plan }) => plan.subscriptionPeriods?.some(({ trial }) => trial)).map(idOf));
  const sold = asSold(products.filter(({ planId }) => !trials.has(planId)));
  while (subscriptions.length < size.subscriptions) {
    const [customer, product] = [random.pick(buyers), random.pick(sold)];
    const addOn = addOnOf.get(product.planId);
    const writer = { random, customer, product, addOn, end: DEFAULT_TIME, nextKey: () => keys++ };
    const history = historyOf(writer, saleTime(writer, YEARS));
    orders.push(...history.orders);
    subscriptions.push(...history.subscriptions.map((subscription) => ({ ...subscription, product })));
  }

  const count = Math.round(size.subscriptions * PART_ODD);
  subscriptions.push(...oddSubscriptions(random, buyers, plans, { count, end: DEFAULT_TIME, nextKey: () => keys++ }));

  const numberedSubscriptions = numbered(subscriptions, ({ createdAt }) => createdAt, LAST.subscriptions);
  const idByKey = new Map(numberedSubscriptions.map(({ id, thing }) => [thing.key, id]));
  const productOf = new Map([...products, ...addOns].map((product) => [product.id, product]));
  for (const { id, thing } of numberedSubscriptions) {
    const customer = byId.get(thing.record.customerId) as CustomerRecord;
    if (!thing.product) continue;
    const record = scheduledChange(random, customer, thing.product, { ...thing.record, id }, DEFAULT_TIME);
    if (record) orders.push({ record, key: thing.key });
  }
  const numberedOrders = numbered(orders, ({ record }) => record.createdAt, LAST.orders);
  const renewalOf = new Map(
    numberedOrders.flatMap(({ id, thing }) => (thing.isForNextRenewal ? [[thing.key, id] as const] : [])),
  );
  const orderRows = numberedOrders.map(({ id, thing }): OrderRecord => {
    const subscriptionId = String(idByKey.get(thing.key));
    const { record, prefix } = thing;
    return {
      ...record,
      id,
      orderNumber: prefix || record.type === "unknown" ? `${prefix ?? ""}${id}` : orderNumberOf(record.type, id),
      items: record.items.map((item) => ({ ...item, subscriptionId })),
      subscriptionIds: [subscriptionId],
    };
  });

  const subscriptionRows = numberedSubscriptions.map(({ id, thing }) => ({
    ...thing.record,
    id,
    ...(renewalOf.has(thing.key) && { renewalOrderId: renewalOf.get(thing.key) }),
    products: thing.record.products.map((held) => {
      const product = productOf.get(held.productId);
      return product ? { ...held, vendorSubscriptionId: vendorSubscriptionIdOf(id, product) } : held;
    }),
  }));
  const byAge = (one: OrderRecord, other: OrderRecord) => one.createdAt - other.createdAt;
  return {
    ...examples,
    resellers: [...placed, ...examples.resellers],
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
