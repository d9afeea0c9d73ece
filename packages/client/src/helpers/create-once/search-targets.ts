import type { Customer, CustomerCreate, CustomerRow, Order, OrderCreate, OrderDetails } from "@imcloud/spec";
import type { PagePromise } from "../../core/lists/pages.ts";
import type { RequestOptions } from "../../core/request-options.ts";
import type { Resources } from "../../generated/resources.ts";
import { matchText } from "./text-match.ts";

/** A row or a thing that has an id. */
export interface Identified {
  id?: unknown;
}

/** How one kind of thing is looked for. */
export interface SearchTarget<Row extends Identified, Thing extends Identified> {
  /** What it was sent with, and is known by. */
  text: string;
  /** Things that differ in this are never taken for each other. */
  scope: string;
  /** All that was sent, with what the API takes for what is left out. */
  body: object;
  /** Whether it is the same whatever else was sent. */
  isAnyBody?: boolean | undefined;
  /** Lists it among others, newest first. */
  list(query: { limit: number }, options: RequestOptions): PagePromise<Row>;
  /** Lists those that the API finds by the text itself, where it can. */
  listByText?(options: RequestOptions): PagePromise<Row>;
  get(id: string, options: RequestOptions): PromiseLike<Thing>;
  /** The text as far as a row has it: rows are thin. */
  textOfRow(row: Row): unknown;
  /** The text that the API keeps. */
  textOf(thing: Thing): unknown;
  /** The row cannot be it, whatever its text. */
  isOther(row: Row): boolean;
  /** Whether its content is what was sent. */
  compare(thing: Thing): Likeness;
}

/** Whether two contents are the same, as far as they can be compared. */
export type Likeness = "same" | "unknown" | "different";

const ORDER_TYPES = ["sales", "change", "renewal", "cancellation", "migration"];

/** The API takes an order without a type for a sales order. */
const typeOf = ({ type = "sales" }: { type?: unknown }): string =>
  (typeof type === "string" ? type : "").trim().toLowerCase();

/** Whether two ids are the same, as text or as a number. */
const isSameId = (one: unknown, other: unknown): boolean => /^(exact|alike)$/.test(matchText(String(one), other));

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

interface ProductLike {
  id?: unknown;
  mpn?: unknown;
  quantity?: unknown;
  subscriptionId?: unknown;
}

interface OrderLike {
  type?: unknown;
  subscriptionId?: unknown;
  products?: unknown;
}

const productsOf = ({ products }: OrderLike): ProductLike[] =>
  (Array.isArray(products) ? products : []).filter(Boolean);

/** `undefined` where there is nothing that both have. */
function isSameProduct(sent: ProductLike, kept: ProductLike): boolean | undefined {
  if (isGiven(sent.id) && isGiven(kept.id)) return isSameId(sent.id, kept.id);
  if (!isGiven(sent.mpn) || !isGiven(kept.mpn)) return undefined;
  return matchText(String(sent.mpn), kept.mpn) !== "different";
}

/** Whether a number was kept; `same` where there is nothing to compare. Quantities come as text too, in the forms of some country. */
function compareQuantities(sent: ProductLike, kept: ProductLike): Likeness {
  if (!isGiven(sent.quantity) || !isGiven(kept.quantity)) return "same";
  const [mine, theirs] = [Number(sent.quantity), Number(kept.quantity)];
  if (Number.isNaN(mine) || Number.isNaN(theirs)) return "unknown";
  return mine === theirs ? "same" : "different";
}

const subscriptionsOf = (order: OrderLike): string[] =>
  [order.subscriptionId, ...productsOf(order).map(({ subscriptionId }) => subscriptionId)].filter(isGiven).map(String);

/** Compares by the subscription and the products. A change order reads with the difference as its quantity, not the total. */
export function compareOrders(sent: OrderLike, kept: OrderLike): Likeness {
  const [mySubscriptions, theirSubscriptions] = [subscriptionsOf(sent), subscriptionsOf(kept)];
  const isOnSame = theirSubscriptions.some((theirs) => mySubscriptions.some((mine) => isSameId(mine, theirs)));
  if (mySubscriptions.length > 0 && theirSubscriptions.length > 0 && !isOnSame) return "different";
  const kinds = productsOf(sent).map((mine) => {
    const comparable = productsOf(kept).filter((theirs) => isSameProduct(mine, theirs) !== undefined);
    if (comparable.length === 0) return "unknown";
    const same = comparable.filter((theirs) => isSameProduct(mine, theirs));
    const likenesses = same.map((theirs) => (typeOf(sent) === "sales" ? compareQuantities(mine, theirs) : "same"));
    return (["same", "unknown"] as const).find((each) => likenesses.includes(each)) ?? "different";
  });
  if (kinds.includes("different")) return "different";
  return isOnSame || (kinds.length > 0 && !kinds.includes("unknown")) ? "same" : "unknown";
}

/** An order among the newest of its customer, known by its `poNumber`, which rows do not have. */
export function orderTarget(
  { list, get }: Pick<Resources["orders"], "list" | "get">,
  body: OrderCreate & { poNumber: string },
): SearchTarget<Order, OrderDetails> {
  const { customerId, poNumber } = body;
  const type = typeOf(body);
  return {
    text: poNumber,
    scope: String(customerId),
    body: { ...body, customerId: String(customerId), type },
    list: (query, options) => list({ ...query, customerId: String(customerId) }, options),
    get,
    textOfRow: () => undefined,
    textOf: (order) => order.poNumber,
    isOther(row) {
      const theirs = isGiven(row.type) ? typeOf(row) : "unknown";
      // Types that nobody knows yet are added to the API.
      if (theirs !== type && ORDER_TYPES.includes(theirs)) return true;
      return matchText(String(customerId), row.customerId) === "different";
    },
    compare: (order) => compareOrders(body, order),
  };
}

/** A customer among the newest, known by its `externalId`. */
export function customerTarget(
  { list, get }: Pick<Resources["customers"], "list" | "get">,
  body: CustomerCreate & { externalId: string },
): SearchTarget<CustomerRow, Customer> {
  const { externalId, name } = body;
  return {
    text: externalId,
    scope: "customers",
    body,
    list,
    listByText: (options) => list({ externalId }, options),
    get,
    textOfRow: (row) => row.externalId,
    textOf: (customer) => customer.externalId,
    isOther: () => false,
    compare(customer) {
      const match = matchText(String(name), customer.name);
      return match === "exact" || match === "alike" ? "same" : match === "different" ? "different" : "unknown";
    },
  };
}
