import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Chance that is always the same for a seed. */
export class Random {
  readonly #generator;

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed);
  }

  /** A whole number from one to another, both included. */
  int(from: number, to: number): number {
    return uniformInt(this.#generator, from, to);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  chance(probability: number): boolean {
    return this.int(0, 999_999) < probability * 1_000_000;
  }

  /** A time between two. */
  time(from: number, to: number): number {
    return from + Math.floor((this.int(0, 999_999_999) / 1_000_000_000) * (to - from));
  }
}
