import { DAY } from "../store/dates.ts";
import { type Cents, moneyOf } from "../store/money.ts";
import type { CustomerRecord, OrderRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { invalid, requireReference } from "./errors.ts";
import { totalOf } from "./pricing.ts";

/** The customer that an order is for. */
export const customerOf = (store: Store, id: string): CustomerRecord =>
  requireReference(store.customers.get(id), "customerId", id, "GET /customers");

/** Refuses what adds to the bill of a customer that may not buy. */
export function checkMayBuy({ id, customer }: CustomerRecord): void {
  const { status } = customer;
  if (status === "active" || status === "pending") return;
  invalid(`Customer ${id} is ${status} and may not order; update its status to active first`);
}

const CREDIT_DAYS = 30;

/** Refuses an order that the customer's credit does not cover, as far as the last 30 days' orders have not used it up. */
export function checkCredit(store: Store, customer: CustomerRecord, amount: Cents, currency: string): void {
  if (amount <= 0) return;
  const since = store.time - CREDIT_DAYS * DAY;
  let used = 0;
  for (const order of store.orders.withKey("customer", customer.id)) {
    if (order.createdAt < since) break;
    if (isBilled(order)) used += Math.max(0, totalOf(order.lines));
  }
  const left = customer.creditLimit - used;
  if (amount <= left) return;
  const [costs, has] = [moneyOf(amount, currency), moneyOf(Math.max(0, left), currency)];
  invalid(
    `Customer ${customer.id} has insufficient credit: the order costs ${costs.amount} ${currency} and ${has.amount} is left; order less, or send creditCheck false`,
  );
}

const isBilled = ({ stage }: OrderRecord) => stage !== "cancelled" && stage !== "error";
