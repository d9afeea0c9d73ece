import type { OutboxEntry, OutboxKey, OutboxSibling, OutboxWait } from "@imcloud/client";

/** An exclusive claim on creating an order or a customer, which one process has at a time. */
export interface OutboxClaim {
  /** The entry of an earlier claim. */
  readonly entry: OutboxEntry | undefined;
  /** Aborts when the claim is lost, for example after the machine slept. Another process may have it then. */
  readonly lost: AbortSignal;
  /** Saves the entry durably. Rejects when the claim is lost. */
  save(entry: OutboxEntry): Promise<void>;
  /** Removes the entry, when nothing was certainly created. */
  remove(): Promise<void>;
  /** Releases the claim. The saved entry stays. */
  release(): Promise<void>;
  /** Similar entries of others, which could be confused with this one. */
  siblings(): Promise<OutboxSibling[]>;
}

/** Grants claims, over an engine that processes share. */
export interface OutboxClaims {
  /**
   * Waits until no other process has the claim, and takes it.
   * @param options a signal that ends the wait
   */
  claim(key: OutboxKey, options?: Pick<OutboxWait, "signal">): Promise<OutboxClaim>;
}
