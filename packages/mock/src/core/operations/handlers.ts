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
 * Responds to a call that has been validated as one of an operation.
 * @throws {@link DomainError} for what the rules of the business do not allow
 */
export function performOperation(operationId: string, call: AnyCall): unknown {
  const handler = Object.hasOwn(handlers, operationId) ? handlers[operationId as OperationId] : undefined;
  if (!handler) throw new Error(`No handler responds to ${operationId}.`);
  // What was validated has the types that the document generates.
  return (handler as (call: AnyCall) => unknown)(call);
}
