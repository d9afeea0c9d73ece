import type { Kind, Records } from "./records.ts";
import type { Store } from "./store.ts";

/** Keeps a store across restarts. */
export interface Persistence {
  /** Puts into a store what was kept of it, and gives the time that it had; `undefined` when nothing was kept. */
  load(store: Store): number | undefined;
  /** Remembers that a record is to be written. */
  record(kind: Kind, row: Records[Kind]): void;
  /** Writes what was remembered. */
  write(store: Store): void;
  /** Writes a store anew: what it was before is gone. */
  rewrite(store: Store): void;
}
