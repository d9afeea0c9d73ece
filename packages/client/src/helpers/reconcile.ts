import type { Customer, CustomerCreate, Order, OrderCreate, OrderDetails } from "@imcloud/spec";
import { within } from "../core/time.ts";
import type { Resources } from "../generated/resources.ts";

interface FindOptions {
  signal?: AbortSignal | undefined;
}

/** Milliseconds by which an order may seem older than its sending: with the server's clock known, and without. */
const MARGIN = 5_000;
const MARGIN_WITHOUT_CLOCK = 600_000;
/** Zones reach so far. A time without one may be in any. */
const MARGIN_WITHOUT_ZONE = 14 * 60 * 60_000;

/** Milliseconds since 1970 before which an order that was made `time` certainly was not made; `NaN` where that is no time. */
function latest(time: string): number {
  const hasZone = /(z|[+-]\d\d:?\d\d)$/i.test(time);
  const text = time.replace(" ", "T");
  return hasZone ? Date.parse(text) : Date.parse(`${text}Z`) + MARGIN_WITHOUT_ZONE;
}

/** When something was sent, by the clock of the server that sent these headers, and with a margin. */
function byServer(sentAt: Date, headers: Headers): number {
  const date = Date.parse(headers.get("date") ?? "");
  // A browser hides the header of another origin.
  if (Number.isNaN(date)) return sentAt.getTime() - MARGIN_WITHOUT_CLOCK;
  return sentAt.getTime() + (date - Date.now()) - MARGIN;
}

/** Rows to look through at a time: the most that was seen to work. */
const LARGEST_PAGE = 500;
/** Purchase order numbers to remember. */
const MAX_CACHED = 10_000;

/**
 * Remembers the purchase order numbers of orders by their ids, so that looking for many orders among each other reads each of them
 * once.
 */
export class PoNumberCache {
  readonly #numbers = new Map<string, string>();
  readonly #reading = new Map<string, Promise<OrderDetails>>();

  remember<T extends OrderDetails>(order: T): T {
    this.#numbers.set(String(order.id), String(order.poNumber));
    if (this.#numbers.size > MAX_CACHED) this.#numbers.delete(String(this.#numbers.keys().next().value));
    return order;
  }

  /** The number of an order, or `undefined` where it is not known. */
  of(id: unknown): string | undefined {
    return this.#numbers.get(String(id));
  }

  /** Reads an order, together with those who read it at this moment; an abort ends the wait of one of them alone. */
  read(id: string, get: (id: string) => PromiseLike<OrderDetails>, signal: AbortSignal | undefined) {
    let reading = this.#reading.get(id);
    if (!reading) {
      reading = Promise.resolve(get(id)).finally(() => this.#reading.delete(id));
      this.#reading.set(id, reading);
    }
    const read = reading;
    return within(
      0,
      signal,
      () => {},
      async () => this.remember(await read),
    );
  }
}

/**
 * Looks for an order that was sent: newest first, of the same customer, type and purchase order number, placed since then. Each
 * candidate is read once, as rows have no purchase order number.
 */
export function orderFinder(
  { list, get }: Pick<Resources["orders"], "list" | "get">,
  numbers: PoNumberCache,
  { customerId, type, poNumber }: OrderCreate,
  sentAt: Date,
  { signal }: FindOptions,
): () => Promise<OrderDetails | undefined> {
  const options = signal ? { signal } : {};
  const isCandidate = (row: Order) =>
    row.type === type && String(row.customerId) === customerId && (numbers.of(row.id) ?? poNumber) === poNumber;

  return async () => {
    const { data: first, response } = await list({ customerId, limit: LARGEST_PAGE }, options).withResponse();
    const since = byServer(sentAt, response.headers);
    for (let page: typeof first | undefined = first; page; page = await page.next()) {
      for (const row of page.data) {
        if (latest(row.creationDate ?? "") < since) return undefined;
        if (!isCandidate(row)) continue;
        const order = await numbers.read(String(row.id), get, signal);
        if (numbers.of(order.id) === poNumber) return order;
      }
    }
    return undefined;
  };
}

/** Looks for a customer by its `externalId`. Rows are compared too: the API ignores a filter that it does not know. */
export function customerFinder(
  { list }: Pick<Resources["customers"], "list">,
  { externalId }: CustomerCreate,
  { signal }: FindOptions,
): () => Promise<Customer | undefined> {
  return async () => {
    for await (const customer of list({ externalId: String(externalId) }, signal ? { signal } : {})) {
      if (String(customer.externalId) === externalId) return customer;
    }
    return undefined;
  };
}
