import { isDeepStrictEqual } from "node:util";
import type { Customer, OrderDetails, SubscriptionDetails } from "@imcloud/client";
import type { ChangeEvent, SeatsChange } from "./event.ts";

/** What an event says, without what numbers it. */
export type Finding = ChangeEvent extends infer Each
  ? Each extends ChangeEvent
    ? Omit<Each, "id" | "cursor" | "seenAt">
    : never
  : never;

/** States of a subscription in which it is over (SUB-02). */
const ENDED = new Set(["terminated", "removed"]);

const ORDER_STATES: Readonly<Record<string, "order.completed" | "order.failed" | "order.cancelled">> = {
  completed: "order.completed",
  error: "order.failed",
  cancelled: "order.cancelled",
};

/** Whether something differs besides members that do not mean anything by themselves. */
function differs(before: object, after: object, without: readonly string[]): boolean {
  const rest = (value: object) => Object.fromEntries(Object.entries(value).filter(([name]) => !without.includes(name)));
  return !isDeepStrictEqual(rest(before), rest(after));
}

function ofCustomer(before: Customer | undefined, after: Customer): Finding[] {
  if (!before) return [{ type: "customer.created", before, after }];
  return differs(before, after, []) ? [{ type: "customer.updated", before, after }] : [];
}

function ofOrder(before: OrderDetails | undefined, after: OrderDetails): Finding[] {
  const reached = after.status === before?.status ? undefined : ORDER_STATES[String(after.status)];
  const findings: Finding[] = before ? [] : [{ type: "order.created", before, after }];
  if (reached) return [...findings, { type: reached, before, after }];
  if (before && differs(before, after, [])) return [{ type: "order.updated", before, after }];
  return findings;
}

/** Quantities by product: a number, or a text such as `"2.0"` (SUB-01). */
function unitsOf({ products }: SubscriptionDetails): Map<string, { mpn: string | undefined; quantity: number }> {
  const units = new Map<string, { mpn: string | undefined; quantity: number }>();
  for (const product of products ?? []) {
    // The platform can send what the document does not expect.
    if (typeof product !== "object" || product === null) continue;
    const id = String(product.id ?? product.mpn);
    const quantity = (units.get(id)?.quantity ?? 0) + Number(product.quantity ?? 0);
    units.set(id, { mpn: product.mpn, quantity });
  }
  return units;
}

/** The products of which a subscription has other units. */
export function seatsChanges(before: SubscriptionDetails, after: SubscriptionDetails): SeatsChange[] {
  // What is no list, or no number, says nothing of the units: not that they are 0.
  const isKnown = ({ products }: SubscriptionDetails) => products === undefined || Array.isArray(products);
  if (!isKnown(before) || !isKnown(after)) return [];
  const [old, current] = [unitsOf(before), unitsOf(after)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((productId) => {
    const [one, other] = [old.get(productId), current.get(productId)];
    const [from, to] = [one?.quantity ?? 0, other?.quantity ?? 0];
    return from === to || Number.isNaN(from) || Number.isNaN(to)
      ? []
      : [{ productId, mpn: other?.mpn ?? one?.mpn, from, to }];
  });
}

/** Whether a subscription is at its end. */
export const isOver = ({ status }: { status?: unknown }): boolean => ENDED.has(String(status));

function ofSubscription(before: SubscriptionDetails | undefined, after: SubscriptionDetails): Finding[] {
  if (!before) {
    const created: Finding = { type: "subscription.created", before, after };
    return isOver(after) ? [created, { type: "subscription.ended", before, after }] : [created];
  }
  if (isOver(after) && !isOver(before)) return [{ type: "subscription.ended", before, after }];
  const findings: Finding[] = [];
  const isRenewed = Boolean(after.renewalDate && before.renewalDate && after.renewalDate > before.renewalDate);
  if (isRenewed && !isOver(after)) findings.push({ type: "subscription.renewed", before, after });
  const changes = seatsChanges(before, after);
  if (changes.length) findings.push({ type: "subscription.seatsChanged", before, after, changes });
  if (findings.length === 0 && differs(before, after, ["lastModifiedDate"])) {
    findings.push({ type: "subscription.updated", before, after });
  }
  return findings;
}

/** The events of a thing that was read: none where it is unchanged. */
export function findingsOf(resource: string, before: object | undefined, after: object): Finding[] {
  if (resource === "customers") return ofCustomer(before as Customer | undefined, after as Customer);
  if (resource === "orders") return ofOrder(before as OrderDetails | undefined, after as OrderDetails);
  if (resource === "subscriptions") {
    return ofSubscription(before as SubscriptionDetails | undefined, after as SubscriptionDetails);
  }
  return [];
}

/** The events of a thing that left the API's lists. */
export function findingsOfGone(resource: string, before: object | undefined): Finding[] {
  if (resource === "customers") return [{ type: "customer.removed", before: before as Customer, after: undefined }];
  if (resource !== "subscriptions" || (before && isOver(before as SubscriptionDetails))) return [];
  return [{ type: "subscription.ended", before: before as SubscriptionDetails, after: undefined }];
}
