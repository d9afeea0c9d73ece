import { Random } from "../store/random.ts";
import type { OrderStop } from "../store/records.ts";
import type { Fault } from "./fault.ts";

interface Standing {
  fault: Fault;
  left: number;
  random: Random;
}

/** The default seed of a fault, so that each run is the same. */
const SEED = 1;

/** Each call looks at all of them. */
const MAX_FAULTS = 1_000;

/** The faults that calls meet on one mock. */
export class Faults {
  readonly #always: readonly Fault[];
  #standing: Standing[] = [];

  /** @param always what every call meets, however often faults are cleared */
  constructor(always: readonly Fault[] = []) {
    this.#always = always;
  }

  /** @throws {@link TypeError} when there are too many */
  add(...faults: Fault[]): void {
    if (this.#standing.length + faults.length > MAX_FAULTS) {
      throw new TypeError(`There can be ${MAX_FAULTS} faults at a time; clear them first.`);
    }
    for (const fault of faults) {
      const { count = Number.POSITIVE_INFINITY, seed = SEED } = fault;
      this.#standing.push({ fault, left: count, random: new Random(seed) });
    }
  }

  clear(): void {
    this.#standing = [];
  }

  /** The faults that are still to be met, with what is left of their counts. */
  list(): Fault[] {
    return this.#standing.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, count: left } : fault));
  }

  /** The faults that a call meets. */
  meet(operation: string): readonly Fault[] {
    if (!this.#standing.length) return this.#always;
    const met = this.#standing.filter(
      (standing) =>
        (standing.fault.operation ?? operation) === operation &&
        (standing.fault.probability === undefined || standing.random.chance(standing.fault.probability)),
    );
    for (const standing of met) standing.left -= 1;
    this.#standing = this.#standing.filter(({ left }) => left > 0);
    return [...met.map(({ fault }) => fault), ...this.#always];
  }
}

const DEFAULT_MILLISECONDS = 1_000;

/** How long a fault takes: its own time, or one between its two. */
export function millisecondsOf({ milliseconds = DEFAULT_MILLISECONDS }: Fault): number {
  if (typeof milliseconds === "number") return milliseconds;
  return milliseconds.from + Math.random() * (milliseconds.to - milliseconds.from);
}

/** Where faults let the order that is placed stop. */
export function orderStopOf(faults: readonly Fault[]): OrderStop | undefined {
  const fault = faults.find(({ kind }) => kind === "orderError" || kind === "orderStop");
  if (!fault) return undefined;
  const { statusCode = "PF", milliseconds } = fault;
  return { statusCode, ...(milliseconds !== undefined && { milliseconds: Math.round(millisecondsOf(fault)) }) };
}
