import type { OrderCreate, OrderDetails, SubscriptionDetails } from "@imcloud/spec";
import { checkOptions, group, orFalse, type Rules, text } from "../core/check.ts";
import { MarketplaceError } from "../core/errors.ts";
import { CREATE_ONCE_RULES, type CreateOnceOptions } from "./create-once.ts";
import { WAIT_RULES, type WaitOptions } from "./wait.ts";

/** What to change the seats of a subscription to, or by. */
export type SeatTarget = { to: number; by?: undefined } | { by: number; to?: undefined };

/** Options of `subscriptions.changeSeats`. */
export interface ChangeSeatsOptions extends CreateOnceOptions {
  /** The product to change, where the subscription has several: its `id` or its `mpn`. */
  product?: string | undefined;
  /**
   * Purchase order number of the change.
   * @defaultValue one that is made from the subscription, the total and the time
   */
  poNumber?: string | undefined;
  /** How to wait for the order; `false` for not to wait. */
  wait?: WaitOptions<OrderDetails> | false | undefined;
}

/** What {@link ChangeSeatsOptions} must be. */
const CHANGE_SEATS_RULES: Rules<ChangeSeatsOptions> = {
  ...CREATE_ONCE_RULES,
  product: text,
  poNumber: text,
  wait: orFalse(group(WAIT_RULES)),
};

/** A change of seats. */
export interface SeatChange {
  /** Seats before. */
  from: number;
  /** Seats after. */
  to: number;
  /** The order that changed them; `undefined` where there was nothing to change. */
  order: OrderDetails | undefined;
}

/** What a change of seats is made of. */
export interface SeatParts {
  get(id: string, options: { signal?: AbortSignal | undefined }): PromiseLike<SubscriptionDetails>;
  createOnce(body: OrderCreate & { poNumber: string }, options: CreateOnceOptions): Promise<OrderDetails>;
  wait(id: string, options: WaitOptions<OrderDetails>): Promise<OrderDetails>;
}

type SubscriptionProduct = NonNullable<SubscriptionDetails["products"]>[number];

function findProduct({ id, products = [] }: SubscriptionDetails, wanted: string | undefined): SubscriptionProduct {
  const fitting = products.filter((product) => wanted === undefined || [product.id, product.mpn].includes(wanted));
  if (fitting.length === 1 && fitting[0]) return fitting[0];
  const names = products.map((product) => product.mpn ?? product.id).join(", ") || "none";
  throw new MarketplaceError(
    `Subscription ${id} has ${fitting.length} such products: say which by { product }. It has ${names}.`,
  );
}

/** Seats are whole: 30 and five more are 35. */
function targetOf({ to, by }: SeatTarget, from: number): number {
  const isOne = (to === undefined) !== (by === undefined);
  const target = to ?? from + Number(by);
  if (isOne && Number.isSafeInteger(target) && target >= 0) return target;
  throw new TypeError("subscriptions.changeSeats needs { to } or { by }: a whole number, whose total is not below 0.");
}

/** Reads a subscription, places the change order once with the new total, and waits for it. */
export async function changeSeats(
  { get, createOnce, wait }: SeatParts,
  id: string,
  target: SeatTarget,
  given: ChangeSeatsOptions = {},
): Promise<SeatChange> {
  // Before anything is sent: what can be known without the subscription.
  checkOptions(CHANGE_SEATS_RULES, given, "changeSeats");
  const { product: wanted, poNumber, wait: waiting = {}, ...options } = given;
  targetOf(target, 1e12);
  const { signal } = options;
  const subscription = await get(id, { signal });
  const product = findProduct(subscription, wanted);
  // It comes as text too, such as "2.0".
  const from = Number(product.quantity);
  const to = targetOf(target, from);
  if (to === from) return { from, to, order: undefined };
  const placed = await createOnce(
    {
      type: "change",
      customerId: String(subscription.customerId),
      subscriptionId: id,
      poNumber: poNumber ?? `SEATS-${id}-${to}-${Date.now().toString(36).toUpperCase()}`,
      products: [{ id: String(product.id), quantity: to, subscriptionId: id }],
    },
    options,
  );
  return { from, to, order: waiting ? await wait(placed.id, { signal, ...waiting }) : placed };
}
