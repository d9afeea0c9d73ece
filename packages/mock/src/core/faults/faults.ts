import { Random } from "../store/random.ts";
import type { OrderStop } from "../store/records.ts";
import type { Fault } from "./fault.ts";

interface Standing {
  fault: Fault;
  left: number;
  random: Random;
}

/** The default seed of a fault, so that runs are reproducible. */
const SEED = 1;

/** Limited, as each call checks all faults. */
const MAX_FAULTS = 1_000;

/** The faults of one mock. */
export class Faults {
  readonly #always: readonly Fault[];
  #standing: Standing[] = [];

  /** @param always faults that apply to every call and are never cleared */
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

  /** The remaining faults, with their remaining counts. */
  list(): Fault[] {
    return this.#standing.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, count: left } : fault));
  }

  /** Takes the faults that apply to a call, and counts them. */
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

/** The duration of a fault; a random one within its range. */
export function millisecondsOf({ milliseconds = DEFAULT_MILLISECONDS }: Fault): number {
  if (typeof milliseconds === "number") return milliseconds;
  return milliseconds.from + Math.random() * (milliseconds.to - milliseconds.from);
}

/** Where faults stop the order that a call places. */
export function orderStopOf(faults: readonly Fault[]): OrderStop | undefined {
  const fault = faults.find(({ kind }) => kind === "orderError" || kind === "orderStop");
  if (!fault) return undefined;
  const { statusCode = "PF", milliseconds } = fault;
  return { statusCode, ...(milliseconds !== undefined && { milliseconds: Math.round(millisecondsOf(fault)) }) };
}
