import { optionError } from "../option-names.ts";
import { MAX_STEP } from "../store/clock.ts";
import { type Seed, seedOf } from "../store/store.ts";
import { DEFAULT_TIME } from "./default-time.ts";
import { smallRows } from "./examples.ts";
import { generateRows } from "./generate.ts";

/** How large a store is: the document's examples, or a provider with years of business. */
export const sizes = {
  small: undefined,
  medium: { resellers: 10, customers: 500, subscriptions: 2_000 },
  large: { resellers: 20, customers: 5_000, subscriptions: 20_000 },
} as const;

export type Size = keyof typeof sizes;

/** The last seed that was made. Only one is cached, so that unused ones are freed. */
let last: { key: string; seed: Seed } | undefined;
let small: Seed | undefined;

/** What a store of a size starts from. Stores that are made one after another with the same size and number share it. */
export function seedFor(size: Size, number: number): Seed {
  const counts = sizes[size];
  if (!counts) {
    small ??= seedOf(DEFAULT_TIME, smallRows());
    return small;
  }
  const key = `${size} ${number}`;
  if (last?.key !== key) last = { key, seed: seedOf(DEFAULT_TIME, generateRows(counts, number)) };
  return last.seed;
}

/** @throws {@link TypeError} for a clock that would start before the data's history ends, or more than a hundred years after it */
export function checkStart(time: Date | undefined): void {
  if (time === undefined) return;
  const start = new Date(DEFAULT_TIME).toISOString();
  const got = `got ${time.toISOString()}`;
  if (time.getTime() < DEFAULT_TIME) {
    throw optionError(
      TypeError,
      (of) => `${of("time")} takes a date from ${start} on, where the history of the data ends; ${got}.`,
    );
  }
  // What is due until then has happened, and no response comes before it has: as far as one step of the clock.
  if (time.getTime() > DEFAULT_TIME + MAX_STEP) {
    const end = new Date(DEFAULT_TIME + MAX_STEP).toISOString();
    throw optionError(TypeError, (of) => `${of("time")} takes a date up to ${end}; ${got}.`);
  }
}
