import type { ImcloudClient } from "@imcloud/client";
import type { Internals } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import type { Budget } from "./budget.ts";
import type { SyncDoubt } from "./doubts.ts";
import type { Judgement } from "./save-row.ts";

/** A resource whose details could not be read. The next sync tries again. */
export interface SyncFailure {
  resource: Resource;
  id: string;
  error: unknown;
}

/** The context of a run. */
export interface Context extends Judgement {
  /** The client of this run, whose calls are counted. */
  client: ImcloudClient;
  store: Internals;
  budget: Budget;
  signal: AbortSignal | undefined;
  /** Read every list to its end. */
  full: boolean;
  /** How many details are read in parallel. */
  concurrency: number;
  /** Called after each step. */
  onStep: (step: { phase: "lists" | "details"; resource: Resource }) => Promise<void>;
  /** Accept an account that differs from that of the tables. */
  acceptsAccount: boolean;
  /** Accept any number of removals at once. */
  acceptsRemovals: boolean;
  /** Adds to the number of events of this run. */
  count(events: number): void;
  /** Records a doubt. */
  doubt(doubt: SyncDoubt): void;
  /** Whether there were so many removals that none is accepted. */
  doubtsRemovals(): boolean;
}
