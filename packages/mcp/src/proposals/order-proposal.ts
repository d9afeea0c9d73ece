import { createHash, randomBytes } from "node:crypto";
import type { ImcloudClient, OrderCreate, OrderEstimate, SubscriptionDetails } from "@imcloud/client";
import { ToolError } from "../results/failure.ts";
import { linesOf, orderView, seatsOf } from "../results/views.ts";
import { explainRefusal } from "./missing-parameters.ts";
import type { Proposal } from "./proposal.ts";

/** The input of an order tool. */
export interface OrderWish {
  type: "sales" | "change" | "renewal" | "cancellation";
  customerId?: string | undefined;
  subscriptionId?: string | undefined;
  products?: { id: string; quantity: number; parameters?: { name: string; value: string }[] | undefined }[] | undefined;
  poNumber?: string | undefined;
  scheduledOn?: "renewal" | undefined;
}

/** Descriptions of what an order does, without texts of the marketplace. */
const EFFECTS: Readonly<Record<OrderWish["type"], string>> = {
  sales:
    "It buys these products for the customer, charges the total, and accepts the vendors' terms in the customer's name.",
  change:
    "It changes the subscription to these quantities, which are totals, and charges the total, or gives back one below zero.",
  renewal: "It renews the subscription for another period, and charges for it.",
  cancellation:
    "It ends the subscription: what the customer uses by it stops working. A total below zero is given back.",
};

/** A unique PO number to find the order by. */
export const newPoNumber = () => `MCP-${randomBytes(6).toString("hex").toUpperCase()}`;

/** A digest of everything that a proposal depends on. */
export const fingerprintOf = (parts: unknown): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** A digest of an order's content, without its PO number. */
export const contentOf = ({ poNumber: _, ...content }: OrderCreate): string => fingerprintOf(content);

/** The current state of the subscription that an order acts on. */
export const stateOf = ({ status, renewalStatus, expirationDate, ...subscription }: SubscriptionDetails) => ({
  ...{ status, renewsByItself: renewalStatus, expirationDate, products: seatsOf({ ...subscription, status }) },
});

/** The prices of an estimate. */
export const priceOf = (estimate: OrderEstimate) => ({ total: estimate.total, lines: linesOf(estimate) });

/** Checks that an order is complete, before any call. */
function checkWish({ type, customerId, subscriptionId, products = [] }: OrderWish): void {
  const isSale = type === "sales";
  if (isSale && !customerId) throw new ToolError("A sale needs customerId. Find it by find_customers.");
  if (isSale && subscriptionId)
    throw new ToolError("A sale makes a subscription of its own: leave subscriptionId out, or use type change.");
  if (!isSale && !subscriptionId)
    throw new ToolError(`An order of type ${type} needs subscriptionId. Find it by find_subscriptions.`);
  const takesProducts = isSale || type === "change";
  if (takesProducts && products.length === 0)
    throw new ToolError(`An order of type ${type} needs products. Find their ids by find_products.`);
  if (!takesProducts && products.length > 0)
    throw new ToolError(`An order of type ${type} takes no products: it is about the whole subscription.`);
}

/** The order to send. */
function bodyOf(wish: OrderWish, customerId: string, poNumber: string): OrderCreate & { poNumber: string } {
  const { type, subscriptionId, products, scheduledOn } = wish;
  const lines = products?.map((product) => ({ ...product, ...(subscriptionId && { subscriptionId }) }));
  return {
    type,
    customerId,
    poNumber,
    ...(subscriptionId && { subscriptionId }),
    ...(lines?.length && { products: lines }),
    ...(scheduledOn && { scheduledOn }),
  } as OrderCreate & { poNumber: string };
}

/**
 * Prices an order, and describes its effect.
 * @throws {@link ToolError} when it is incomplete
 */
export async function proposeOrder(imcloud: ImcloudClient, given: OrderWish, signal: AbortSignal): Promise<Proposal> {
  checkWish(given);
  const wish = { ...given, poNumber: given.poNumber ?? newPoNumber() };
  const subscription = wish.subscriptionId
    ? await imcloud.subscriptions.get(wish.subscriptionId, { signal })
    : undefined;
  const customerId = String(wish.customerId ?? subscription?.customerId);
  if (subscription && String(subscription.customerId) !== customerId) {
    throw new ToolError("The subscription is another customer's: leave customerId out, or look at the ids again.");
  }
  const body = bodyOf(wish, customerId, wish.poNumber);
  const customer = await imcloud.customers.get(customerId, { signal });
  const estimate = await imcloud.orders.estimate(body, { signal }).catch(async (error: unknown) => {
    throw await explainRefusal(imcloud, body, error, signal);
  });
  const price = priceOf(estimate);
  const before = subscription && stateOf(subscription);
  const { id, name, status } = customer;
  return {
    tool: "place_order",
    poNumber: wish.poNumber,
    shown: {
      data: { customer: { id, name, status }, order: body, ...(before && { before }), ...price },
      advice: `${EFFECTS[wish.type]}${price.total ? "" : " The marketplace gives no price for it beforehand."}`,
    },
    content: contentOf(body),
    fingerprint: fingerprintOf([body, price, before, status]),
    again: (later) => proposeOrder(imcloud, wish, later),
    async carryOut(later) {
      const order = await imcloud.orders.createOnce(body, { signal: later });
      return {
        data: orderView(order),
        advice:
          "The order is placed, once. It is done when its status is completed: look at it by find_orders with its id.",
      };
    },
  };
}
