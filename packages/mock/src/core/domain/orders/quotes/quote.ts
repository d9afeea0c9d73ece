import type { CustomerRecord, PlacedType } from "../../../store/records.ts";
import type { Store } from "../../../store/store.ts";
import { customerOf } from "../../accounts.ts";
import { checkDates } from "../../check-dates.ts";
import { type OrderBody, typeOf } from "../body.ts";
import { change } from "./change.ts";
import type { Quote } from "./quote-parts.ts";
import { cancellation, renewal } from "./renewals-and-cancellations.ts";
import { sale } from "./sale.ts";

type Quoter = (store: Store, order: OrderBody, type: PlacedType, customer: CustomerRecord) => Quote;

const byType: Readonly<Record<NonNullable<OrderBody["type"]>, Quoter>> = {
  ...{ sales: sale, change, renewal, cancellation, migration: sale },
};

/**
 * Checks an order and prices it.
 * @throws {@link DomainError} when it could not be placed
 */
export function quote(store: Store, order: OrderBody): Quote {
  const { startDate, expirationDate, migrationDate, lastBillingDate, nextBillingDate } = order;
  checkDates({ startDate, expirationDate, migrationDate, lastBillingDate, nextBillingDate });
  const type = typeOf(order);
  return byType[type](store, order, type, customerOf(store, order.customerId));
}
