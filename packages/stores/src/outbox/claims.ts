import type { OutboxEntry, OutboxKey, OutboxSibling, OutboxWait } from "@imcloud/client";

/** The right to create one thing, which one process has at a time. */
export interface OutboxClaim {
  /** What an earlier claim left. */
  readonly entry: OutboxEntry | undefined;
  /** Aborts when the claim is lost, for example as the machine slept: another process may have it. */
  readonly lost: AbortSignal;
  /** Keeps the entry. Resolves when it would survive the end of the process. Rejects when the claim is lost. */
  save(entry: OutboxEntry): Promise<void>;
  /** Forgets the entry: the thing was certainly not created. */
  remove(): Promise<void>;
  /** Ends the claim. What was saved stays. */
  release(): Promise<void>;
  /** What others create, or have created, that could be taken for this. */
  siblings(): Promise<OutboxSibling[]>;
}

/** Grants claims, on an engine that many processes share. */
export interface OutboxClaims {
  /**
   * Waits until no other process has the claim, and takes it.
   * @param options its signal ends the wait
   */
  claim(key: OutboxKey, options?: Pick<OutboxWait, "signal">): Promise<OutboxClaim>;
}
