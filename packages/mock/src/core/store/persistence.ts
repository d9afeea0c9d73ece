import type { Change, Store, StoreState } from "./store.ts";

/** Keeps tokens across restarts, so that no caller has to sign in again. Where one cannot be written, it ends with the process. */
export interface KeptTokens {
  /** The tokens that are kept, oldest first, and when each expires, in milliseconds since 1970. */
  load(): [token: string, expiry: number][];
  keep(token: string, expiry: number): void;
  drop(token: string): void;
}

/** Keeps a store across restarts. */
export interface Persistence {
  readonly tokens: KeptTokens;
  /** Puts into a store what was kept of it, and gives the time that it had; `undefined` when nothing was kept. */
  load(store: Store): number | undefined;
  /**
   * Writes records that have changed: all of them, or none.
   * @throws {@link Error} with a message for people when they cannot be written
   */
  write(store: Store, changes: readonly Change[]): void;
  /**
   * Writes a whole store beside what is saved of it, and yields to other work meanwhile.
   * @param isOver whether it is no longer wanted, checked after each slice
   * @returns replaces what was saved, immediately, and may throw as this does; then it frees disk space for a while
   * @throws {@link Error} with a message for people when it cannot be written
   */
  prepare(state: StoreState, isOver: () => boolean): Promise<() => Promise<void>>;
}
