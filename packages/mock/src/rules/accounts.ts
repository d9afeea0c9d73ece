import { DAY } from "../world/dates.ts";
import { type Cents, moneyOf } from "../world/money.ts";
import type { CustomerRecord, OrderRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { totalOf } from "./pricing.ts";
import { named, refuse } from "./refusal.ts";

/** The customer that an order is for. */
export const customerOf = (world: World, id: string): CustomerRecord =>
  named(world.customers.get(id), "customerId", id, "GET /customers");

/** Refuses what adds to the bill of a customer that may not buy. */
export function checkMayBuy({ id, customer }: CustomerRecord): void {
  const { status } = customer;
  if (status === "active" || status === "pending") return;
  refuse(`Customer ${id} is ${status} and may not order; update its status to active first`);
}

const CREDIT_DAYS = 30;

/** Refuses an order that the customer's credit does not cover, as far as the last 30 days' orders have not used it up. */
export function checkCredit(world: World, customer: CustomerRecord, amount: Cents, currency: string): void {
  if (amount <= 0) return;
  const since = world.time - CREDIT_DAYS * DAY;
  let used = 0;
  for (const order of world.orders.having("customer", customer.id)) {
    if (order.createdAt < since) break;
    if (isBilled(order)) used += Math.max(0, totalOf(order.lines));
  }
  const left = customer.creditLimit - used;
  if (amount <= left) return;
  const [costs, has] = [moneyOf(amount, currency), moneyOf(Math.max(0, left), currency)];
  refuse(
    `Customer ${customer.id} has insufficient credit: the order costs ${costs.amount} ${currency} and ${has.amount} is left; order less, or send creditCheck false`,
  );
}

const isBilled = ({ stage }: OrderRecord) => stage !== "cancelled" && stage !== "error";
