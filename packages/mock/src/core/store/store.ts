import { Base, Collection, type CollectionState, type Keys } from "./collection.ts";
import { defaultInstallation, type InstallationSettings } from "./installation.ts";
import { enteredAt, orderAt, orderEventAt } from "./order-states.ts";
import type { Kind, OrderRecord, Records } from "./records.ts";
import { byTime, type ScheduledEvent, Scheduler, type SchedulerState } from "./scheduler.ts";

/** The initial data of a store. Made once for a size and a seed, and shared by stores. */
export interface Seed {
  /** Milliseconds since 1970 at which its history ends. */
  readonly time: number;
  readonly bases: { readonly [K in Kind]: Base<Records[K]> };
  /** The initial events, sorted by time. */
  readonly events: readonly ScheduledEvent[];
  /** The last id number of each kind. */
  readonly last: Readonly<Record<Kind, number>>;
}

export const kinds: readonly Kind[] = [
  "customers",
  "resellers",
  "plans",
  "products",
  "subscriptions",
  "orders",
  "reports",
  "drafts",
];

/** The indexed keys of each kind. */
const keys: { [K in Kind]?: Keys<Records[K]> } = {
  customers: { reseller: ({ customer }) => (customer.resellerId === undefined ? [] : [customer.resellerId]) },
  subscriptions: { customer: ({ customerId }) => [customerId] },
  orders: { customer: ({ customerId }) => [customerId], subscription: ({ subscriptionIds }) => subscriptionIds },
};

/** The number before the first id of an empty kind, as long as the ids of the document's examples. */
const FIRST: { [K in Kind]?: number } = {
  ...{ customers: 1_002_000, resellers: 1_000_000, subscriptions: 700_000, orders: 900_000 },
};

/** A record as it is at a time, as far as no event has to change it. */
const rowAt = <K extends Kind>(kind: K, row: Records[K], time: number): Records[K] =>
  kind === "orders" ? (orderAt(row as OrderRecord, time) as Records[K]) : row;

/** When something happens to a record by itself. */
const eventAt = <K extends Kind>(kind: K, row: Records[K]): number | undefined =>
  kind === "orders" ? orderEventAt(row as OrderRecord) : row.nextAt;

const keysOf = (kind: Kind) => (keys[kind] ?? {}) as Keys<Records[Kind]>;

export function seedOf(time: number, rows: { [K in Kind]: readonly Records[K][] }): Seed {
  const each = <T>(make: (kind: Kind) => T) => Object.fromEntries(kinds.map((kind) => [kind, make(kind)]));
  const events = kinds.flatMap((kind) =>
    rows[kind].flatMap((row) => {
      const at = eventAt(kind, row);
      return at === undefined ? [] : [{ at, kind, id: row.id }];
    }),
  );
  return {
    time,
    bases: each((kind) => new Base<Records[Kind]>(rows[kind], keysOf(kind))) as unknown as Seed["bases"],
    events: events.sort(byTime),
    last: each((kind) => Math.max(FIRST[kind] ?? 0, ...numbersOf(rows[kind]))) as Record<Kind, number>,
  };
}

/** Puts records into a store, and replaces those with the same ids. */
export function putRows(store: Store, rows: { [K in Kind]: readonly Records[K][] }): void {
  for (const kind of kinds) for (const row of rows[kind]) store.of(kind).put(row as never);
}

/** Ids from here on are not incremented, as they exceed safe integers. Up to 19 digits are allowed. */
const MAX_COUNTED = 1e15;

/** The id numbers of the last records, which are the highest. */
const numbersOf = (rows: readonly { id: string }[]): number[] =>
  rows.slice(-1000).flatMap(({ id }) => (/^\d+$/.test(id) && Number(id) < MAX_COUNTED ? [Number(id)] : []));

/** The state of a store relative to its seed. Immutable, so that stores can be set back to it repeatedly. */
export interface StoreState {
  readonly time: number;
  readonly last: Readonly<Record<Kind, number>>;
  readonly scheduler: SchedulerState;
  readonly collections: { readonly [K in Kind]: CollectionState<Records[K]> };
}

/** A changed record and its kind. */
export type Change = readonly [kind: Kind, row: Records[Kind]];

/** Every record that differs from the seed. Added records come in the order of their creation. */
export function* changesIn({ collections }: StoreState): Generator<Change, void, undefined> {
  for (const kind of kinds) {
    const { added, changed } = collections[kind];
    for (const row of changed.values()) yield [kind, row];
    for (const row of added) yield [kind, row];
  }
}

type Collections = { readonly [K in Kind]: Collection<Records[K]> };

/** A record before a change; `undefined` if it was added. */
interface Undo {
  kind: Kind;
  id: string;
  before: Records[Kind] | undefined;
}

/** The data of a mock: accounts, catalog, subscriptions, orders and reports. */
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
  /** Immutable; a change replaces it. */
  #last: Readonly<Record<Kind, number>>;
  /** The undo log of the current transaction. */
  #undo: Undo[] | undefined;
  /** The last time at which a record that was looked at had changed with time alone. */
  #seenChangeAt = 0;
  /** The event that {@link advanceTo} runs. */
  #running: ScheduledEvent | undefined;
  /** The time until which all events have run, in milliseconds since 1970. */
  time: number;

  /** Settings that differ between installations. */
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
    return new Collection(this.#seed.bases[kind], keysOf(kind) as Keys<Records[K]>, {
      onChange: (row, before) => {
        const { id } = row;
        const at = eventAt(kind, row);
        // The event that runs is in the queue no more, even where the next one is at the same time.
        const isQueued = before && at === eventAt(kind, before) && !this.#isRunning(kind, id);
        if (at !== undefined && !isQueued) this.#scheduler.add({ at, kind, id });
        this.#undo?.push({ kind, id, before });
      },
      now: (row) => {
        const current = rowAt(kind, row, this.time);
        if (current !== row) this.#seenChangeAt = Math.max(this.#seenChangeAt, enteredAt(current as OrderRecord));
        return current;
      },
    });
  }

  #isRunning(kind: Kind, id: string): boolean {
    return this.#running?.kind === kind && this.#running.id === id;
  }

  /**
   * Changes the store atomically: undoes all changes when the work or the check throws.
   * @param check gets the changed records in their final state
   */
  transaction<T>(work: () => T, check?: (changes: readonly Change[], result: T) => void): T {
    if (this.#undo) throw new Error("A transaction is already open.");
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

  /** Each changed record, in its current state. */
  #changesOf(undo: readonly Undo[]): Change[] {
    // Most calls change nothing, or one record.
    if (undo.length < 2) return undo.map(({ kind, id }) => [kind, this.of(kind).get(id) as Records[Kind]]);
    const touched = new Map(undo.map(({ kind, id }) => [`${kind} ${id}`, [kind, id] as const]));
    return [...touched.values()].map(([kind, id]) => [kind, this.of(kind).get(id) as Records[Kind]]);
  }

  of<K extends Kind>(kind: K): Collection<Records[K]> {
    return this[kind] as unknown as Collection<Records[K]>;
  }

  /** A new id: the next free number of its kind. */
  nextId(kind: Kind): string {
    let next = this.#last[kind] + 1;
    while (this.of(kind).get(String(next))) next += 1;
    // A copy, as a failed transaction restores the old value.
    this.#last = { ...this.#last, [kind]: next };
    return String(next);
  }

  /**
   * Advances the time, and runs all events until then, each at its own time.
   * @param time milliseconds since 1970
   * @param transition runs the event of a record
   * @param isOver whether to stop early, called after each event; the time is then that of the last event
   */
  advanceTo(time: number, transition: (kind: Kind, row: Records[Kind]) => void, isOver = () => false): void {
    for (let due = this.#scheduler.next(time); due; due = this.#scheduler.next(time)) {
      this.time = Math.max(this.time, due.at);
      const row = this.of(due.kind).get(due.id);
      // The event was moved or canceled since.
      if (!row || eventAt(due.kind, row) !== due.at) continue;
      this.#running = due;
      try {
        transition(due.kind, row);
      } finally {
        this.#running = undefined;
      }
      if (isOver()) return;
    }
    this.time = Math.max(this.time, time);
  }

  /** Whether a record that somebody looked at has changed with time alone since a time. */
  isSeenChangedSince(time: number): boolean {
    return this.#seenChangeAt > time;
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
    this.#seenChangeAt = 0;
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

  /** The last id number of each kind. */
  get last(): Readonly<Record<Kind, number>> {
    return this.#last;
  }

  /** Sets the time and the last id numbers, before saved records are loaded. */
  restart(time: number, last: Readonly<Record<Kind, number>>): void {
    this.time = time;
    this.#last = { ...this.#last, ...last };
  }

  /** Every record that differs from the seed, as by {@link changesIn}. */
  changes(): Iterable<Change> {
    return changesIn(this.save());
  }
}
