import { linesFor, taxRateOf } from "../domain/pricing.ts";
import { datesFrom, isMonthly, KEPT_AFTER_END, restOfPeriod, subscriptionFor } from "../domain/subscriptions.ts";
import { after, DAY, dateOf, MINUTE, timeOf, timestampOf } from "../store/dates.ts";
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

/** What happens to a subscription on average. */
const CHANCES = {
  lapses: 0.08,
  isCancelled: 0.05,
  waitsForRenewal: 0.03,
  hasAddOn: 0.4,
  hasNumberAttribute: 0.3,
  isLet: 0.1,
};
/** Months of which a monthly subscription's replaced forms are kept. */
const MONTHS_KEPT = 3;

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
  const isShort = isMonthly({ subscriptionPeriod: period });
  const first = subscriptionFor(
    "",
    { customerId: customer.id, currency: "EUR", createdAt: soldAt, shown: saleNumber },
    [
      { item: { productId, quantity, total: quantity, parameters }, product },
      ...(extra ? [{ item: { productId: extra.product.id, quantity, total: quantity }, product: extra.product }] : []),
    ],
    soldAt,
  );
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

  let start = soldAt;

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
    quantity = total;
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
    const nextAt = () =>
      status === "active" || status === "hold" ? dates.nextAt : status === "terminated" ? removedAt : undefined;
    const renews = status === "active" && !random.chance(CHANCES.isLet);
    const dates = datesFrom(start, period);
    subscriptions.push({
      key,
      createdAt: isShort ? start : soldAt,
      record: {
        ...first,
        status,
        renewalStatus: renews,
        creationDate: dateOf(isShort ? start : soldAt),
        lastModifiedDate: dateOf(modified),
        ...dates,
        ...(over !== undefined && { expirationDate: dateOf(over) }),
        nextAt: nextAt(),
        committedAt: Math.max(start, soldAt),
        products: first.products.map((had) => (had.productId === productId ? { ...had, quantity } : had)),
        ...(numberAttribute && { attributes: numberAttribute }),
      },
    });
  }

  for (;;) {
    const renewal = timeOf(dateOf(after(start, period)));
    const until = Math.min(renewal, end);
    if (!isShort && random.chance(CHANCES.isCancelled)) {
      const time = random.time(start, until);
      changesIn(start, time, 3);
      orders.push({
        key,
        record: orderOf(writer, "cancellation", time, { shown: { creditCheck: true, ...poNumber() } }),
      });
      keep(start, time, "terminated", time);
      break;
    }
    const modified = changesIn(start, until, isShort ? 7 : 8.5);
    if (renewal > end) {
      const isHeld = customer.customer.status !== "active" && customer.customer.status !== "pending";
      keep(start, modified, isHeld ? "hold" : "active");
      break;
    }
    if (!isShort && random.chance(CHANCES.lapses)) {
      keep(start, renewal, "terminated", renewal - DAY);
      break;
    }
    if (isShort) {
      keep(start, renewal, "removed");
      key = nextKey();
    }
    if (!isShort || !random.chance(0.25)) {
      const chargedPeriod = restOfPeriod(renewal, billing, renewal);
      const lines = [
        ...linesFor({ product, before: 0, total: quantity, kind: "recurring", period: chargedPeriod }, taxRate),
        ...extraLines(chargedPeriod, "recurring"),
      ];
      orders.push({
        key,
        record: orderOf(writer, "renewal", renewal, { lines, shown: { creditCheck: false, ...saleNumber } }),
      });
    }
    start = renewal;
  }
  return { orders, subscriptions };
}

/** A time at which a subscription of a product may have been sold: monthly ones are kept for some months only. */
export function saleTime({ random, product, end }: Omit<Writer, "nextKey">, years: number): number {
  const period = product.product.subscriptionPeriod ?? { type: "month", duration: 1 };
  const isShort = isMonthly({ subscriptionPeriod: period });
  const earliest = after(
    end,
    isShort ? { type: "month", duration: 1 } : { type: "year", duration: 1 },
    isShort ? -MONTHS_KEPT : -years,
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
  if (time >= end) return undefined;
  return {
    type: "change",
    customerId: customer.id,
    createdAt: time,
    creationDate: timestampOf(time),
    statusCode: "AS",
    scheduled: "renewal",
    nextAt: subscription.nextAt,
    currency: subscription.currency,
    lines: linesFor(
      {
        product,
        before: had.quantity,
        total,
        period: restOfPeriod(subscription.nextAt ?? end, subscription.billingPeriod, subscription.nextAt ?? end),
      },
      taxRateOf(customer),
    ),
    items: [{ productId: product.id, quantity: total, total, subscriptionId: subscription.id }],
    subscriptionIds: [subscription.id],
    shown: { creditCheck: true, poNumber: `T-${random.int(10_000, 99_999)}` },
  };
}
