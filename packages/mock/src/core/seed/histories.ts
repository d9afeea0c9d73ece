import { useLines } from "../domain/orders/platform-orders.ts";
import { linesFor, taxRateOf } from "../domain/orders/quotes/pricing.ts";
import {
  beginning,
  datesFrom,
  GIVING_BACK_WINDOW,
  isBilledByUse,
  isMicrosoft,
  isMonthly,
  isReplaced,
  KEPT_AFTER_END,
  nextBillingAt,
  RENEWAL_NOTICE,
  renewalAt,
  restOfPeriod,
  subscriptionFor,
  withNextEvent,
} from "../domain/subscriptions.ts";
import { after, DAY, dateOf, MINUTE, startOfDay, timeOf, timestampOf } from "../store/dates.ts";
import { uuidOf } from "../store/ids.ts";
import type { Random } from "../store/random.ts";
import type {
  CustomerRecord,
  OrderItem,
  OrderLine,
  OrderRecord,
  ProductRecord,
  SubscriptionRecord,
} from "../store/records.ts";

/** An order or a subscription before it has its own number, which goes by time. */
export interface History {
  orders: Draft[];
  subscriptions: { record: SubscriptionRecord; key: number; createdAt: number }[];
}

/** An order whose subscriptions are named by keys until all have their numbers. */
export interface Draft {
  record: Omit<OrderRecord, "id" | "orderNumber">;
  key: number;
  /** What its number begins with, where its type does not tell. */
  prefix?: "BO" | "PO" | "CL";
  /** The platform has placed it for the next renewal of its subscription. */
  isForNextRenewal?: boolean;
}

interface Writer {
  random: Random;
  customer: CustomerRecord;
  product: ProductRecord;
  /** What can be had with the product, in the same subscription. */
  addOn: ProductRecord | undefined;
  /** A key for the next subscription. */
  nextKey: () => number;
  /** When the history ends. */
  end: number;
}

/** What happens to a subscription on average: what ends it, in a year. */
const CHANCES = {
  lapses: 0.08,
  isCancelled: 0.05,
  waitsForPayment: 0.03,
  waitsForRenewal: 0.03,
  hasAddOn: 0.4,
  hasNumberAttribute: 0.3,
  isLet: 0.1,
};
/** Months of which a monthly subscription's replaced forms are kept. */
const MONTHS_KEPT = 3;
/** Changes of a subscription in a year: far fewer than there are renewals (ORD-46). */
const CHANGES_A_YEAR = 1.3;
/** Numbers of cancellations begin with CL before this time, as they did before 21.4 of the platform (ORD-11). */
const LAST_OLD_NUMBERS = Date.parse("2024-01-01");

function orderOf(
  { random, customer, product }: Writer,
  type: OrderRecord["type"],
  time: number,
  details: Partial<OrderRecord>,
): Draft["record"] {
  return {
    type,
    customerId: customer.id,
    createdAt: time,
    creationDate: timestampOf(time),
    provisioningDate: type === "cancellation" ? undefined : timestampOf(time + random.int(1, 9) * MINUTE),
    statusCode: "CP",
    currency: product.product.prices?.[0]?.currency ?? "EUR",
    ...{ lines: [], items: [], subscriptionIds: [] },
    shown: { creditCheck: type !== "renewal" },
    ...details,
  };
}

/** The letters of a Microsoft domain in front of its end. */
const TENANT_LENGTH = 27;

/** What a customer's products are activated with: for Microsoft's the tenant, which is the same in all of them (FLD-12). */
function parametersOf({ customer, product }: Writer): OrderItem["parameters"] {
  const domain = customer.customer.contactPersons[0]?.email.split("@")[1] ?? "";
  const tenant = domain.replace(/\..*/, "").slice(0, TENANT_LENGTH);
  const values: Readonly<Record<string, string>> = {
    tenant_preference: "existing",
    microsoft_domain: `${tenant}.onmicrosoft.com`,
    microsoft_tenant_id: uuidOf("tenant", customer.id),
    admin_email: `admin@${domain}`,
  };
  return product.parameters.flatMap(({ name }) => (values[name] === undefined ? [] : [{ name, value: values[name] }]));
}

/** The number of units that a customer starts with: mostly few, seldom many. */
function firstQuantity({ random, product: { product } }: Writer): number {
  const [least, most] = [Number(product.minimumQuantity), Number(product.maximumQuantity)];
  const wanted = random.chance(0.06)
    ? random.int(80, 260)
    : random.chance(0.3)
      ? random.int(15, 80)
      : random.int(1, 15);
  return Math.min(most, Math.max(least, wanted));
}

/** The life of a subscription of a product, from its sale on. */
export function historyOf(writer: Writer, soldAt: number): History {
  const { random, customer, product, nextKey, end } = writer;
  const { id: productId } = product;
  const taxRate = taxRateOf(customer);
  const orders: Draft[] = [];
  const subscriptions: History["subscriptions"] = [];
  let quantity = firstQuantity(writer);
  const parameters = parametersOf(writer);
  let ticket = random.int(10_000, 99_999);
  const poNumber = () => (random.chance(0.7) ? { poNumber: `T-${ticket++}` } : {});

  const saleNumber = poNumber();
  const extra = writer.addOn && random.chance(CHANCES.hasAddOn) ? { product: writer.addOn, quantity } : undefined;

  const period = product.product.subscriptionPeriod ?? { type: "month", duration: 1 };
  const billing = product.product.billingPeriod ?? period;
  const sale = { customerId: customer.id, currency: "EUR", createdAt: soldAt, shown: saleNumber };
  const items = [
    { item: { productId, quantity, total: quantity, parameters }, product },
    ...(extra ? [{ item: { productId: extra.product.id, quantity, total: quantity }, product: extra.product }] : []),
  ];
  const first = beginning(subscriptionFor("", sale, items, soldAt), sale, soldAt);
  const isShort = isReplaced(first);
  /** The part of a year that a period is, for chances that are told by the year. */
  const partOfYear = isMonthly(first) ? 1 / 12 : 1;
  // Some write the number into the subscription as well (FLD-13).
  const { poNumber: saleName } = saleNumber as { poNumber?: string };
  const numberAttribute = saleName && random.chance(CHANCES.hasNumberAttribute) ? { PONumber: saleName } : undefined;
  const extraLines = (period: OrderLine["period"], kind?: OrderLine["kind"]) =>
    extra
      ? linesFor({ product: extra.product, before: 0, total: extra.quantity, period, ...(kind && { kind }) }, taxRate)
      : [];
  const soldPeriod = restOfPeriod(soldAt, billing, soldAt);
  const soldLines = [
    ...linesFor({ product, before: 0, total: quantity, period: soldPeriod }, taxRate),
    ...extraLines(soldPeriod),
  ];
  let key = nextKey();
  orders.push({
    key,
    record: orderOf(writer, "sales", soldAt, {
      lines: soldLines,
      items: [
        { productId, quantity, total: quantity, parameters },
        ...(extra ? [{ productId: extra.product.id, quantity, total: quantity }] : []),
      ],
      shown: { creditCheck: true, ...saleNumber, billingModel: first.billingModel },
    }),
  });

  if (random.chance(CHANCES.waitsForPayment)) {
    const paidAt = soldAt + random.int(1, 5) * MINUTE;
    const payment = { lines: soldLines, shown: { creditCheck: false } };
    orders.push({ key, prefix: "PO", record: orderOf(writer, "unknown", paidAt, payment) });
  }

  let start = soldAt;
  const additions: NonNullable<SubscriptionRecord["additions"]>[number][] = [];

  function changeAt(time: number): void {
    const [least, most] = [Number(product.product.minimumQuantity), Number(product.product.maximumQuantity)];
    const step = Math.max(1, Math.round(quantity * 0.2));
    const total = Math.min(most, Math.max(least, quantity + (random.chance(0.7) ? 1 : -1) * random.int(1, step)));
    if (total === quantity) return;
    orders.push({
      key,
      record: orderOf(writer, "change", time, {
        lines: linesFor({ product, before: quantity, total, period: restOfPeriod(start, billing, time) }, taxRate),
        items: [{ productId, quantity: total - quantity, total }],
        shown: { creditCheck: true, ...poNumber() },
      }),
    });
    additions.push({ at: time, productId, units: total - quantity });
    quantity = total;
  }

  /** The orders that bill what was used between two times. */
  function billUse(from: number, to: number): void {
    if (!isBilledByUse(first)) return;
    const billed = { ...first, creationDate: dateOf(soldAt), id: customer.id };
    for (let day = nextBillingAt(billed, from); day <= to; day = nextBillingAt(billed, day)) {
      const details = { lines: useLines(billed, day, taxRate), shown: { creditCheck: false } };
      orders.push({ key, prefix: "BO", record: orderOf(writer, "unknown", day, details) });
    }
  }

  /** The order for a renewal. The platform places it some days before; what is replaced has it on the day. */
  function renewAt(renewal: number, quantity: number): void {
    const chargedPeriod = restOfPeriod(renewal, billing, renewal);
    const lines = [
      ...linesFor({ product, before: 0, total: quantity, kind: "recurring", period: chargedPeriod }, taxRate),
      ...extraLines(chargedPeriod, "recurring"),
    ];
    const placedAt = isShort ? renewal : renewal - RENEWAL_NOTICE;
    const waits = renewal > end && { statusCode: "AS" as const, scheduled: "renewal" as const, dueAt: renewal };
    orders.push({
      key,
      isForNextRenewal: renewal > end,
      record: orderOf(writer, "renewal", placedAt, {
        ...{ lines, shown: { creditCheck: false, ...saleNumber } },
        provisioningDate: renewal > end ? undefined : timestampOf(renewal),
        ...waits,
      }),
    });
  }

  /** Changes between two times, so many in a year. */
  function changesIn(from: number, to: number, perYear: number): number {
    const count = Math.round(((to - from) / (365 * DAY)) * perYear * (random.int(50, 150) / 100));
    const times = Array.from({ length: count }, () => random.time(from + 10 * MINUTE, to - 10 * MINUTE)).sort(
      (a, b) => a - b,
    );
    for (const time of times) changeAt(time);
    return times.at(-1) ?? from;
  }

  function keep(start: number, modified: number, lastStatus: SubscriptionRecord["status"], over?: number): void {
    // What has ended is deprovisioned some time later.
    const removedAt = lastStatus === "terminated" && over !== undefined ? over + KEPT_AFTER_END : undefined;
    const status = removedAt !== undefined && removedAt <= end ? "removed" : lastStatus;
    const renews = status === "active" && !random.chance(CHANCES.isLet);
    const dates = datesFrom(start, period);
    const recent = additions.filter(({ at }) => end - at <= GIVING_BACK_WINDOW);
    const record: SubscriptionRecord = {
      ...first,
      status,
      renewalStatus: renews,
      creationDate: dateOf(isShort ? start : soldAt),
      lastModifiedDate: dateOf(modified),
      ...dates,
      ...(over !== undefined && { expirationDate: dateOf(over) }),
      nextAt: status === "terminated" ? removedAt : undefined,
      committedAt: Math.max(start, soldAt),
      ...(status === "hold" && { isHeldByAccount: true }),
      ...(recent.length && { additions: recent }),
      products: first.products.map((had) => (had.productId === productId ? { ...had, quantity } : had)),
      ...(numberAttribute && { attributes: numberAttribute }),
    };
    const runs = status === "active" || status === "hold";
    subscriptions.push({
      ...{ key, createdAt: isShort ? start : soldAt },
      record: runs ? withNextEvent(record, end) : record,
    });
    const renewal = timeOf(dates.renewalDate);
    if (renews && !isShort && renewal - RENEWAL_NOTICE <= end && renewal > end) renewAt(renewal, quantity);
  }

  for (;;) {
    const renewal = startOfDay(after(start, period));
    const until = Math.min(renewal, end);
    if (!isShort && random.chance(CHANCES.isCancelled * partOfYear)) {
      const time = random.time(start, until);
      changesIn(start, time, CHANGES_A_YEAR);
      billUse(start, time);
      orders.push({
        key,
        ...(time < LAST_OLD_NUMBERS && { prefix: "CL" }),
        record: orderOf(writer, "cancellation", time, { shown: { creditCheck: true, ...poNumber() } }),
      });
      keep(start, time, "terminated", time);
      break;
    }
    const modified = changesIn(start, until, CHANGES_A_YEAR);
    billUse(start, until);
    if (renewal > end) {
      const isHeld = customer.customer.status !== "active" && customer.customer.status !== "pending";
      keep(start, modified, isHeld ? "hold" : "active");
      break;
    }
    if (!isShort && random.chance(CHANCES.lapses * partOfYear)) {
      keep(start, renewal, "terminated", renewal - DAY);
      break;
    }
    if (isShort) {
      keep(start, renewal, "removed");
      key = nextKey();
    }
    if (!isShort || !random.chance(0.25)) renewAt(renewal, quantity);
    start = renewal;
    additions.length = 0;
  }
  return { orders, subscriptions };
}

/** A time at which a subscription of a product may have been sold: what is replaced each month is kept for some months only. */
export function saleTime({ random, product, end }: Omit<Writer, "nextKey">, years: number): number {
  const subscriptionPeriod = product.product.subscriptionPeriod ?? { type: "month", duration: 1 };
  const isShort = isMonthly({ subscriptionPeriod }) && !isMicrosoft(product);
  const isRecent = isBilledByUse({ billingModel: product.product.billingModel as SubscriptionRecord["billingModel"] });
  const earliest = after(
    end,
    isShort ? { type: "month", duration: 1 } : { type: "year", duration: 1 },
    isShort ? -MONTHS_KEPT : isRecent ? -1 : -years,
  );
  return random.time(earliest, end - DAY);
}

/** A change that waits for the renewal, for a few of the subscriptions that will renew. */
export function scheduledChange(
  random: Random,
  customer: CustomerRecord,
  product: ProductRecord,
  subscription: SubscriptionRecord,
  end: number,
): Omit<OrderRecord, "id" | "orderNumber"> | undefined {
  const had = subscription.products[0];
  if (!had || subscription.status !== "active" || !subscription.renewalStatus || isMonthly(subscription))
    return undefined;
  if (!random.chance(CHANCES.waitsForRenewal) || customer.customer.status !== "active") return undefined;
  const total = had.quantity + random.int(1, 5);
  if (total > Number(product.product.maximumQuantity)) return undefined;
  const time = random.time(
    timeOf(subscription.lastModifiedDate) + DAY,
    Math.max(timeOf(subscription.lastModifiedDate) + DAY, end),
  );
  const renewal = renewalAt(subscription);
  // What is placed once the order for the renewal exists waits for the one after (ORD-26).
  if (time >= Math.min(end, renewal - RENEWAL_NOTICE)) return undefined;
  return {
    type: "change",
    customerId: customer.id,
    createdAt: time,
    creationDate: timestampOf(time),
    statusCode: "AS",
    scheduled: "renewal",
    dueAt: renewal,
    currency: subscription.currency,
    lines: linesFor(
      {
        product,
        before: had.quantity,
        total,
        period: restOfPeriod(renewal, subscription.billingPeriod, renewal),
      },
      taxRateOf(customer),
    ),
    items: [{ productId: product.id, quantity: total, total, subscriptionId: subscription.id }],
    subscriptionIds: [subscription.id],
    shown: { creditCheck: true, poNumber: `T-${random.int(10_000, 99_999)}`, scheduledOn: "renewal" },
  };
}
