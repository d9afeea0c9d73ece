import { Base, Collection, type CollectionState, type Keys } from "./collection.ts";
import { defaultInstallation, type InstallationSettings } from "./installation.ts";
import type { Kind, Records } from "./records.ts";
import { byTime, type ScheduledEvent, Scheduler, type SchedulerState } from "./scheduler.ts";

/** What a store starts from: made once for a size and a seed, and shared by all stores of it. */
export interface Seed {
  /** Milliseconds since 1970 at which its history ends. */
  readonly time: number;
  readonly bases: { readonly [K in Kind]: Base<Records[K]> };
  /** What is due of itself, by time. */
  readonly events: readonly ScheduledEvent[];
  /** The last number that each kind has given out. */
  readonly last: Readonly<Record<Kind, number>>;
}

export const kinds = [
  "customers",
  "resellers",
  "plans",
  "products",
  "subscriptions",
  "orders",
  "reports",
  "drafts",
] as const satisfies Kind[];

/** Keys by which rows are found. */
const keys: { [K in Kind]?: Keys<Records[K]> } = {
  customers: { reseller: ({ customer }) => (customer.resellerId === undefined ? [] : [customer.resellerId]) },
  subscriptions: { customer: ({ customerId }) => [customerId] },
  orders: { customer: ({ customerId }) => [customerId], subscription: ({ subscriptionIds }) => subscriptionIds },
};

/** The numbers before the first that are given out where there is none yet: as long as those of the document's examples. */
const FIRST: { [K in Kind]?: number } = {
  ...{ customers: 1_002_000, resellers: 1_000_000, subscriptions: 700_000, orders: 900_000 },
};

const keysOf = (kind: Kind) => (keys[kind] ?? {}) as Keys<Records[Kind]>;

export function seedOf(time: number, rows: { [K in Kind]: readonly Records[K][] }): Seed {
  const each = <T>(make: (kind: Kind) => T) => Object.fromEntries(kinds.map((kind) => [kind, make(kind)]));
  const events = kinds.flatMap((kind) =>
    rows[kind].flatMap(({ id, nextAt }) => (nextAt === undefined ? [] : [{ at: nextAt, kind, id }])),
  );
  return {
    time,
    bases: each((kind) => new Base<Records[Kind]>(rows[kind], keysOf(kind))) as unknown as Seed["bases"],
    events: events.sort(byTime),
    last: each((kind) => Math.max(FIRST[kind] ?? 0, ...numbersOf(rows[kind]))) as Record<Kind, number>,
  };
}

/** Puts records into a store, each in the place of the one with its id. */
export function putRows(store: Store, rows: { [K in Kind]: readonly Records[K][] }): void {
  for (const kind of kinds) for (const row of rows[kind]) store.of(kind).put(row as never);
}

/** From here on, a number and the next one may be the same. Ids of up to 19 digits are allowed. */
const MAX_COUNTED = 1e15;

/** The numbers of records that have numbers to count on from; the last ones are enough, as they rise. */
const numbersOf = (rows: readonly { id: string }[]): number[] =>
  rows.slice(-1000).flatMap(({ id }) => (/^\d+$/.test(id) && Number(id) < MAX_COUNTED ? [Number(id)] : []));

/** All that a store is beyond its seed. A value: stores can be set back to it as often as one likes. */
export interface StoreState {
  readonly time: number;
  readonly last: Readonly<Record<Kind, number>>;
  readonly scheduler: SchedulerState;
  readonly collections: { readonly [K in Kind]: CollectionState<Records[K]> };
}

/** A record that was put, and its kind. */
export type Change = readonly [kind: Kind, row: Records[Kind]];

/** Every record that is not as the seed has it; in each kind those that were added come in the order of their adding. */
export function* changesIn({ collections }: StoreState): Generator<Change, void, undefined> {
  for (const kind of kinds) {
    const { added, changed } = collections[kind];
    for (const row of changed.values()) yield [kind, row];
    for (const row of added) yield [kind, row];
  }
}

type Collections = { readonly [K in Kind]: Collection<Records[K]> };

/** A record before it was changed; `undefined` where it was added. */
interface Undo {
  kind: Kind;
  id: string;
  before: Records[Kind] | undefined;
}

/** Resellers, customers, what they can buy, what they have, and what they ordered. */
export class Store implements Collections {
  readonly customers: Collections["customers"];
  readonly resellers: Collections["resellers"];
  readonly plans: Collections["plans"];
  readonly products: Collections["products"];
  readonly subscriptions: Collections["subscriptions"];
  readonly orders: Collections["orders"];
  readonly reports: Collections["reports"];
  readonly drafts: Collections["drafts"];
  readonly #seed: Seed;
  readonly #scheduler: Scheduler;
  /** Never changed, only replaced. */
  #last: Readonly<Record<Kind, number>>;
  /** The records before each change of the transaction that is going on, in the order of the changes. */
  #undo: Undo[] | undefined;
  /** Milliseconds since 1970 up to which everything has happened. */
  time: number;

  /** What differs from one installation to the other. */
  readonly installation: InstallationSettings;

  constructor(seed: Seed, installation: InstallationSettings = defaultInstallation) {
    this.installation = installation;
    this.#seed = seed;
    this.#scheduler = new Scheduler(seed.events);
    this.#last = seed.last;
    this.time = seed.time;
    this.customers = this.#collect("customers");
    this.resellers = this.#collect("resellers");
    this.plans = this.#collect("plans");
    this.products = this.#collect("products");
    this.subscriptions = this.#collect("subscriptions");
    this.orders = this.#collect("orders");
    this.reports = this.#collect("reports");
    this.drafts = this.#collect("drafts");
  }

  #collect<K extends Kind>(kind: K): Collection<Records[K]> {
    return new Collection(this.#seed.bases[kind], keysOf(kind) as Keys<Records[K]>, (row, before) => {
      const { id, nextAt } = row;
      if (nextAt !== undefined && nextAt !== before?.nextAt) this.#scheduler.add({ at: nextAt, kind, id });
      this.#undo?.push({ kind, id, before });
    });
  }

  /**
   * Changes as a whole: when the work or the check throws, everything is as it was.
   * @param check looks at the records that were put, as they are at the end
   */
  transaction<T>(work: () => T, check?: (changes: readonly Change[], result: T) => void): T {
    if (this.#undo) throw new Error("A transaction is going on.");
    const last = this.#last;
    const undo: Undo[] = [];
    this.#undo = undo;
    try {
      const result = work();
      check?.(this.#changesOf(undo), result);
      return result;
    } catch (error) {
      for (const { kind, id, before } of undo.reverse()) this.of(kind).undo(id, before as never);
      this.#last = last;
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** Each record that was changed, as it is now. */
  #changesOf(undo: readonly Undo[]): Change[] {
    // Most calls change nothing, or one record.
    if (undo.length < 2) return undo.map(({ kind, id }) => [kind, this.of(kind).get(id) as Records[Kind]]);
    const touched = new Map(undo.map(({ kind, id }) => [`${kind} ${id}`, [kind, id] as const]));
    return [...touched.values()].map(([kind, id]) => [kind, this.of(kind).get(id) as Records[Kind]]);
  }

  of<K extends Kind>(kind: K): Collection<Records[K]> {
    return this[kind] as unknown as Collection<Records[K]>;
  }

  /** A new id: the next number of its kind that nothing has. */
  nextId(kind: Kind): string {
    let next = this.#last[kind] + 1;
    while (this.of(kind).get(String(next))) next += 1;
    // A copy: a transaction that fails goes back to what was before.
    this.#last = { ...this.#last, [kind]: next };
    return String(next);
  }

  /**
   * Moves the time on, and lets everything happen that is due until then, each thing at its own time.
   * @param time milliseconds since 1970
   * @param transition what happens to a record whose time has come
   * @param isOver whether to stop before then, looked at after each event: the time is that of the last one
   */
  advanceTo(time: number, transition: (kind: Kind, row: Records[Kind]) => void, isOver = () => false): void {
    for (let due = this.#scheduler.next(time); due; due = this.#scheduler.next(time)) {
      const row = this.of(due.kind).get(due.id);
      // It has been put off or called off since.
      if (!row || row.nextAt !== due.at) continue;
      this.time = Math.max(this.time, due.at);
      transition(due.kind, row);
      if (isOver()) return;
    }
    this.time = Math.max(this.time, time);
  }

  save(): StoreState {
    const collections = Object.fromEntries(kinds.map((kind) => [kind, this.of(kind).save()]));
    return {
      time: this.time,
      last: this.#last,
      scheduler: this.#scheduler.save(),
      collections: collections as unknown as StoreState["collections"],
    };
  }

  restore({ time, last, scheduler, collections }: StoreState): void {
    this.time = time;
    this.#last = last;
    this.#scheduler.restore(scheduler);
    for (const kind of kinds) (this.of(kind) as Collection<Records[Kind]>).restore(collections[kind] as never);
  }

  /** Starts again from the seed. */
  reset(): void {
    const none = Object.fromEntries(kinds.map((kind) => [kind, { added: [], changed: new Map() }]));
    this.restore({
      time: this.#seed.time,
      last: this.#seed.last,
      scheduler: { passed: 0, queue: [] },
      collections: none as unknown as StoreState["collections"],
    });
  }

  /** The last number that each kind has given out. */
  get last(): Readonly<Record<Kind, number>> {
    return this.#last;
  }

  /** Goes on from a time with numbers that were given out, before the records of then are put. */
  restart(time: number, last: Readonly<Record<Kind, number>>): void {
    this.time = time;
    this.#last = { ...this.#last, ...last };
  }

  /** Every record that is not as the seed has it, as {@link changesIn} gives them. */
  changes(): Iterable<Change> {
    return changesIn(this.save());
  }
}
