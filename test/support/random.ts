import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";

/** Pseudorandom numbers by a seed. Neighboring seeds give unrelated numbers. */
export class Random {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = mersenne(seed);
  }

  /** An integer in a range, both ends included. */
  integer(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)] as T;
  }

  chance(probability: number): boolean {
    return this.integer(0, 999_999) < probability * 1_000_000;
  }
}
