import type { ImcloudClient } from "@imcloud/client";
import type { Internals } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import type { Budget } from "./budget.ts";
import type { SyncDoubt } from "./doubts.ts";
import type { Judgement } from "./save-row.ts";

/** Something whose details could not be read. It is tried again in the next sync. */
export interface SyncFailure {
  resource: Resource;
  id: string;
  error: unknown;
}

/** The context of a run. */
export interface Context extends Judgement {
  /** Of this run: its calls are counted. */
  client: ImcloudClient;
  store: Internals;
  budget: Budget;
  signal: AbortSignal | undefined;
  /** Every list is read to its end. */
  full: boolean;
  /** Details that are read at a time. */
  concurrency: number;
  /** Called after each step. */
  onStep: (step: { phase: "lists" | "details"; resource: Resource }) => Promise<void>;
  /** The account may be another one than the tables'. */
  acceptsAccount: boolean;
  /** However many things are gone at once, it is believed. */
  acceptsRemovals: boolean;
  /** Events of this run. */
  count(events: number): void;
  /** Puts down what was not believed. */
  doubt(doubt: SyncDoubt): void;
  /** Whether so much was gone that nothing is believed to be. */
  doubtsRemovals(): boolean;
}
