import { Tokens } from "./api/sign-in.ts";
import { RequestLog } from "./control/request-log.ts";
import type { Fault } from "./faults/fault.ts";
import { Faults } from "./faults/faults.ts";
import { type LimitOptions, Limits } from "./faults/limits.ts";
import type { Journal } from "./keep/journal.ts";
import { happen } from "./rules/happen.ts";
import { type Size, seedFor } from "./seed/seeds.ts";
import { Clock } from "./world/clock.ts";
import { kinds, World, type WorldState } from "./world/world.ts";

export interface SandboxOptions extends LimitOptions {
  size: Size;
  seed: number;
  /** Milliseconds since 1970 at which the clock starts; the end of the world's history unless set. */
  time: number | undefined;
  /** Seconds that pass on its clock in one; 0 for a clock that only moves by hand. */
  speed: number;
  print: ((line: string) => void) | undefined;
  journal: Journal | undefined;
  /** Milliseconds by which every answer is late. */
  latency?: Fault["milliseconds"];
}

/** The longest step of the clock, a hundred years. */
const LONGEST = 100 * 366 * 86_400_000;

/** One mock's world with its clock, and all that is done to it from outside. */
export class Sandbox {
  readonly world: World;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly limits: Limits;
  readonly requests: RequestLog;
  readonly #snapshots = new Map<string, WorldState>();
  readonly #start: number;
  readonly #journal: Journal | undefined;

  constructor({ size, seed, time, speed, print, journal, latency, ...limits }: SandboxOptions) {
    const origin = seedFor(size, seed);
    this.world = new World(origin);
    this.#start = Math.max(time ?? origin.time, origin.time);
    this.#journal = journal;
    this.clock = new Clock(journal?.load(this.world) ?? this.#start, speed);
    this.tokens = new Tokens(() => this.clock.now());
    this.faults = new Faults(latency === undefined ? [] : [{ kind: "latency", milliseconds: latency }]);
    this.limits = new Limits(limits);
    this.requests = new RequestLog(print);
    if (journal) this.world.watch((kind, row) => journal.note(kind, row));
    this.catchUp();
  }

  /** Lets everything happen that is due by the clock. */
  catchUp(): void {
    this.world.passUntil(this.clock.now(), (kind, row) => happen(this.world, kind, row));
  }

  /** Writes down what has changed. Nothing is answered before. */
  keep(): void {
    this.#journal?.write(this.world);
  }

  /** @throws TypeError when the time is no whole number of milliseconds, or longer than a hundred years */
  advance(milliseconds: number): void {
    if (!Number.isInteger(milliseconds) || milliseconds < 0 || milliseconds > LONGEST) {
      throw new TypeError(`The clock moves by a whole number of milliseconds from 0 to ${LONGEST}.`);
    }
    this.clock.advance(milliseconds);
    this.catchUp();
    this.keep();
  }

  /** Back to the start: the world, the clock, the faults, the limits and the requests. Snapshots and tokens stay. */
  reset(): void {
    this.world.reset();
    this.#back(this.#start);
    this.faults.clear();
    this.limits.clear();
    this.requests.clear();
  }

  #back(time: number): void {
    this.clock.set(time);
    this.catchUp();
    this.#journal?.rewrite(this.world);
  }

  /** Saves the world and its time under a name. */
  save(name: string): void {
    this.catchUp();
    this.#snapshots.set(name, this.world.save());
  }

  /** @throws TypeError when there is no such snapshot */
  restore(name: string): void {
    const snapshot = this.#snapshots.get(name);
    if (!snapshot) throw new TypeError(`There is no snapshot "${name}".`);
    this.world.restore(snapshot);
    this.#back(snapshot.time);
  }

  snapshots(): string[] {
    return [...this.#snapshots.keys()];
  }

  /** How many there are of each kind. */
  counts(): Record<string, number> {
    return Object.fromEntries(
      kinds.filter((kind) => kind !== "drafts").map((kind) => [kind, this.world.of(kind).size]),
    );
  }
}
