import type { Customer, OrderDetails, SubscriptionDetails } from "@imcloud/client";

/** The common members of events. */
interface EventBase<Type extends string> {
  type: Type;
  /** The same for the same change, however often it is read. Store the ids that you have handled. */
  id: string;
  /** Its position among all events. Pass it to `changes({ since })` to continue after it. */
  cursor: number;
  /** When the sync saw it. The API does not say when it happened. */
  seenAt: Date;
}

/** A new resource. Resources of the first sync have no such event. */
interface Created<Type extends string, T> extends EventBase<Type> {
  before: undefined;
  after: T;
}

/** A changed resource. */
interface Changed<Type extends string, T> extends EventBase<Type> {
  before: T;
  after: T;
}

/** A status that a resource has reached, also a new resource. */
interface Reached<Type extends string, T> extends EventBase<Type> {
  before: T | undefined;
  after: T;
}

/** A resource that has ended. */
interface Ended<Type extends string, T> extends EventBase<Type> {
  before: T | undefined;
  /** `undefined` if it left the API's lists. */
  after: T | undefined;
}

/** A changed number of units of a product. */
export interface SeatsChange {
  productId: string;
  mpn: string | undefined;
  from: number;
  to: number;
}

/** Changed units of a subscription's products. */
export interface SeatsChanged extends Changed<"subscription.seatsChanged", SubscriptionDetails> {
  changes: SeatsChange[];
}

/** A change, with the state before and after. */
export type ChangeEvent =
  | Created<"customer.created", Customer>
  | Changed<"customer.updated", Customer>
  | Ended<"customer.removed", Customer>
  | Created<"order.created", OrderDetails>
  | Changed<"order.updated", OrderDetails>
  | Reached<"order.completed", OrderDetails>
  | Reached<"order.failed", OrderDetails>
  | Reached<"order.cancelled", OrderDetails>
  | Created<"subscription.created", SubscriptionDetails>
  | SeatsChanged
  | Changed<"subscription.renewed", SubscriptionDetails>
  | Changed<"subscription.updated", SubscriptionDetails>
  | Ended<"subscription.ended", SubscriptionDetails>;

/** The types of events. */
export type ChangeEventType = ChangeEvent["type"];

/** Every type of event, to check a consumer's choice. */
export const CHANGE_EVENT_TYPES: readonly ChangeEventType[] = [
  ...(["customer.created", "customer.updated", "customer.removed"] as const),
  ...(["order.created", "order.updated", "order.completed", "order.failed", "order.cancelled"] as const),
  ...(["subscription.created", "subscription.seatsChanged", "subscription.renewed"] as const),
  ...(["subscription.updated", "subscription.ended"] as const),
];
