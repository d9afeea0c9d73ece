import { type Seed, seedOf } from "../store/store.ts";
import { START, smallRows } from "./examples.ts";
import { generateRows } from "./generate.ts";

/** How large a store is: the document's examples, or a provider with years of business. */
export const sizes = {
  small: undefined,
  medium: { resellers: 10, customers: 500, subscriptions: 2_000 },
  large: { resellers: 20, customers: 5_000, subscriptions: 20_000 },
} as const;

export type Size = keyof typeof sizes;

const made = new Map<string, Seed>();

/** What a store of a size starts from. Stores of a process with the same size and seed share it. */
export function seedFor(size: Size, seed: number): Seed {
  const counts = sizes[size];
  const key = counts ? `${size} ${seed}` : size;
  const known = made.get(key);
  if (known) return known;
  const fresh = seedOf(START, counts ? generateRows(counts, seed) : smallRows());
  made.set(key, fresh);
  return fresh;
}
