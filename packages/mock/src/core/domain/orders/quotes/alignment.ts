import type { Coterming, Period } from "@imcloud/spec";
import { after, DAY, dateOf, timeOf } from "../../../store/dates.ts";
import type { Alignment, CustomerRecord, ProductRecord, SubscriptionRecord } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { invalid, requireReference } from "../../errors.ts";
import type { OrderBody } from "../body.ts";

const monthsOf = ({ type, duration }: Period): number => (type === "year" ? 12 : type === "month" ? 1 : 0) * duration;

/** What the end of a subscription can be aligned with, by what a product says of itself (PROD-07). */
const ALIGNMENTS: Readonly<Record<string, Alignment["type"]>> = {
  SUBSCRIPTION: "CO_TERM_ON_SUBSCRIPTION",
  END_OF_MONTH: "MATCH_END_OF_CALENDAR_MONTH",
};

const firstOfMonth = (time: number): number => timeOf(`${dateOf(time).slice(0, 7)}-01`);

const endOf = ({ expirationDate, renewalDate }: SubscriptionRecord): number =>
  expirationDate === undefined ? timeOf(renewalDate) : timeOf(expirationDate) + DAY;

/** When a period that starts at a time is over, where its end is aligned: within a whole period of it. */
export function alignedEndOf(store: Store, alignment: Alignment, period: Period, start: number): number {
  if (alignment.type === "MATCH_END_OF_CALENDAR_MONTH") {
    const end = firstOfMonth(after(start, period));
    return end > start ? end : firstOfMonth(after(start, { type: "month", duration: 1 }));
  }
  const target = store.subscriptions.get(String(alignment.subscriptionId));
  const end = target ? endOf(target) : after(start, period);
  for (let times = 0; ; times++) {
    const aligned = times === 0 || !target ? end : after(end, target.subscriptionPeriod, times);
    if (aligned > start) return aligned;
  }
}

function isTrial(store: Store, { planId, product: { subscriptionPeriod } }: ProductRecord): boolean {
  const periods = store.plans.get(planId)?.plan.subscriptionPeriods ?? [];
  return periods.some(
    ({ type, duration, trial }) =>
      trial === true && type === subscriptionPeriod?.type && duration === subscriptionPeriod?.duration,
  );
}

/** Checks that the vendor of a product supports an alignment (ORD-30, PROD-07). */
function checkSupported(store: Store, product: ProductRecord, type: Alignment["type"]): void {
  const { id } = product;
  const { required = "RESTRICTED", type: kind = "" } = (product.product.coterming ?? {}) as Coterming;
  if (required === "RESTRICTED") {
    invalid(`Product ${id} cannot be aligned; its coterming is ${product.product.coterming ? required : "missing"}`);
  }
  if (isTrial(store, product)) invalid(`Product ${id} is a trial, and a trial cannot be aligned`);
  if (ALIGNMENTS[kind] !== type)
    invalid(`Product ${id} can be aligned by ${ALIGNMENTS[kind] ?? kind} alone; got ${type}`);
}

function targetOf(store: Store, customer: CustomerRecord, id: string): SubscriptionRecord {
  const field = "alignExpirationDate.subscriptionId";
  const target = requireReference(store.subscriptions.get(id), field, id, "GET /subscriptions");
  if (target.customerId !== customer.id) invalid(`${field} ${id} is not a subscription of customer ${customer.id}`);
  if (target.status !== "active") invalid(`${field} ${id} is ${target.status}; align with one that is active`);
  return target;
}

/** Checks that a period can end with a subscription: a monthly one never does with a yearly or longer one (ORD-30). */
function checkPeriods(id: string, period: Period, target: SubscriptionRecord): void {
  const [own, other] = [monthsOf(period), monthsOf(target.subscriptionPeriod)];
  const isMixed = (own < 12 && other >= 12) || (own >= 12 && other < 12);
  if (isMixed)
    invalid(`Product ${id} cannot be aligned with subscription ${target.id}: one is monthly, the other is not`);
}

/**
 * The alignment that an order asks for.
 * @throws {@link DomainError} where the product, its period or the subscription rules it out
 */
export function alignmentOf(
  store: Store,
  { alignExpirationDate }: OrderBody,
  customer: CustomerRecord,
  products: readonly ProductRecord[],
): Alignment | undefined {
  if (!alignExpirationDate) return undefined;
  const { alignmentType, subscriptionId } = alignExpirationDate;
  const type =
    alignmentType ?? (subscriptionId === undefined ? "MATCH_END_OF_CALENDAR_MONTH" : "CO_TERM_ON_SUBSCRIPTION");
  if (type === "CO_TERM_PARTIAL_UPGRADE") {
    return invalid("alignmentType CO_TERM_PARTIAL_UPGRADE is for partial upgrades; send it with placementType MOVE");
  }
  for (const product of products) checkSupported(store, product, type);
  if (type === "MATCH_END_OF_CALENDAR_MONTH") return { type };
  const id = String(subscriptionId ?? invalid("alignExpirationDate needs the subscriptionId to align with"));
  const target = targetOf(store, customer, id);
  for (const { id, product } of products) {
    checkPeriods(id, product.subscriptionPeriod ?? { type: "month", duration: 1 }, target);
  }
  return { type, subscriptionId: id };
}

/** The alignment that the platform makes of itself in a sale, by the rules of a product line (ORD-30). */
export function mandatoryAlignment(
  store: Store,
  customer: CustomerRecord,
  products: readonly ProductRecord[],
): Alignment | undefined {
  const mandatory = products.find(({ product }) => product.coterming?.required === "MANDATORY");
  if (!mandatory) return undefined;
  const type = ALIGNMENTS[String(mandatory.product.coterming?.type)];
  if (type !== "CO_TERM_ON_SUBSCRIPTION") return type && { type };
  const period = mandatory.product.subscriptionPeriod;
  const target = [...store.subscriptions.withKey("customer", customer.id)].find(
    ({ status, subscriptionPeriod }) =>
      status === "active" && period !== undefined && monthsOf(subscriptionPeriod) === monthsOf(period),
  );
  return target && { type, subscriptionId: target.id };
}
