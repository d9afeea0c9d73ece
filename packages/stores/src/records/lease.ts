/** What one process has for itself for some time. */
export interface Lease {
  owner: string;
  /** Until when, by the engine's clock in milliseconds. */
  until: number;
  /** For how many milliseconds it was taken. Leases of earlier versions do not say it. */
  length?: number | undefined;
}

/** A lease from now on, by the engine's clock. */
export const leaseFrom = (owner: string, now: number, length: number): Lease => ({
  owner,
  until: now + length,
  length,
});

/** Whether a lease can be held: not when it ends later than it can, as the engine's clock was set back since. */
export const isHeldAt = ({ until, length = Number.POSITIVE_INFINITY }: Omit<Lease, "owner">, now: number): boolean =>
  until > now && until - now <= length;

/**
 * Watches the lease of another, for one who waits for it. An engine's clock can be set back, by years where it was wrong: a lease that did not
 * change for as long as it was taken for is over, whatever the clock says.
 */
export class LeaseWatch {
  #seen: { lease: Lease; since: number } | undefined;

  isOver(lease: Lease, now: number): boolean {
    if (lease.until <= now) return true;
    const seen = this.#seen;
    if (seen?.lease.owner === lease.owner && seen.lease.until === lease.until) {
      return performance.now() - seen.since >= (lease.length ?? Number.POSITIVE_INFINITY);
    }
    this.#seen = { lease, since: performance.now() };
    return false;
  }
}
