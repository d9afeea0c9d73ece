import { resume } from "./domain/orders.ts";
import { giveUp, transition } from "./domain/transitions.ts";
import type { Fault } from "./faults/fault.ts";
import { Faults } from "./faults/faults.ts";
import { type LimitOptions, Limits } from "./faults/limits.ts";
import { Waits } from "./faults/waits.ts";
import { lineOf } from "./line.ts";
import { Overrides } from "./operations/overrides.ts";
import { Pauses } from "./pauses.ts";
import { ReportFiles } from "./reports/report-files.ts";
import { type LogFormat, RequestLog } from "./request-log.ts";
import { Clock } from "./store/clock.ts";
import type { InstallationSettings } from "./store/installation.ts";
import type { Persistence } from "./store/persistence.ts";
import type { Kind, Records } from "./store/records.ts";
import { type Change, kinds, type Seed, Store, type StoreState } from "./store/store.ts";
import { Tokens } from "./tokens.ts";

export interface BackendOptions extends LimitOptions {
  /** What the store starts from. */
  seed: Seed;
  /**
   * Milliseconds since 1970 at which the clock starts.
   * @defaultValue the end of the store's history
   */
  time?: number | undefined;
  /** Seconds that pass on its clock in one; 0 for a clock that only moves by hand. */
  speed: number;
  print?: ((line: string) => void) | undefined;
  /**
   * How requests are printed.
   * @defaultValue `lines`
   */
  log?: LogFormat | undefined;
  /** Keeps the store across restarts. */
  persistence?: Persistence | undefined;
  /** A store of the same options when its clock started, so that its history need not happen again. */
  started?: StoreState | undefined;
  /** What differs from one installation of the platform to the other. */
  installation?: InstallationSettings | undefined;
  gateway?: GatewaySettings | undefined;
  /** Milliseconds by which every response is late. */
  latency?: Fault["milliseconds"] | undefined;
  /** Where its calls wait; of several backends that end together, the same. */
  waits?: Waits;
}

/** How what stands in front of the API is set up. */
export interface GatewaySettings {
  /** A call without a subscription key is refused. Not every installation has a gateway that asks for one. */
  requireKey: boolean;
  /** Pages of other origins may call the API with their cookies. */
  corsCredentials: boolean;
}

/** Milliseconds of the longest step of the clock, a hundred years. */
const MAX_STEP = 100 * 366 * 86_400_000;
/** Where the clock ends: no date of the API has more than four digits for the year. */
const MAX_TIME = Date.parse("9000-01-01T00:00:00Z");

const MAX_SNAPSHOTS = 100;

/** What is behind the API of one mock: its store with its clock, its faults, and all that is done to them from outside. */
export class Backend {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: RequestLog;
  readonly waits: Waits;
  readonly gateway: GatewaySettings;
  readonly overrides = new Overrides();
  readonly files: ReportFiles;
  readonly #snapshots = new Map<string, StoreState>();
  readonly #start: number;
  #started: StoreState | undefined;
  /** How often the store was set back: a long step that goes on then ends. */
  #turn = 0;
  readonly #persistence: Persistence | undefined;
  /** Prints what is no request. */
  readonly #say: (message: string) => void;
  /** What has changed and is not kept yet, by kind and id. */
  readonly #unsaved = new Map<string, Change>();

  constructor(options: BackendOptions) {
    const {
      seed,
      time,
      speed,
      print,
      log = "lines",
      persistence,
      latency,
      installation,
      waits,
      gateway,
      started,
      ...limits
    } = options;
    this.store = new Store(seed, installation);
    this.files = new ReportFiles(this.store);
    this.#start = Math.max(time ?? seed.time, seed.time);
    this.#persistence = persistence;
    const say = (message: string) => print?.(log === "json" ? JSON.stringify({ message }) : message);
    this.#say = say;
    const loaded = persistence?.load(this.store);
    this.clock = new Clock(loaded ?? this.#start, speed);
    this.tokens = new Tokens(() => this.clock.now());
    this.faults = new Faults(latency === undefined ? [] : [{ kind: "latency", milliseconds: latency }]);
    this.limits = new Limits(limits);
    this.requests = new RequestLog(print, log);
    this.waits = waits ?? new Waits();
    this.gateway = gateway ?? { requireKey: false, corsCredentials: false };
    if (loaded === undefined && started) this.store.restore(started);
    this.#advanceTo(loaded ?? this.#start);
    if (loaded === undefined) this.#started = this.store.save();
  }

  /** What the store was when its clock started, for others of the same options. */
  get started(): StoreState | undefined {
    return this.#started;
  }

  /** @param isOver whether to stop before then, looked at after each event */
  #advanceTo(time: number, isOver?: () => boolean): void {
    this.store.advanceTo(time, (kind, row) => this.#transition(kind, row), isOver);
  }

  #transition(kind: Kind, row: Records[Kind]): void {
    const note = (changes: readonly Change[]) => this.#note(changes);
    try {
      this.store.transaction(() => transition(this.store, kind, row), note);
    } catch (error) {
      // Whatever it is, all others go on.
      this.#say(lineOf(`${kind} ${row.id} cannot move on: ${(error as Error).message}`));
      this.store.transaction(() => giveUp(this.store, kind, row), note);
    }
  }

  #note(changes: readonly Change[]): void {
    if (!this.#persistence) return;
    for (const change of changes) this.#unsaved.set(`${change[0]} ${change[1].id}`, change);
  }

  /** Lets everything happen that is due by the clock. */
  runDueEvents(): void {
    this.#advanceTo(this.clock.now());
    this.#keepIfPossible();
  }

  #keepIfPossible(): void {
    try {
      this.#keep([]);
    } catch {
      // It is written with the next change that can be: what is due happens again after a restart.
    }
  }

  /**
   * Changes the store as a whole: what a piece of work that throws has changed is undone, and so is what could not be kept.
   * @param check looks at what was changed, and throws where it cannot stay
   */
  change<T>(work: () => T, check: (changes: readonly Change[], result: T) => void = () => {}): T {
    return this.store.transaction(work, (changes, result) => {
      check(changes, result);
      this.#keep(changes);
    });
  }

  /** Writes down what has changed: no response is sent before. */
  #keep(changes: readonly Change[]): void {
    if (!this.#persistence) return;
    this.#persistence.write(this.store, [...this.#unsaved.values(), ...changes]);
    this.#unsaved.clear();
  }

  /**
   * Moves the clock. A short step is done at once; a long one lets calls in between, which see the time that it has come to.
   * @throws {@link TypeError} when the time is no whole number of milliseconds, longer than a hundred years, or leads beyond the year 8999
   */
  async advance(milliseconds: number): Promise<void> {
    if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > MAX_STEP) {
      throw new TypeError(`The clock moves by a whole number of milliseconds from 0 to ${MAX_STEP}.`);
    }
    if (this.clock.now() + milliseconds >= MAX_TIME) throw new TypeError("The clock ends with the year 8999.");
    const turn = this.#turn;
    const pauses = new Pauses();
    for (let left = milliseconds; ; ) {
      const until = this.clock.now() + left;
      this.#advanceTo(until, () => pauses.isDue);
      const step = Math.min(left, Math.max(0, this.store.time - this.clock.now()));
      this.clock.advance(step);
      left -= step;
      if (left <= 0) break;
      this.#keepIfPossible();
      await pauses.pause();
      if (turn !== this.#turn) return;
    }
    this.#keep([]);
  }

  /** Back to the start: the store, the clock, the faults, the overrides, the limits and the requests. Snapshots and tokens stay. */
  reset(): void {
    if (this.#started) this.store.restore(this.#started);
    else this.store.reset();
    this.#setBackTo(this.#start);
    this.#started ??= this.store.save();
    this.faults.clear();
    this.overrides.clear();
    this.limits.reset();
    this.requests.clear();
  }

  #setBackTo(time: number): void {
    this.#turn += 1;
    this.files.clear();
    this.clock.set(time);
    this.#advanceTo(time);
    this.#persistence?.rewrite(this.store);
    this.#unsaved.clear();
  }

  /**
   * Saves the store and its time under a name.
   * @throws {@link TypeError} when it is none, or there are too many
   */
  save(name: unknown): void {
    if (typeof name !== "string" || name === "" || name.length > 100) {
      throw new TypeError("A snapshot needs a name, a text of up to 100 characters.");
    }
    if (!this.#snapshots.has(name) && this.#snapshots.size >= MAX_SNAPSHOTS) {
      throw new TypeError(`There can be ${MAX_SNAPSHOTS} snapshots; delete one first.`);
    }
    this.runDueEvents();
    this.#snapshots.set(name, this.store.save());
  }

  /** @throws {@link TypeError} when there is no such snapshot */
  restore(name: unknown): void {
    const snapshot = this.#snapshots.get(name as string);
    if (!snapshot) throw new TypeError(`There is no snapshot "${name}".`);
    this.store.restore(snapshot);
    this.#setBackTo(snapshot.time);
  }

  /**
   * Forgets a snapshot.
   * @throws {@link TypeError} when there is no such snapshot
   */
  deleteSnapshot(name: unknown): void {
    if (!this.#snapshots.delete(name as string)) throw new TypeError(`There is no snapshot "${name}".`);
  }

  /**
   * What somebody does about an order that waits for a person: it goes on.
   * @throws {@link TypeError} when there is no such order, or it waits for nobody
   */
  resumeOrder(id: string): void {
    this.runDueEvents();
    const order = this.store.orders.get(id);
    if (!order) throw new TypeError(`There is no order ${id}.`);
    this.change(() => resume(this.store, order));
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
