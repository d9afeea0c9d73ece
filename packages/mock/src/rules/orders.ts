import type { OrderCreate, OrderUpdate } from "@imcloud/spec";
import { timestampOf } from "../world/dates.ts";
import type { OrderRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { checkCredit } from "./accounts.ts";
import { totalOf } from "./pricing.ts";
import { type Quote, quote } from "./quote.ts";
import { conflict, refuse } from "./refusal.ts";
import { ACCEPTED_AFTER, isOpen, steps } from "./stages.ts";
import { changeProducts, create, renew, terminate } from "./subscriptions.ts";

const PREFIXES: Readonly<Partial<Record<OrderRecord["type"], string>>> = {
  sales: "SO",
  migration: "SO",
  change: "CH",
  renewal: "RN",
};

/** The number of an order. Cancellations have none. */
export function orderNumberOf(type: OrderRecord["type"], id: string): string | undefined {
  const prefix = PREFIXES[type];
  return prefix && `${prefix}${id}`;
}

type Said = OrderRecord["said"];

const saidOf = (body: OrderCreate | OrderUpdate): Said => {
  const { poNumber, attributes, creditCheck, billingModel, lastBillingDate, nextBillingDate } = body;
  const said = { poNumber, attributes, creditCheck, billingModel, lastBillingDate, nextBillingDate };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Said;
};

function recordOf(world: World, body: OrderCreate, offer: Quote): OrderRecord {
  const { customer, items, lines, currency, subscriptionIds, scheduled, dueAt } = offer;
  const id = world.nextId("orders");
  const { type, startDate, expirationDate, autorenewal } = body;
  return {
    id,
    type,
    orderNumber: orderNumberOf(type, id),
    customerId: customer.id,
    createdAt: world.time,
    creationDate: timestampOf(world.time),
    stage: scheduled ? "scheduled" : "submitted",
    nextAt: dueAt ?? world.time + ACCEPTED_AFTER,
    ...{ currency, lines, items, subscriptionIds, scheduled },
    said: { creditCheck: true, ...saidOf(body) },
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
 * @param isDoomed it is to end in error
 * @throws Refusal
 */
export function place(world: World, body: OrderCreate, isDoomed = false): OrderRecord {
  const offer = quote(world, body);
  if (body.creditCheck !== false) checkCredit(world, offer.customer, totalOf(offer.lines), offer.currency);
  return world.orders.put({ ...recordOf(world, body, offer), ...(isDoomed && { isDoomed }) });
}

/** Changes what a caller may say of an order; the status code `CL` asks for it to be cancelled. */
export function update(world: World, order: OrderRecord, body: OrderUpdate): OrderRecord {
  const { statusCode, status } = body;
  const said = saidOf(body);
  const changed: OrderRecord = {
    ...order,
    said: {
      ...order.said,
      ...said,
      ...(said.attributes && { attributes: { ...order.said.attributes, ...said.attributes } }),
    },
  };
  const wantsCancelled = statusCode === "CL" || status === "cancelled";
  if (!wantsCancelled) {
    if (statusCode !== undefined)
      refuse(`statusCode ${statusCode} cannot be set; CL asks for the order to be cancelled`);
    return world.orders.put(changed);
  }
  const name = order.orderNumber ?? order.id;
  if (!isOpen(order)) return conflict(`Order ${name} is ${order.stage} and can no longer be cancelled`);
  if (order.stage === "provisioning") {
    return conflict(`Order ${name} is being provisioned and can no longer be cancelled; wait for it to complete`);
  }
  return world.orders.put({ ...changed, stage: "cancelled", nextAt: undefined });
}

/** Carries out what an order is for, and gives it as it is then. */
function carryOut(world: World, order: OrderRecord): OrderRecord {
  const [subscriptionId] = order.subscriptionIds;
  const subscription = subscriptionId === undefined ? undefined : world.subscriptions.get(subscriptionId);
  switch (order.type) {
    case "sales":
    case "migration":
      return create(world, order);
    case "change":
      if (subscription) changeProducts(world, subscription, order.items);
      return order;
    case "renewal":
      if (subscription) renew(world, subscription);
      return order;
    case "cancellation":
      if (subscription) terminate(world, subscription);
      return order;
  }
}

export function complete(world: World, order: OrderRecord): void {
  const done = carryOut(world, order);
  world.orders.put({
    ...done,
    stage: "completed",
    nextAt: undefined,
    provisioningDate: order.type === "cancellation" ? undefined : timestampOf(world.time),
  });
}

/** Takes an order to its next stage. */
export function moveOn(world: World, order: OrderRecord): void {
  const step = steps[order.stage];
  if (!step) return;
  if (step.to !== "completed") {
    world.orders.put({ ...order, stage: step.to, nextAt: world.time + (step.stays ?? 0) });
  } else if (order.isDoomed) {
    world.orders.put({ ...order, stage: "error", nextAt: undefined });
  } else complete(world, order);
}
