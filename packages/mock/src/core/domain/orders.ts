import type { OrderUpdate } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import { timestampOf } from "../store/dates.ts";
import type { OrderRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { checkCredit } from "./accounts.ts";
import { conflict, invalid } from "./errors.ts";
import { type OrderBody, typeOf } from "./order-body.ts";
import { ACCEPTED_AFTER, isOpen, steps } from "./order-stages.ts";
import { totalOf } from "./pricing.ts";
import { type Quote, quote } from "./quote.ts";
import { changeProducts, create, renew, terminate } from "./subscriptions.ts";

const PREFIXES: Readonly<Record<OrderRecord["type"], string>> = {
  sales: "SO",
  migration: "SO",
  change: "CH",
  renewal: "RN",
  cancellation: "CF",
};

/** The number of an order. */
export const orderNumberOf = (type: OrderRecord["type"], id: string): string => `${PREFIXES[type]}${id}`;

type Submitted = OrderRecord["submitted"];

const submittedOf = (body: OrderBody | WithoutNull<OrderUpdate>): Submitted => {
  const { poNumber, attributes, creditCheck, billingModel, lastBillingDate, nextBillingDate } = body;
  const submitted = { poNumber, attributes, creditCheck, billingModel, lastBillingDate, nextBillingDate };
  return Object.fromEntries(Object.entries(submitted).filter(([, value]) => value !== undefined)) as Submitted;
};

function recordOf(store: Store, body: OrderBody, offer: Quote): OrderRecord {
  const { customer, items, lines, currency, subscriptionIds, scheduled, dueAt } = offer;
  const id = store.nextId("orders");
  const { startDate, expirationDate, autorenewal } = body;
  const type = typeOf(body);
  return {
    id,
    type,
    orderNumber: orderNumberOf(type, id),
    customerId: customer.id,
    createdAt: store.time,
    creationDate: timestampOf(store.time),
    stage: scheduled ? "scheduled" : "submitted",
    nextAt: dueAt ?? store.time + ACCEPTED_AFTER,
    ...{ currency, lines, items, subscriptionIds, scheduled },
    submitted: { creditCheck: true, ...submittedOf(body) },
    ...(type === "migration" && {
      migration: {
        ...(startDate && { startDate }),
        ...(expirationDate && { expirationDate }),
        ...(autorenewal !== undefined && { autorenewal }),
      },
    }),
  };
}

/**
 * Places an order.
 * @param failsProvisioning it is to end in error
 * @throws DomainError
 */
export function place(store: Store, body: OrderBody, failsProvisioning = false): OrderRecord {
  const offer = quote(store, body);
  if (body.creditCheck !== false) checkCredit(store, offer.customer, totalOf(offer.lines), offer.currency);
  return store.orders.put({ ...recordOf(store, body, offer), ...(failsProvisioning && { failsProvisioning }) });
}

/** Changes what a caller may say of an order; the status code `CL` asks for it to be cancelled. */
export function update(store: Store, order: OrderRecord, body: WithoutNull<OrderUpdate>): OrderRecord {
  const { statusCode, status } = body;
  const submitted = submittedOf(body);
  const changed: OrderRecord = {
    ...order,
    submitted: {
      ...order.submitted,
      ...submitted,
      ...(submitted.attributes && { attributes: { ...order.submitted.attributes, ...submitted.attributes } }),
    },
  };
  const wantsCancelled = statusCode === "CL" || status === "cancelled";
  if (!wantsCancelled) {
    if (statusCode !== undefined)
      invalid(`statusCode ${statusCode} cannot be set; CL asks for the order to be cancelled`);
    return store.orders.put(changed);
  }
  const name = order.orderNumber ?? order.id;
  if (!isOpen(order)) return conflict(`Order ${name} is ${order.stage} and can no longer be cancelled`);
  if (order.stage === "provisioning") {
    return conflict(`Order ${name} is being provisioned and can no longer be cancelled; wait for it to complete`);
  }
  return store.orders.put({ ...changed, stage: "cancelled", nextAt: undefined });
}

/** Carries out what an order is for, and gives it as it is then. */
function carryOut(store: Store, order: OrderRecord): OrderRecord {
  const [subscriptionId] = order.subscriptionIds;
  const subscription = subscriptionId === undefined ? undefined : store.subscriptions.get(subscriptionId);
  switch (order.type) {
    case "sales":
    case "migration":
      return create(store, order);
    case "change":
      if (subscription) changeProducts(store, subscription, order.items);
      return order;
    case "renewal":
      if (subscription) renew(store, subscription);
      return order;
    case "cancellation":
      if (subscription) terminate(store, subscription);
      return order;
  }
}

export function complete(store: Store, order: OrderRecord): void {
  const done = carryOut(store, order);
  store.orders.put({
    ...done,
    stage: "completed",
    nextAt: undefined,
    provisioningDate: order.type === "cancellation" ? undefined : timestampOf(store.time),
  });
}

/** Takes an order to its next stage. */
export function moveOn(store: Store, order: OrderRecord): void {
  const step = steps[order.stage];
  if (!step) return;
  if (step.to !== "completed") {
    store.orders.put({ ...order, stage: step.to, nextAt: store.time + (step.stays ?? 0) });
  } else if (order.failsProvisioning) {
    store.orders.put({ ...order, stage: "error", nextAt: undefined });
  } else complete(store, order);
}
