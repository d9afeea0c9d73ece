import { DAY, dateOf, timeOf, timestampOf } from "../../store/dates.ts";
import { uuidOf } from "../../store/ids.ts";
import { inState, isOpen } from "../../store/order-states.ts";
import type { OrderLine, OrderRecord, SubscriptionRecord } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { customerOf } from "../accounts.ts";
import { renewalAt, restOfPeriod } from "../subscriptions.ts";
import { orderNumberOf } from "./numbers.ts";
import { taxRateOf } from "./quotes/pricing.ts";
import { periodLines } from "./quotes/renewals-and-cancellations.ts";

/** An order that the platform places itself: nobody's credit is checked for it. */
function platformOrder(
  store: Store,
  customerId: string,
  number: (id: string) => string,
  more: Pick<OrderRecord, "type" | "statusCode" | "currency" | "lines" | "subscriptionIds"> & Partial<OrderRecord>,
): OrderRecord {
  const id = store.nextId("orders");
  const creationDate = timestampOf(store.time);
  return {
    ...{ id, customerId, orderNumber: number(id), createdAt: timeOf(creationDate), creationDate },
    ...{ items: [], shown: { creditCheck: false } },
    ...more,
  };
}

/** What the renewal of a subscription charges, with what it has by now. */
export const renewalLines = (store: Store, subscription: SubscriptionRecord): OrderLine[] =>
  periodLines(store, subscription, renewalAt(subscription), taxRateOf(customerOf(store, subscription.customerId)));

/** An order for a renewal, under the number of the first order (FLD-09). */
function renewalOrder(store: Store, { id, customerId, poNumber, currency }: SubscriptionRecord, lines: OrderLine[]) {
  return platformOrder(store, customerId, (number) => orderNumberOf("renewal", number), {
    ...{ type: "renewal", statusCode: "AS", currency, lines, subscriptionIds: [id] },
    shown: { creditCheck: false, ...(poNumber !== undefined && { poNumber }) },
  });
}

const completed = (store: Store, order: OrderRecord): OrderRecord => ({
  ...inState(order, "CP", store.time),
  provisioningDate: timestampOf(store.time),
});

/** Places the order for the next renewal, some days before it (ORD-25). It waits for the day. */
export function placeRenewal(store: Store, subscription: SubscriptionRecord): void {
  const order = renewalOrder(store, subscription, renewalLines(store, subscription));
  store.orders.put({ ...order, scheduled: "renewal", dueAt: renewalAt(subscription) });
  store.subscriptions.put({ ...subscription, renewalOrderId: order.id });
}

/** The order that the platform has placed for the renewal of a subscription, as far as it still waits. */
export function waitingRenewalOf(store: Store, { renewalOrderId = "" }: SubscriptionRecord): OrderRecord | undefined {
  const order = store.orders.get(renewalOrderId);
  return order && isOpen(order) ? order : undefined;
}

/** Calls off the order for a renewal that is not to be. */
export function callOffRenewal(store: Store, subscription: SubscriptionRecord): void {
  const waiting = waitingRenewalOf(store, subscription);
  if (waiting) store.orders.put(inState(waiting, "CL", store.time));
  forgetRenewal(store, subscription.id);
}

/** A subscription whose order for the renewal was called off has none; it gets another one on the day, if it still renews. */
export function forgetRenewal(store: Store, subscriptionId: string): void {
  const subscription = store.subscriptions.get(subscriptionId);
  if (subscription?.renewalOrderId === undefined) return;
  store.subscriptions.put({ ...subscription, renewalOrderId: undefined });
}

/** Completes the order for a renewal on the day; where none was placed before, one is now. */
export function completeRenewal(store: Store, subscription: SubscriptionRecord, lines: OrderLine[]): void {
  const order = waitingRenewalOf(store, subscription) ?? renewalOrder(store, subscription, lines);
  store.orders.put(completed(store, { ...order, lines }));
}

/** Cents of what a subscription's use costs in a month, from 20.00 to 419.99: the same for the same month. */
export function useOf(subscriptionId: string, day: string): number {
  const hash = uuidOf("use", subscriptionId, day).slice(0, 8);
  return 2_000 + (Number.parseInt(hash, 16) % 40_000);
}

/** The lines of a billing order for the month before a day. */
export function useLines(
  { id, creationDate, billingPeriod, products }: SubscriptionRecord,
  day: number,
  taxRate: number,
): OrderLine[] {
  const [product] = products;
  if (!product) return [];
  const period = restOfPeriod(Date.parse(creationDate), billingPeriod, day - DAY);
  return [
    {
      ...{ kind: "recurring", productId: product.productId, units: 1, discount: 0, taxRate },
      unit: useOf(id, dateOf(day)),
      period: { ...period, from: dateOf(day - period.of * DAY), days: period.of },
    },
  ];
}

/** Places the order that bills a cycle of use: nothing is provisioned for it (ORD-11, ORD-13). */
export function placeBilling(store: Store, subscription: SubscriptionRecord): void {
  const { id, customerId, currency } = subscription;
  const lines = useLines(subscription, store.time, taxRateOf(customerOf(store, customerId)));
  const number = (id: string) => `BO${id}`;
  store.orders.put(
    platformOrder(store, customerId, number, {
      ...{ type: "unknown", statusCode: "CP", currency, lines, subscriptionIds: [id] },
    }),
  );
}

/** Places the payment order of an order that waited for its payment, which has arrived (ORD-11, ORD-12). */
export function placePayment(store: Store, { customerId, currency, lines, subscriptionIds }: OrderRecord): void {
  const number = (id: string) => `PO${id}`;
  store.orders.put(
    platformOrder(store, customerId, number, {
      ...{ type: "unknown", statusCode: "CP", currency, lines, subscriptionIds },
    }),
  );
}
