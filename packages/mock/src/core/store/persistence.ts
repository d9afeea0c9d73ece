import type { Change, Store } from "./store.ts";

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
   * Writes a store anew: what it was before is gone.
   * @throws {@link Error} with a sentence for people when it cannot be written
   */
  rewrite(store: Store): void;
}
