import { must, readable } from "@imcloud/options";
import type { Subscription } from "@imcloud/spec";
import { MarketplaceError } from "../core/errors/errors.ts";
import type { SubscriptionsListQuery } from "../generated/resources.ts";

const DAY = 86_400_000;

/** Milliseconds beyond which a `Date` can be invalid. */
const LONGEST = 1e15;

/**
 * Milliseconds of some days, for example for `subscriptions.due({ within: days(30) })`.
 * @throws {@link TypeError} when the count is not a number
 */
export function days(count: number): number {
  must("a number", Number.isFinite)(count, "days");
  return count * DAY;
}

/** Options of `subscriptions.due`. */
export interface DueQuery extends Omit<SubscriptionsListQuery, "status" | "offset"> {
  /** Milliseconds from now. See {@link days}. */
  within: number;
}

/** A subscription that renews or ends soon. */
export interface DueSubscription {
  subscription: Subscription;
  /** The day in UTC, `2026-12-31`. */
  day: string;
  /** What happens on that day. */
  action: "renews" | "ends";
}

/** What happens to a subscription next; `undefined` when the row does not say. */
function dueOf(subscription: Subscription): DueSubscription | undefined {
  const { id, renewalStatus, renewalDate, expirationDate } = subscription;
  const date: unknown = (renewalStatus && renewalDate) || expirationDate;
  if (!date) return undefined;
  // One in another form would sort anywhere, and be left out.
  const [day] = /^\d{4}-\d\d-\d\d(?!\d)/.exec(String(date)) ?? [];
  if (!day) throw new MarketplaceError(`Subscription ${id} came with a date that is not one such as 2026-12-31.`);
  return { subscription, day, action: renewalStatus ? "renews" : "ends" };
}

/**
 * Yields the active subscriptions that renew or end until then, the soonest first, overdue ones included. The rows of the list are
 * enough: no details are read.
 */
export async function* due(
  list: (query: SubscriptionsListQuery) => { toArray(options: { max: number }): Promise<Subscription[]> },
  given: DueQuery,
): AsyncGenerator<DueSubscription, void, undefined> {
  readable("an object with within, for example { within: days(30) }")(given, "The query of subscriptions.due");
  const { within, ...query } = given;
  if (!Number.isFinite(within) || within < 0 || within > LONGEST) {
    throw new TypeError("subscriptions.due needs within to be milliseconds from now on, for example days(30).");
  }
  for (const name of ["status", "offset"]) {
    if (query[name as keyof typeof query] !== undefined)
      throw new TypeError(`subscriptions.due takes no ${name}: it gives all that are active.`);
  }
  const last = new Date(Date.now() + within).toISOString().slice(0, 10);
  const rows = await list({ ...query, status: "active" }).toArray({ max: Infinity });
  const all = rows.map(dueOf).filter((each) => each !== undefined && each.day <= last) as DueSubscription[];
  yield* all.sort((one, other) => one.day.localeCompare(other.day));
}
