import type { ImcloudClient, OrderCreate } from "@imcloud/client";
import { ToolError } from "../results/failure.ts";
import { orderView } from "../results/views.ts";
import { contentOf, fingerprintOf, newPoNumber, priceOf, stateOf } from "./order-proposal.ts";
import type { Proposal } from "./proposal.ts";

/** The input of the seat tools. */
export interface SeatWish {
  subscriptionId: string;
  /** The new total. */
  seats: number;
  /** Id of the product, if the subscription has several. */
  productId?: string | undefined;
  poNumber?: string | undefined;
}

/**
 * Prices a change of seats, and describes its effect.
 * @throws {@link ToolError} when the product is ambiguous, or nothing would change
 */
export async function proposeSeats(imcloud: ImcloudClient, given: SeatWish, signal: AbortSignal): Promise<Proposal> {
  const { subscriptionId, seats, productId } = given;
  const poNumber = given.poNumber ?? newPoNumber();
  const subscription = await imcloud.subscriptions.get(subscriptionId, { signal });
  const before = stateOf(subscription);
  const fitting = before.products.filter((product) => productId === undefined || product.id === productId);
  const [product] = fitting;
  if (fitting.length !== 1 || !product?.id) {
    throw new ToolError(
      `The subscription has ${fitting.length} such products: name one by productId. find_subscriptions with its id lists them.`,
    );
  }
  const from = product.seats;
  if (from === seats) throw new ToolError(`The subscription has ${seats} seats already: there is nothing to change.`);
  const body: OrderCreate = {
    type: "change",
    customerId: String(subscription.customerId),
    subscriptionId,
    poNumber,
    products: [{ id: product.id, quantity: seats, subscriptionId }],
  };
  const price = priceOf(await imcloud.orders.estimate(body, { signal }));
  const { id, name } = product;
  return {
    tool: "change_seats",
    poNumber,
    shown: {
      data: {
        ...{ subscriptionId, subscriptionName: subscription.name, customerId: body.customerId, poNumber },
        change: { productId: id, productName: name, from, to: seats, difference: seats - Number(from) },
        ...{ before, ...price },
      },
      advice:
        "It changes the seats to this total. The price is for what is left of the period, and negative where something is given back.",
    },
    content: contentOf(body),
    fingerprint: fingerprintOf([body, price, before]),
    again: (later) => proposeSeats(imcloud, { ...given, poNumber }, later),
    async carryOut(later) {
      const change = await imcloud.subscriptions.changeSeats(
        subscriptionId,
        { to: seats },
        { product: id, poNumber, wait: false, signal: later },
      );
      return {
        data: { from: change.from, to: change.to, order: change.order && orderView(change.order) },
        advice:
          "The change is ordered, once. It is done when the order's status is completed: look at it by find_orders with its id.",
      };
    },
  };
}
