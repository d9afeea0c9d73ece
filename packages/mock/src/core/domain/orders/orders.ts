import type { OrderDetails, OrderUpdate } from "@imcloud/spec";
import { knownMembers } from "../../document/known-members.ts";
import type { WithoutNull } from "../../messages/body.ts";
import { timeOf, timestampOf } from "../../store/dates.ts";
import {
  inState,
  isBeingProvisioned,
  isOpen,
  isScheduled,
  nextCodeOf,
  statusOf,
  stopsAfter,
} from "../../store/order-states.ts";
import type { OrderRecord, OrderStatusCode, OrderStop } from "../../store/records.ts";
import type { Store } from "../../store/store.ts";
import { isWithinCredit, putOnHold } from "../accounts.ts";
import { checkDates } from "../check-dates.ts";
import { conflict, invalid } from "../errors.ts";
import { isHeld } from "../is-held.ts";
import { isOver, renew, terminate } from "../subscriptions.ts";
import type { LeftOut, OrderBody } from "./body.ts";
import { enter } from "./enter-state.ts";
import { activateSale, dropPending, makesSubscriptions, moveUnits } from "./made-subscriptions.ts";
import { orderNumberOf } from "./numbers.ts";
import { callOffRenewal, forgetRenewal, placePayment } from "./platform-orders.ts";
import { totalOf } from "./quotes/pricing.ts";
import { quote } from "./quotes/quote.ts";
import type { Quote } from "./quotes/quote-parts.ts";
import { changeSubscription } from "./subscription-changes.ts";

/** What the mock works out itself, whatever a caller submits. */
const COMPUTED: ReadonlySet<string> = new Set<keyof OrderDetails>([
  ...(["id", "orderNumber", "type", "customerId", "creationDate", "provisioningDate", "status", "statusCode"] as const),
  ...(["total", "details", "products", "subscriptionId", "targetSubscriptionId"] as const),
]);

/** What of a body is read again as it was submitted. */
const submittedOf = (body: OrderBody | WithoutNull<OrderUpdate>): Partial<OrderDetails> =>
  knownMembers("OrderDetails", body, COMPUTED);

/** The members of an update that nothing comes of. */
export function membersWithoutEffect(body: WithoutNull<OrderUpdate>): string[] {
  const shown = submittedOf(body);
  return Object.entries(body).flatMap(([name, value]) => {
    const isActedOn = name === "statusCode" || (name === "status" && value === "cancelled");
    return value === undefined || isActedOn || Object.hasOwn(shown, name) ? [] : [name];
  });
}

function recordOf(store: Store, body: OrderBody, offer: Quote, stop: OrderStop | undefined): OrderRecord {
  const { type, customer, ...rest } = offer;
  const id = store.nextId("orders");
  const creationDate = timestampOf(store.time);
  const { startDate, expirationDate, autorenewal } = body;
  const record: OrderRecord = {
    id,
    type,
    orderNumber: orderNumberOf(type, id),
    customerId: customer.id,
    // As it is shown, so that a filter by the shown time finds it.
    createdAt: timeOf(creationDate),
    creationDate,
    statusCode: "NW",
    ...rest,
    stop,
    shown: { creditCheck: true, ...submittedOf(body) },
    ...(type === "migration" && {
      migration: {
        ...(startDate && { startDate }),
        ...(expirationDate && { expirationDate }),
        ...(autorenewal !== undefined && { autorenewal }),
      },
    }),
  };
  return inState(record, "NW", store.time);
}

/**
 * Where an order stops of itself: on hold with its customer (CUST-10), waiting for the payment that no credit covers (ORD-37), or where the
 * order's own kind takes long or fails.
 */
function stopOf(store: Store, body: OrderBody, { customer, lines, stop }: Quote): OrderStop | undefined {
  if (isHeld(customer)) return { statusCode: "HL", isOfAccount: true };
  const isCovered = body.creditCheck === false || isWithinCredit(store, customer, totalOf(lines));
  return isCovered ? stop : { statusCode: "WP" };
}

/**
 * Places an order.
 * @param stop a state at which it stops on its way
 * @throws {@link DomainError}
 */
export function place(store: Store, body: OrderBody, stop?: OrderStop): OrderRecord {
  const offer = quote(store, body);
  return store.orders.put(recordOf(store, body, offer, stop ?? stopOf(store, body, offer)));
}

function markCancelled(store: Store, order: OrderRecord): OrderRecord {
  dropPending(store, order);
  return store.orders.put(inState(order, "CL", store.time));
}

function cancel(store: Store, order: OrderRecord): OrderRecord {
  const name = order.orderNumber ?? order.id;
  // A failed one can be cancelled, or submitted again (ORD-06).
  if (!isOpen(order) && order.statusCode !== "PF") {
    return conflict(`Order ${name} is ${statusOf(order)} and can no longer be cancelled`);
  }
  if (isBeingProvisioned(order) || order.isCarriedOut) {
    return conflict(`Order ${name} is being provisioned and can no longer be cancelled; wait for it to complete`);
  }
  if (order.type === "renewal") forgetRenewal(store, String(order.subscriptionIds[0]));
  return markCancelled(store, order);
}

/**
 * Changes what a caller may say of an order. The status code `CL` cancels it; without a credit check, one that waits for its payment
 * goes on.
 * @throws {@link DomainError}
 */
export function update(store: Store, order: OrderRecord, body: WithoutNull<OrderUpdate> & LeftOut): OrderRecord {
  const { statusCode, status, lastBillingDate, nextBillingDate } = body;
  checkDates({ lastBillingDate, nextBillingDate });
  const submitted = submittedOf(body);
  const attributes = submitted.attributes && { ...order.shown.attributes, ...submitted.attributes };
  const changed: OrderRecord = {
    ...order,
    shown: { ...order.shown, ...submitted, ...(attributes && { attributes }) },
  };
  if (statusCode === "CL" || status === "cancelled") return cancel(store, changed);
  // A client that sends back what it read sends the code that the order has.
  if (statusCode !== undefined && statusCode !== order.statusCode) {
    invalid(`statusCode ${statusCode} cannot be set; CL cancels the order`);
  }
  if (submitted.creditCheck !== false) return store.orders.put(changed);
  if (changed.statusCode === "WP") return enter(store, changed, "PD");
  if (changed.heldFrom?.statusCode === "WP") return store.orders.put({ ...changed, heldFrom: undefined });
  return store.orders.put(changed.stop?.statusCode === "WP" ? { ...changed, stop: undefined } : changed);
}

/**
 * Cancels what is open on a subscription that ends or is replaced: nothing could come of it any more. What is carried out already stays
 * open, as it waits for somebody.
 */
export function cancelOpenOrders(store: Store, subscriptionId: string, but?: OrderRecord): void {
  for (const order of [...store.orders.withKey("subscription", subscriptionId)]) {
    if (order.id === but?.id || !isOpen(order) || order.isCarriedOut) continue;
    markCancelled(store, order);
  }
}

/** Carries out what an order is for, and gives it as it is then. */
function carryOut(store: Store, order: OrderRecord): OrderRecord {
  if (makesSubscriptions(order)) return activateSale(store, order);
  if (order.items.some(({ move }) => move)) return moveUnits(store, order);
  const subscription = store.subscriptions.get(String(order.subscriptionIds[0]));
  if (!subscription) return order;
  if (order.type === "change") changeSubscription(store, subscription, order);
  if (order.type === "renewal") {
    callOffRenewal(store, subscription);
    renew(store, subscription);
  }
  if (order.type === "cancellation") {
    cancelOpenOrders(store, subscription.id, order);
    terminate(store, subscription);
  }
  return order;
}

/** Carries out an order, and completes it. */
export function complete(store: Store, order: OrderRecord): void {
  const done = order.isCarriedOut ? order : carryOut(store, order);
  store.orders.put({
    ...inState(done, "CP", store.time),
    provisioningDate: order.type === "cancellation" ? undefined : timestampOf(store.time),
  });
}

/** The codes at which what an order is for is done, though it is not complete (ORD-08). */
const DONE_BEFORE_END: ReadonlySet<OrderStatusCode> = new Set<OrderStatusCode>(["MO", "WZ"]);

/** Takes an order to its next state. */
export function moveOn(store: Store, order: OrderRecord): void {
  const { stop, statusCode, customerId } = order;
  const customer = store.customers.get(customerId);
  if (isScheduled(order) && customer && isHeld(customer)) {
    putOnHold(store, order);
    return;
  }
  const next = nextCodeOf(order, store.time);
  if (stop && stopsAfter[stop.statusCode] === statusCode) {
    const nextAt = stop.milliseconds === undefined ? undefined : store.time + stop.milliseconds;
    const isDone = DONE_BEFORE_END.has(stop.statusCode);
    const reached = isDone ? { ...carryOut(store, order), isCarriedOut: true } : order;
    store.orders.put({ ...reached, stop: undefined, statusCode: stop.statusCode, nextAt });
  } else if (next === "CP") complete(store, order);
  else if (next) enter(store, order, next);
}

/** The codes of which a payment is what was waited for. */
const UNPAID: ReadonlySet<OrderStatusCode> = new Set<OrderStatusCode>(["NP", "WP", "WZ"]);

/**
 * What somebody does about an order that waits for a person: the payment arrives, the approval is given, the failed one is submitted
 * again (ORD-06, ORD-07).
 * @throws {@link TypeError} when it waits for nobody, or its subscription has ended
 */
export function resume(store: Store, order: OrderRecord): void {
  const next = nextCodeOf(order, store.time);
  if (!next || order.nextAt !== undefined || isScheduled(order)) {
    throw new TypeError(`Order ${order.id} is ${statusOf(order)} (${order.statusCode}) and waits for nobody.`);
  }
  const ended = makesSubscriptions(order)
    ? undefined
    : order.subscriptionIds.find((id) => isOver(store.subscriptions.get(id)));
  if (ended !== undefined && !order.isCarriedOut) {
    throw new TypeError(`Order ${order.id} is for subscription ${ended}, which has ended.`);
  }
  if (UNPAID.has(order.statusCode)) placePayment(store, order);
  moveOn(store, order);
}
