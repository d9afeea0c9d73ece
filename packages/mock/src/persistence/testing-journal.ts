import type { PlanRecord } from "../core/store/records.ts";
import { kinds, type Seed, Store, seedOf } from "../core/store/store.ts";
import { Journal } from "./journal.ts";

/** Records in a commit: a journal that kept a part of one would be seen. */
export const COMMIT_SIZE = 3;

const nothing = (): Seed =>
  seedOf(0, Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Parameters<typeof seedOf>[1]);

/** A record of a commit, long enough that some commits need several pages of the file. */
export const planOf = (commit: number, at: number): PlanRecord =>
  ({ id: `${commit}-${at}`, plan: { id: `${commit}-${at}`, name: "x".repeat((commit % 7) * 900) } }) as PlanRecord;

/** A journal, and a store with what it kept. */
export function openKept(file: string): { journal: Journal; store: Store } {
  const journal = new Journal(file, { size: "none", seed: 1 });
  const store = new Store(nothing());
  journal.load(store);
  return { journal, store };
}

/** How many commits a store has all of. */
export const commitsIn = (store: Store): number => store.plans.size / COMMIT_SIZE;
