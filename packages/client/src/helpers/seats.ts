import { checkOptions, group, must, orFalse, type Rule, type Rules, text } from "@imcloud/options";
import type { OrderCreate, OrderDetails, SubscriptionDetails } from "@imcloud/spec";
import { eitherSignal } from "../core/abort.ts";
import { ApiError, MarketplaceError, OrderFailedError, TimeoutError } from "../core/errors/errors.ts";
import { CREATE_ONCE_RULES, type CreateOnceOptions } from "./create-once/create-once.ts";
import type { KeptPlan } from "./create-once/outbox.ts";
import { type PendingWork, trackWork, untilSettled, type WaitForOthers } from "./pending-work.ts";
import { WAIT_RULES, type WaitOptions } from "./wait.ts";

/** The new number of seats, or the difference. */
export type SeatTarget = { to: number; by?: undefined } | { by: number; to?: undefined };

/** Options of `subscriptions.changeSeats`. */
export interface ChangeSeatsOptions extends CreateOnceOptions {
  /** The product to change, required if the subscription has several: its `id` or its `mpn`. */
  product?: string | undefined;
  /**
   * Purchase order number of the change. It must be given with an `outbox`.
   * @defaultValue generated from the subscription, the total and the time
   */
  poNumber?: string | undefined;
  /** How to wait for the order; `false` to not wait: a change after it can then read the seats of before, and a difference be lost. */
  wait?: WaitOptions<OrderDetails> | false | undefined;
}

const seats: Rule = must("a whole number", Number.isSafeInteger);

/** The rules of {@link SeatTarget}. */
const TARGET_RULES: Rules<SeatTarget> = { to: seats, by: seats };

/** The rules of {@link ChangeSeatsOptions}. */
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
  /** The change order; `undefined` when there was nothing to change. */
  order: OrderDetails | undefined;
}

/** The body of a change order. */
type SeatOrder = OrderCreate & { poNumber: string };

/** The dependencies of a change of seats. */
export interface SeatParts {
  account: string;
  get(id: string, options: { signal?: AbortSignal | undefined }): PromiseLike<SubscriptionDetails>;
  placeOnce(body: SeatOrder, options?: CreateOnceOptions, advice?: string): Promise<OrderDetails>;
  /** Whether the outcome of an order is unknown. */
  isOpen(body: SeatOrder): boolean;
  /** The plan of this change in an outbox. */
  kept?: KeptPlan<OpenChange> | undefined;
  wait(id: string, options: WaitOptions<OrderDetails>): Promise<OrderDetails>;
  journal: SeatJournal;
}

/** A change whose outcome is unknown: its order may exist, or exists and was not yet seen as completed. */
interface OpenChange {
  target: SeatTarget;
  from: number;
  to: number;
  body: SeatOrder;
  order?: OrderDetails;
}

/** The most open changes that a client remembers. */
const MAX_OPEN = 1_000;

/** What the seat changes of a client share: which are in progress, and which have an unknown outcome. */
export class SeatJournal {
  readonly #open = new Map<string, OpenChange>();
  readonly #turns = new Map<string, Set<PendingWork>>();
  #lastTime = 0;

  /**
   * Does the changes of a subscription one after the other: of two that read the same number of seats, one would be lost. A change whose
   * request has ended silently is skipped; the outcome of what it has sent stays unknown.
   * @throws {@link TimeoutError} when earlier changes do not end in time
   */
  inTurn<T>(id: string, { signal, timeout }: WaitForOthers, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(id) ?? new Set();
    const late = () => new TimeoutError(`Another change of the seats of subscription ${id} is still under way.`);
    const turn = untilSettled([...turns], { signal, timeout, late }).then(work);
    const mine = trackWork(turn);
    turns.add(mine);
    this.#turns.set(id, turns);
    mine.ended.then(() => {
      turns.delete(mine);
      if (turns.size === 0) this.#turns.delete(id);
    });
    return turn;
  }

  open = (key: string): OpenChange | undefined => this.#open.get(key);

  /** The time in milliseconds, which is never the same twice: a clock can stand still, and be set back. */
  uniqueTime(): number {
    this.#lastTime = Math.max(Date.now(), this.#lastTime + 1);
    return this.#lastTime;
  }

  leaveOpen(key: string, change: OpenChange): void {
    this.#open.set(key, change);
    if (this.#open.size > MAX_OPEN) this.#open.delete(this.#open.keys().next().value as string);
  }

  close(key: string): void {
    this.#open.delete(key);
  }
}

type SubscriptionProduct = NonNullable<SubscriptionDetails["products"]>[number];

function findProduct(subscription: SubscriptionDetails, wanted: string | undefined): SubscriptionProduct {
  const { id, products: given } = subscription ?? {};
  const products = (Array.isArray(given) ? given : []).filter(Boolean) as SubscriptionProduct[];
  const fitting = products.filter((product) => wanted === undefined || [product.id, product.mpn].includes(wanted));
  if (fitting.length === 1 && fitting[0]) return fitting[0];
  const names = products.map((product) => product.mpn ?? product.id).join(", ") || "none";
  const what = wanted === undefined ? `${fitting.length} products` : `${fitting.length || "no"} products "${wanted}"`;
  throw new MarketplaceError(`Subscription ${id} has ${what}: name one of its own as product. It has ${names}.`);
}

/** Computes the new number of seats. */
function targetOf({ to, by }: SeatTarget, from: number): number {
  const isOne = (to === undefined) !== (by === undefined);
  const target = to ?? from + Number(by);
  if (isOne && Number.isSafeInteger(target) && target >= 0) return target;
  throw new TypeError("subscriptions.changeSeats needs { to } or { by }: a whole number, whose total is not below 0.");
}

/**
 * The seats that there are; `NaN` where the total does not depend on them, and they cannot be read: `null` is not 0.
 * @throws {@link MarketplaceError} when the subscription lacks a field that the order needs
 */
function seatsOf(
  { id, customerId }: SubscriptionDetails,
  { id: productId, quantity }: SubscriptionProduct,
  { to }: SeatTarget,
): number {
  const from = /^\s*\d+(\.0*)?\s*$/.test(String(quantity)) ? Number(quantity) : Number.NaN;
  if (customerId && productId && (to !== undefined || Number.isSafeInteger(from))) return from;
  throw new MarketplaceError(
    `Subscription ${id} came without its customer, or its product without an id or a whole number of seats: nothing was changed.`,
  );
}

/** Whether a call is the same one again. It may also name the total that the first had come to. */
const isAgain = ({ target, to, body }: OpenChange, again: SeatTarget, poNumber: string | undefined): boolean =>
  (again.to === to || (again.by !== undefined && again.by === target.by)) &&
  [undefined, body.poNumber].includes(poNumber);

/** A change from what a subscription has now. */
function changeFrom(
  subscription: SubscriptionDetails,
  product: SubscriptionProduct,
  target: SeatTarget,
  poNumber: string | undefined,
  journal: SeatJournal,
): OpenChange {
  const { id, customerId } = subscription;
  // It comes as text too, such as "2.0".
  const from = seatsOf(subscription, product, target);
  const to = targetOf(target, from);
  const body: SeatOrder = {
    type: "change",
    customerId: String(customerId),
    subscriptionId: id,
    poNumber: poNumber ?? `SEATS-${id}-${to}-${journal.uniqueTime().toString(36).toUpperCase()}`,
    products: [{ id: String(product.id), quantity: to, subscriptionId: id }],
  };
  return { target, from, to, body };
}

/** Reads a subscription, places the change order once with the new total, and waits for it. */
async function change(
  { get, placeOnce, isOpen, wait, journal, kept }: SeatParts,
  id: string,
  target: SeatTarget,
  { product: wanted, poNumber, wait: waiting = {}, ...options }: ChangeSeatsOptions,
): Promise<SeatChange> {
  const { signal } = options;
  const subscription = await get(id, { signal });
  const product = findProduct(subscription, wanted);
  const key = `${id} ${product.id}`;
  const advice = (to: number) => `Call changeSeats("${id}", { to: ${to} }) to go on with it.`;

  async function place(planned: OpenChange): Promise<OrderDetails> {
    // Before it is sent: on edge workers, its request may end silently.
    journal.leaveOpen(key, planned);
    try {
      return await placeOnce(planned.body, options, advice(planned.to));
    } catch (error) {
      if (!isOpen(planned.body)) {
        journal.close(key);
        if (error instanceof ApiError) await kept?.forget().catch(() => {});
      }
      throw error;
    }
  }

  async function complete(placed: OpenChange & { order: OrderDetails }): Promise<OrderDetails> {
    if (!waiting) return placed.order;
    // A caller that repeats the call after a failed wait does not want the seats added twice.
    journal.leaveOpen(key, placed);
    const both = eitherSignal(signal, waiting.signal);
    try {
      const order = await wait(String(placed.order.id), { ...waiting, signal: both.signal });
      journal.close(key);
      return order;
    } catch (error) {
      if (error instanceof OrderFailedError) journal.close(key);
      throw error;
    } finally {
      both.letGo();
    }
  }

  const earlier = kept?.plan ?? journal.open(key);
  if (earlier && earlier.body.products?.[0]?.id !== String(product.id)) {
    throw new MarketplaceError(
      `"${earlier.body.poNumber}" is the change of another product of subscription ${id}: give this one a poNumber of its own.`,
    );
  }
  if (earlier && !isAgain(earlier, target, poNumber)) {
    throw new MarketplaceError(
      `What became of an earlier change of these seats, to ${earlier.to}, is not known. ${advice(earlier.to)}`,
    );
  }
  const planned = earlier ?? changeFrom({ ...subscription, id }, product, target, poNumber, journal);
  const { from, to } = planned;
  if (to === from) return { from, to, order: undefined };
  if (!kept?.plan) await kept?.keep(planned);
  const order = planned.order ?? (await place(planned));
  // The order is placed. If this note is lost, the next search finds the order.
  await kept?.keep(planned, String(order.id)).catch(() => {});
  journal.close(key);
  return { from, to, order: await complete({ ...planned, order }) };
}

/** Changes the seats of a subscription. Called again after an unknown outcome, it continues the same change. */
export async function changeSeats(
  parts: SeatParts,
  id: string,
  target: SeatTarget,
  options: ChangeSeatsOptions = {},
): Promise<SeatChange> {
  // Checked before anything is sent.
  checkOptions(CHANGE_SEATS_RULES, options, "changeSeats");
  checkOptions(TARGET_RULES, target, "changeSeats");
  targetOf(target, 1e12);
  const { outbox, poNumber: text } = options;
  const { account, journal } = parts;
  if (outbox && text === undefined) {
    throw new TypeError("changeSeats needs a poNumber with an outbox: by it, the change is known again after a crash.");
  }
  const key = { account, operation: "subscriptions_changeSeats", scope: id, text: `${text}` };
  // Copies, as it may have to wait for its turn, and the caller may change the originals before.
  const [ownTarget, ownOptions] = [{ ...target }, { ...options }];
  const work = (kept?: KeptPlan<OpenChange>) => change({ ...parts, kept }, id, ownTarget, ownOptions);
  return journal.inTurn(id, options, () => (outbox ? outbox.goOn(key, work, options) : work()));
}
