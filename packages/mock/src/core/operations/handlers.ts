import { plans, products, validation } from "./catalog.ts";
import { customers } from "./customers.ts";
import type { AnyCall, Handlers, OperationId } from "./handler.ts";
import { orders } from "./orders.ts";
import { reports } from "./reports.ts";
import { resellers } from "./resellers.ts";
import { subscriptions } from "./subscriptions.ts";

const handlers: Handlers = {
  ...customers,
  ...resellers,
  ...products,
  ...plans,
  ...validation,
  ...orders,
  ...subscriptions,
  ...reports,
};

/**
 * Performs a validated call of an operation.
 * @throws {@link DomainError} when a business rule refuses it
 */
export function performOperation(operationId: string, call: AnyCall): unknown {
  const handler = Object.hasOwn(handlers, operationId) ? handlers[operationId as OperationId] : undefined;
  if (!handler) throw new Error(`No handler responds to ${operationId}.`);
  // A validated call has the generated types.
  return (handler as (call: AnyCall) => unknown)(call);
}
