import type { OrderCreate } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";

/** An order as it was submitted. */
export type OrderBody = WithoutNull<OrderCreate>;

export type OrderBodyProduct = NonNullable<OrderBody["products"]>[number];

/** What an order is to do. An order without a type is a sale. */
export const typeOf = ({ type }: Pick<OrderBody, "type">): NonNullable<OrderBody["type"]> => type ?? "sales";
