import type { Customer, OrderDetails, SubscriptionDetails } from "@imcloud/client";

/** What every event has. */
interface EventBase<Type extends string> {
  type: Type;
  /** The same for the same change, however often it is read: keep those that you have done. */
  id: string;
  /** Where it stands among all events. Hand it to `changes({ since })` to go on after it. */
  cursor: number;
  /** When the sync saw it. The API does not say when it happened. */
  seenAt: Date;
}

/** A thing that the API has not shown before. What was there at the first sync has none. */
interface Created<Type extends string, T> extends EventBase<Type> {
  before: undefined;
  after: T;
}

/** A thing that is other than it was. */
interface Changed<Type extends string, T> extends EventBase<Type> {
  before: T;
  after: T;
}

/** A state that a thing has come to, also one that was not known before. */
interface Reached<Type extends string, T> extends EventBase<Type> {
  before: T | undefined;
  after: T;
}

/** A thing that has come to its end. */
interface Ended<Type extends string, T> extends EventBase<Type> {
  before: T | undefined;
  /** `undefined` for what left the API's lists. */
  after: T | undefined;
}

/** Units of a product that a subscription has more or fewer of. */
export interface SeatsChange {
  productId: string;
  mpn: string | undefined;
  from: number;
  to: number;
}

/** The units of a subscription's products changed. */
export interface SeatsChanged extends Changed<"subscription.seatsChanged", SubscriptionDetails> {
  changes: SeatsChange[];
}

/** Something that changed, with the state before and after. */
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

/** The kinds of events. */
export type ChangeEventType = ChangeEvent["type"];

/** Every kind of event, by which a consumer's choice is checked. */
export const CHANGE_EVENT_TYPES: readonly ChangeEventType[] = [
  ...(["customer.created", "customer.updated", "customer.removed"] as const),
  ...(["order.created", "order.updated", "order.completed", "order.failed", "order.cancelled"] as const),
  ...(["subscription.created", "subscription.seatsChanged", "subscription.renewed"] as const),
  ...(["subscription.updated", "subscription.ended"] as const),
];
