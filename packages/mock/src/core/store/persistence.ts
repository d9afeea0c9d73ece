import type { Change, Store, StoreState } from "./store.ts";

/** Keeps a store across restarts. */
export interface Persistence {
  /** Puts into a store what was kept of it, and gives the time that it had; `undefined` when nothing was kept. */
  load(store: Store): number | undefined;
  /**
   * Writes records that have changed: all of them, or none.
   * @throws {@link Error} with a sentence for people when they cannot be written
   */
  write(store: Store, changes: readonly Change[]): void;
  /**
   * Writes a store anew, beside what is kept of it, and lets others go on meanwhile.
   * @param isOver whether nobody wants it any more, looked at after each slice
   * @returns puts it in the place of what was kept, at once, and may throw as this does; then it gives back room for a while
   * @throws {@link Error} with a sentence for people when it cannot be written
   */
  prepare(state: StoreState, isOver: () => boolean): Promise<() => Promise<void>>;
}
