import type { Change, Store, StoreState } from "./store.ts";

/** Saves tokens across restarts, so that callers need not sign in again. A token that cannot be written ends with the process. */
export interface KeptTokens {
  /** The saved tokens with their expiry in milliseconds since 1970, oldest first. */
  load(): [token: string, expiry: number][];
  keep(token: string, expiry: number): void;
  drop(token: string): void;
}

/** Saves a store across restarts. */
export interface Persistence {
  readonly tokens: KeptTokens;
  /** What links to files are signed with, so that those of before a restart lead to them still. */
  readonly linkKey: Uint8Array;
  /** The time of the store when it was last written, in milliseconds since 1970. */
  readonly savedTime: number;
  /** Loads the saved records into a store, and returns its saved time; `undefined` if nothing was saved. */
  load(store: Store): number | undefined;
  /**
   * Writes changed records and the store's time atomically.
   * @throws {@link Error} with a message for people when they cannot be written
   */
  write(store: Store, changes: readonly Change[]): void;
  /**
   * Writes a whole store beside what is saved of it, and yields to other work meanwhile.
   * @param isOver whether to cancel, checked after each slice
   * @returns a function that replaces the saved store at once, and may throw as this does; it then frees disk space for a while
   * @throws {@link Error} with a message for people when it cannot be written
   */
  prepare(state: StoreState, isOver: () => boolean): Promise<() => Promise<void>>;
}
