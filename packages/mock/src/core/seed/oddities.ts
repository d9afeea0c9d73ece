import { withNextEvent } from "../domain/subscriptions.ts";
import { after, DAY, dateOf } from "../store/dates.ts";
import type { Random } from "../store/random.ts";
import type { CustomerRecord, PlanRecord, SubscriptionRecord } from "../store/records.ts";
import type { History } from "./histories.ts";

const MONTH = { type: "month", duration: 1 } as const;
const YEAR = { type: "year", duration: 1 } as const;

type Oddity = Partial<SubscriptionRecord> & { name: string };

/** Subscriptions that real tenants have besides those that were sold (FLD-10, FLD-11). None of them has an order. */
const oddities: readonly ((createdAt: number, end: number) => Oddity)[] = [
  // Reservations, savings plans and internal plans have no products.
  (createdAt) => ({ name: "Halden Compute Reservation", status: "active", ...datesOf(createdAt, YEAR) }),
  (createdAt) => ({ name: "Halden Compute Savings Plan", status: "active", ...datesOf(createdAt, YEAR) }),
  // A renewal is not always a whole period after the first day (SUB-11).
  (createdAt) => {
    const renewal = after(createdAt, YEAR) - 2 * DAY;
    const dates = { renewalDate: dateOf(renewal), expirationDate: dateOf(renewal - DAY), nextAt: renewal };
    return { name: "Halden Compute Reserved Storage", status: "active", ...dates };
  },
  // What is not ready has no expiration date yet.
  () => ({ name: "Nimbus Workspace Trial", status: "pending", expirationDate: undefined, nextAt: undefined }),
  // What was removed can have a date years ahead.
  (createdAt, end) => ({
    ...{ name: "Polar Archive Legacy", status: "removed", renewalStatus: false, nextAt: undefined },
    expirationDate: dateOf(after(Math.max(createdAt, end), YEAR, 3)),
  }),
];

function datesOf(createdAt: number, period: typeof MONTH | typeof YEAR) {
  const renewal = after(createdAt, period);
  return { renewalDate: dateOf(renewal), expirationDate: dateOf(renewal - DAY), nextAt: renewal };
}

/** Some subscriptions of each odd kind. */
export function oddSubscriptions(
  random: Random,
  customers: readonly CustomerRecord[],
  plans: readonly PlanRecord[],
  { count, end, nextKey }: { count: number; end: number; nextKey: () => number },
): History["subscriptions"] {
  return Array.from({ length: count }, (_, place) => {
    // Within a year, so that none of them has renewed.
    const createdAt = random.time(end - 300 * DAY, end - DAY);
    const [customer, plan] = [random.pick(customers), random.pick(plans)];
    const odd = oddities[place % oddities.length] as (typeof oddities)[number];
    const record: SubscriptionRecord = {
      id: "",
      customerId: customer.id,
      planId: plan.id,
      status: "active",
      renewalStatus: true,
      creationDate: dateOf(createdAt),
      lastModifiedDate: dateOf(createdAt),
      ...datesOf(createdAt, YEAR),
      billingModel: "chargeBeforeBillingPeriod",
      billingPeriod: MONTH,
      subscriptionPeriod: YEAR,
      currency: "EUR",
      products: [],
      orderParameters: [],
      fulfillmentParameters: [],
      committedAt: createdAt,
      ...odd(createdAt, end),
    };
    const runs = record.status === "active";
    return { record: runs ? withNextEvent(record, end) : record, key: nextKey(), createdAt };
  });
}
