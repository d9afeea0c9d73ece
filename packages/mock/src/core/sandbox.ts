import { transition } from "./domain/transitions.ts";
import type { Fault } from "./faults/fault.ts";
import { Faults } from "./faults/faults.ts";
import { type LimitOptions, Limits } from "./faults/limits.ts";
import { RequestLog } from "./request-log.ts";
import { type Size, seedFor } from "./seed/seeds.ts";
import { Clock } from "./store/clock.ts";
import type { Persistence } from "./store/persistence.ts";
import { kinds, Store, type StoreState } from "./store/store.ts";
import { Tokens } from "./tokens.ts";

export interface SandboxOptions extends LimitOptions {
  size: Size;
  seed: number;
  /**
   * Milliseconds since 1970 at which the clock starts.
   * @defaultValue the end of the store's history
   */
  time: number | undefined;
  /** Seconds that pass on its clock in one; 0 for a clock that only moves by hand. */
  speed: number;
  print: ((line: string) => void) | undefined;
  /** Keeps the store across restarts. */
  persistence: Persistence | undefined;
  /** Milliseconds by which every response is late. */
  latency?: Fault["milliseconds"];
}

/** Milliseconds of the longest step of the clock, a hundred years. */
const MAX_STEP = 100 * 366 * 86_400_000;

/** One mock's store with its clock, and all that is done to it from outside. */
export class Sandbox {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: RequestLog;
  readonly #snapshots = new Map<string, StoreState>();
  readonly #start: number;
  readonly #persistence: Persistence | undefined;

  constructor({ size, seed, time, speed, print, persistence, latency, ...limits }: SandboxOptions) {
    const origin = seedFor(size, seed);
    this.store = new Store(origin);
    this.#start = Math.max(time ?? origin.time, origin.time);
    this.#persistence = persistence;
    this.clock = new Clock(persistence?.load(this.store) ?? this.#start, speed);
    this.tokens = new Tokens(() => this.clock.now());
    this.faults = new Faults(latency === undefined ? [] : [{ kind: "latency", milliseconds: latency }]);
    this.limits = new Limits(limits);
    this.requests = new RequestLog(print);
    if (persistence) this.store.onChange((kind, row) => persistence.record(kind, row));
    this.runDueEvents();
  }

  /** Lets everything happen that is due by the clock. */
  runDueEvents(): void {
    this.store.advanceTo(this.clock.now(), (kind, row) => transition(this.store, kind, row));
  }

  /** Writes down what has changed. No response is sent before. */
  persist(): void {
    this.#persistence?.write(this.store);
  }

  /** @throws TypeError when the time is no whole number of milliseconds, or longer than a hundred years */
  advance(milliseconds: number): void {
    if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > MAX_STEP) {
      throw new TypeError(`The clock moves by a whole number of milliseconds from 0 to ${MAX_STEP}.`);
    }
    this.clock.advance(milliseconds);
    this.runDueEvents();
    this.persist();
  }

  /** Back to the start: the store, the clock, the faults, the limits and the requests. Snapshots and tokens stay. */
  reset(): void {
    this.store.reset();
    this.#setBackTo(this.#start);
    this.faults.clear();
    this.limits.reset();
    this.requests.clear();
  }

  #setBackTo(time: number): void {
    this.clock.set(time);
    this.runDueEvents();
    this.#persistence?.rewrite(this.store);
  }

  /** Saves the store and its time under a name. */
  save(name: string): void {
    this.runDueEvents();
    this.#snapshots.set(name, this.store.save());
  }

  /** @throws TypeError when there is no such snapshot */
  restore(name: string): void {
    const snapshot = this.#snapshots.get(name);
    if (!snapshot) throw new TypeError(`There is no snapshot "${name}".`);
    this.store.restore(snapshot);
    this.#setBackTo(snapshot.time);
  }

  snapshots(): string[] {
    return [...this.#snapshots.keys()];
  }

  /** How many there are of each kind. */
  counts(): Record<string, number> {
    return Object.fromEntries(
      kinds.filter((kind) => kind !== "drafts").map((kind) => [kind, this.store.of(kind).size]),
    );
  }
}
