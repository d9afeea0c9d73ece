import { resume } from "./domain/orders/orders.ts";
import { giveUp, transition } from "./domain/transitions.ts";
import { Delays } from "./faults/delays.ts";
import type { Fault } from "./faults/fault.ts";
import { Faults } from "./faults/faults.ts";
import { type LimitOptions, Limits } from "./faults/limits.ts";
import { formatValue, nameOf } from "./format-value.ts";
import { lineOf } from "./log-line.ts";
import { MemoryLimit } from "./memory-limit.ts";
import { Overrides } from "./operations/overrides.ts";
import { type KeptFiles, ReportFiles } from "./reports/report-files.ts";
import { type LogFormat, RequestLog, type RequestLogs } from "./request-log.ts";
import { Clock, MAX_STEP, MAX_TIME } from "./store/clock.ts";
import type { InstallationSettings } from "./store/installation.ts";
import { MemoryUse } from "./store/memory-use.ts";
import type { Persistence } from "./store/persistence.ts";
import type { Kind, Records } from "./store/records.ts";
import { type Change, kinds, type Seed, Store, type StoreState } from "./store/store.ts";
import { TimeSlices } from "./time-slices.ts";
import { Tokens } from "./tokens.ts";

export interface BackendOptions extends LimitOptions {
  /** The initial data of the store. */
  seed: Seed;
  /**
   * Milliseconds since 1970 at which the clock starts.
   * @defaultValue the end of the store's history
   */
  time?: number | undefined;
  /** Speed of the clock relative to real time; 0 for a clock that only moves by hand. */
  speed: number;
  print?: ((line: string) => void) | undefined;
  /**
   * The format of the printed request log.
   * @defaultValue `lines`
   */
  log?: LogFormat | undefined;
  /** Saves the store across restarts. */
  persistence?: Persistence | undefined;
  /** The initial state of a store with the same options, so that its history need not be replayed again. */
  started?: StoreState | undefined;
  /** Settings that differ between installations of the platform. */
  installation?: InstallationSettings | undefined;
  gateway?: GatewaySettings | undefined;
  /** Milliseconds by which every response is delayed. */
  latency?: Fault["milliseconds"] | undefined;
  /**
   * Begins to divide a long step.
   * @defaultValue slices of real time
   */
  divide?: (() => TimeSlices) | undefined;
  /** What several backends share, such as the stores of one server. */
  shared?: Partial<Shared>;
}

/** What the stores of one server share: their waits end together, and their memory has one limit. */
export interface Shared {
  delays: Delays;
  memory: MemoryLimit;
  logs: RequestLogs;
  files: KeptFiles;
}

/** Settings of the gateway in front of the API. */
export interface GatewaySettings {
  /** Whether calls need a subscription key. Not every installation has a gateway that asks for one. */
  requireKey: boolean;
  /** Whether pages of other origins may make credentialed calls. */
  corsCredentials: boolean;
}

const MAX_SNAPSHOTS = 100;

/** Milliseconds that a call waits for due events. */
const PATIENCE = 1_000;

/** Milliseconds of the clock after which its time is saved, where nothing else is. */
const SAVED_EVERY = 1_000;

/** A saved store, with the memory that it takes. */
interface Snapshot {
  state: StoreState;
  memoryUse: MemoryUse;
}

/** The state behind the API of one mock: its store, clock and faults, with the controls that change them. */
export class Backend {
  readonly store: Store;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: RequestLog;
  readonly delays: Delays;
  readonly gateway: GatewaySettings;
  readonly overrides: Overrides = new Overrides();
  readonly files: ReportFiles;
  readonly #seed: Seed;
  readonly #snapshots = new Map<string, Snapshot>();
  readonly #start: number;
  #started: StoreState | undefined;
  #starting: Promise<StoreState> | undefined;
  /** Counts resets and restores, so that a long step notices one and ends. */
  #turn = 0;
  /** Whether what is due takes longer than a slice, and is worked on. */
  #isBehind = false;
  /** What calls wait for meanwhile. */
  #caughtUp: Promise<void> | undefined;
  readonly #memory: MemoryLimit;
  #memoryUse = new MemoryUse();
  readonly #persistence: Persistence | undefined;
  readonly #divide: () => TimeSlices;
  /** Prints a message that is no request. */
  readonly say: (message: string) => void;
  /** Changes that are not saved yet, by kind and id. */
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
      gateway,
      started,
      divide = () => new TimeSlices(),
      shared: { delays = new Delays(), memory = new MemoryLimit(), logs, files } = {},
      ...limits
    } = options;
    this.#seed = seed;
    this.#memory = memory;
    this.store = new Store(seed, installation);
    this.files = new ReportFiles(this.store, files);
    this.#start = Math.max(time ?? seed.time, seed.time);
    this.#persistence = persistence;
    this.#divide = divide;
    this.say = (message) => print?.(log === "json" ? JSON.stringify({ message }) : message);
    const loaded = persistence?.load(this.store);
    this.clock = new Clock(loaded ?? this.#start, speed);
    this.tokens = new Tokens(() => this.clock.now(), persistence?.tokens);
    this.faults = new Faults(latency === undefined ? [] : [{ kind: "latency", milliseconds: latency }]);
    this.limits = new Limits(limits);
    this.requests = new RequestLog(print, log, logs);
    this.delays = delays;
    this.gateway = gateway ?? { requireKey: false, corsCredentials: false };
    if (loaded === undefined && started) this.store.restore(started);
    this.#advanceTo(loaded ?? this.#start);
    if (loaded === undefined) this.#started = this.store.save();
  }

  /** The store's initial state, for stores with the same options. A store that was loaded from a file computes it on demand. */
  started(): StoreState | Promise<StoreState> {
    this.#starting ??= this.#started ? undefined : this.#makeStarted();
    return this.#started ?? (this.#starting as Promise<StoreState>);
  }

  /** Replays its history in a separate store, while other work goes on. */
  async #makeStarted(): Promise<StoreState> {
    const store = new Store(this.#seed, this.store.installation);
    const slices = this.#divide();
    for (let isCut = true; isCut; ) {
      isCut = false;
      const move = (kind: Kind, row: Records[Kind]) => this.#transition(store, kind, row);
      store.advanceTo(this.#start, move, () => {
        isCut = slices.isDue;
        return isCut;
      });
      if (isCut) await slices.pause();
    }
    this.#started = store.save();
    return this.#started;
  }

  /** @param isOver whether to stop early, called after each event */
  #advanceTo(time: number, isOver?: () => boolean): void {
    const note = this.#persistence && ((changes: readonly Change[]) => this.#note(changes));
    this.store.advanceTo(time, (kind, row) => this.#transition(this.store, kind, row, note), isOver);
  }

  #transition(store: Store, kind: Kind, row: Records[Kind], note?: (changes: readonly Change[]) => void): void {
    try {
      store.transaction(() => transition(store, kind, row), note);
    } catch (error) {
      // One failing record must not stop the others.
      this.say(lineOf(`${kind} ${row.id} cannot move on: ${(error as Error).message}`));
      store.transaction(() => giveUp(store, kind, row), note);
    }
  }

  #note(changes: readonly Change[]): void {
    for (const change of changes) this.#unsaved.set(`${change[0]} ${change[1].id}`, change);
  }

  /** Runs all events that are due by the clock. */
  runDueEvents(): void {
    this.#advanceTo(this.clock.now());
    this.#keepIfPossible();
  }

  /**
   * Runs all events that are due by now. A fast clock can be years ahead after a pause, which takes a while in a large mock: meanwhile the
   * clock is held, other work runs in between, and all callers share the promise.
   * @returns a promise for the end, which resolves after a second at the latest, as later calls may see the store of an earlier time;
   *   `undefined` when there is nothing to wait for
   */
  catchUp(): Promise<void> | undefined {
    if (this.#isBehind) return this.#caughtUp;
    const slices = this.#divide();
    if (this.#playSlice(slices)) return undefined;
    this.#caughtUp = new Promise((resolve, reject) => {
      this.#playRest(slices, resolve).catch(reject);
    });
    return this.#caughtUp;
  }

  /** @param endWait called when nobody is to wait any longer */
  async #playRest(slices: TimeSlices, endWait: () => void): Promise<void> {
    this.#isBehind = true;
    const release = this.clock.hold();
    try {
      do {
        await slices.pause();
        if (slices.elapsed < PATIENCE) continue;
        this.#caughtUp = undefined;
        endWait();
      } while (!this.delays.isOver && !this.#playSlice(slices));
    } finally {
      this.#isBehind = false;
      this.#caughtUp = undefined;
      release();
      endWait();
    }
  }

  /** @returns whether everything has happened that is due by the clock */
  #playSlice(slices: TimeSlices): boolean {
    let isCut = false;
    this.#advanceTo(this.clock.now(), () => {
      isCut = slices.isDue;
      return isCut;
    });
    this.#keepIfPossible();
    return !isCut;
  }

  #keepIfPossible(): void {
    if (!this.#unsaved.size && !this.#isTimeUnsaved()) return;
    try {
      this.#keep([]);
    } catch {
      // Saved with the next change. After a restart, the events run again.
    }
  }

  /** Whether the time alone is to be saved: once a second, or where a caller sees an order in another state by now. */
  #isTimeUnsaved(): boolean {
    if (!this.#persistence) return false;
    const { savedTime } = this.#persistence;
    return Math.abs(this.store.time - savedTime) >= SAVED_EVERY || this.store.isSeenChangedSince(savedTime);
  }

  /**
   * Changes the store atomically: undoes all changes if the work throws, or if they cannot be saved.
   * @param check throws if the changes are invalid
   * @throws {@link DomainError} when the memory limit is exceeded
   */
  change<T>(work: () => T, check: (changes: readonly Change[], result: T) => void = () => {}): T {
    return this.store.transaction(work, (changes, result) => {
      check(changes, result);
      if (changes.length) this.#hold(changes, () => this.#keep(changes));
      // A read changes only the time, and must not fail on a full disk.
      else this.#keepIfPossible();
    });
  }

  /** Reserves memory for written records, and releases it if the next step fails. */
  #hold(changes: readonly Change[], next: () => void): void {
    const { more, undo } = this.#memoryUse.put(changes);
    let taken = 0;
    try {
      this.#memory.take(more);
      taken = more;
      next();
    } catch (error) {
      this.#memory.take(-taken);
      undo();
      throw error;
    }
  }

  /** Saves what has changed, before a response is sent. */
  #keep(changes: readonly Change[]): void {
    if (!this.#persistence) return;
    this.#persistence.write(this.store, [...this.#unsaved.values(), ...changes]);
    this.#unsaved.clear();
  }

  /**
   * Moves the clock. A long step yields to calls in between, which see the time that it has reached.
   * @throws {@link TypeError} when it is not a whole number of milliseconds, is longer than a hundred years, or ends after the year 8999
   */
  async advance(milliseconds: number): Promise<void> {
    if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > MAX_STEP) {
      throw new TypeError(`The clock moves by a whole number of milliseconds from 0 to ${MAX_STEP}.`);
    }
    if (this.clock.now() + milliseconds >= MAX_TIME) throw new TypeError("The clock ends with the year 8999.");
    const release = this.clock.hold();
    try {
      if (!(await this.#advanceBy(milliseconds))) return;
    } finally {
      release();
    }
    this.#keep([]);
  }

  /** @returns whether it came to its end; `false` where the store was set back meanwhile */
  async #advanceBy(milliseconds: number): Promise<boolean> {
    const turn = this.#turn;
    const slices = this.#divide();
    for (let left = milliseconds; ; ) {
      this.#advanceTo(this.clock.now() + left, () => slices.isDue);
      const step = Math.min(left, Math.max(0, this.store.time - this.clock.now()));
      this.clock.advance(step);
      left -= step;
      if (left <= 0) return true;
      this.#keepIfPossible();
      await slices.pause();
      if (turn !== this.#turn) return false;
    }
  }

  /**
   * Resets the store, the clock, the faults, the overrides, the limits and the request log. Snapshots and tokens stay. Without a
   * data file it is immediate; with one, calls in between still see the old data.
   */
  async reset(): Promise<void> {
    const turn = ++this.#turn;
    const started = this.started();
    const state = started instanceof Promise ? await started : started;
    const isDone = this.#persistence
      ? await this.#setBack(state, new MemoryUse(), turn)
      : this.#replace(state, new MemoryUse());
    if (!isDone) return;
    this.faults.clear();
    this.overrides.clear();
    this.limits.reset();
    this.requests.clear();
  }

  /** Sets back a store with a data file. Of several concurrent calls the last one counts. */
  async #setBack(state: StoreState, memoryUse: MemoryUse, turn: number): Promise<boolean> {
    const isOver = () => turn !== this.#turn;
    const commit = await this.#persistence?.prepare(state, isOver);
    if (isOver()) return false;
    const isShrunk = commit?.();
    this.#replace(state, memoryUse);
    await isShrunk;
    return true;
  }

  #replace(state: StoreState, memoryUse: MemoryUse): true {
    this.store.restore(state);
    this.files.clear();
    this.clock.set(state.time);
    this.#unsaved.clear();
    this.#memory.take(memoryUse.total - this.#memoryUse.total);
    this.#memoryUse = memoryUse;
    return true;
  }

  /**
   * Saves the store and its time under a name.
   * @throws {@link TypeError} for an invalid name, or when there are too many snapshots
   */
  save(name: unknown): void {
    if (typeof name !== "string" || name === "" || name.length > 100) {
      throw new TypeError("A snapshot needs a name, a text of up to 100 characters.");
    }
    if (!this.#snapshots.has(name) && this.#snapshots.size >= MAX_SNAPSHOTS) {
      throw new TypeError(`There can be ${MAX_SNAPSHOTS} snapshots; delete one first.`);
    }
    this.runDueEvents();
    const memoryUse = this.#memoryUse.copy();
    this.#memory.take(memoryUse.total - (this.#snapshots.get(name)?.memoryUse.total ?? 0));
    this.#snapshots.set(name, { state: this.store.save(), memoryUse });
  }

  #snapshotOf(name: unknown): Snapshot {
    if (name === undefined) throw new TypeError("Name the snapshot.");
    const snapshot = this.#snapshots.get(name as string);
    if (!snapshot) throw new TypeError(`There is no snapshot ${formatValue(name)}.`);
    return snapshot;
  }

  /**
   * Restores a snapshot, as {@link Backend.reset} restores the start.
   * @throws {@link TypeError} when there is no such snapshot
   */
  async restore(name: unknown): Promise<void> {
    const snapshot = this.#snapshotOf(name);
    const memoryUse = snapshot.memoryUse.copy();
    const turn = ++this.#turn;
    if (this.#persistence) await this.#setBack(snapshot.state, memoryUse, turn);
    else this.#replace(snapshot.state, memoryUse);
  }

  /**
   * Deletes a snapshot.
   * @throws {@link TypeError} when there is no such snapshot
   */
  deleteSnapshot(name: unknown): void {
    const snapshot = this.#snapshotOf(name);
    this.#snapshots.delete(name as string);
    this.#memory.take(-snapshot.memoryUse.total);
  }

  /** Frees the store's memory when it is no longer used. */
  drop(): void {
    for (const name of this.snapshots()) this.deleteSnapshot(name);
    this.#memory.take(-this.#memoryUse.total);
    this.#memoryUse = new MemoryUse();
    this.files.clear();
    this.requests.end();
  }

  /**
   * Resumes an order that waits for a person.
   * @throws {@link TypeError} when there is no such order, or it does not wait for a person
   */
  resumeOrder(id: string): void {
    this.runDueEvents();
    const order = this.store.orders.get(id);
    if (!order) throw new TypeError(`There is no order ${nameOf(id)}.`);
    this.change(() => resume(this.store, order));
  }

  snapshots(): string[] {
    return [...this.#snapshots.keys()];
  }

  /** The number of records of each kind. */
  counts(): Record<string, number> {
    return Object.fromEntries(
      kinds.filter((kind) => kind !== "drafts").map((kind) => [kind, this.store.of(kind).size]),
    );
  }
}
