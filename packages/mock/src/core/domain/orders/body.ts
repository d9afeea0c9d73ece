import type { OrderCreate } from "@imcloud/spec";
import type { WithoutNull } from "../../messages/body.ts";

/** Fields that clients send although the document says to leave them out. */
export interface LeftOut {
  status?: string;
  lastBillingDate?: string;
  nextBillingDate?: string;
}

/** An order as it was submitted. */
export type OrderBody = WithoutNull<OrderCreate> & LeftOut;

/** A product as it was submitted. People give it a name, which the document says to leave out. */
export type OrderBodyProduct = NonNullable<OrderBody["products"]>[number] & { name?: string };

/** What an order is to do. An order without a type is a sale. */
export const typeOf = ({ type }: Pick<OrderBody, "type">): NonNullable<OrderBody["type"]> => type ?? "sales";
