import type { OutboxEntry, OutboxKey } from "@imcloud/client";
import { LeaseWatch, leaseFrom } from "../records/lease.ts";
import { pause } from "../records/records.ts";
import type { OutboxClaim } from "./claims.ts";
import { isSameKey, LostClaim, type Shelf } from "./entry.ts";

/** The least and the most milliseconds between two checks whether a claim is free. */
const LOOK_EVERY = [50, 1_000] as const;

/** Waits until the claim is free, and takes it. */
export async function takeClaim(
  shelf: Shelf,
  key: OutboxKey,
  lease: number,
  signal: AbortSignal | undefined,
): Promise<OutboxClaim> {
  await shelf.check();
  const owner = crypto.randomUUID();
  const watch = new LeaseWatch();
  const take = () =>
    shelf.change<{ entry: OutboxEntry | undefined } | undefined>(key, (kept, now) => {
      if (kept?.lease && !watch.isOver(kept.lease, now)) return { value: kept, result: undefined };
      const taken = { changedAt: now, ...key, ...kept, lease: leaseFrom(owner, now, lease) };
      return { value: taken, result: { entry: kept?.entry } };
    });
  for (let delay: number = LOOK_EVERY[0]; ; delay = Math.min(delay * 2, LOOK_EVERY[1])) {
    signal?.throwIfAborted();
    const taken = await take();
    if (taken) return hold(shelf, key, owner, lease, taken.entry);
    await pause(delay);
  }
}

/**
 * Goes on to remove what could not be removed, for as long as nobody else has it: an engine that was slow can still take what it was given
 * before, and nothing of it was sent.
 */
async function removeLater(remove: () => Promise<void>, lease: number): Promise<void> {
  const end = performance.now() + lease;
  do {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LOOK_EVERY[1]).unref();
    });
    try {
      await remove();
      return;
    } catch (error) {
      if (error instanceof LostClaim) return;
    }
  } while (performance.now() < end);
}

/** A claim that renews itself, until it is released or lost. */
function hold(shelf: Shelf, key: OutboxKey, owner: string, lease: number, entry: OutboxEntry | undefined): OutboxClaim {
  const lost = new AbortController();
  let heldUntil = performance.now() + lease;
  let isOver = false;
  const end = (): boolean => {
    const was = isOver;
    isOver = true;
    clearInterval(timer);
    return !was;
  };
  const lose = (error: unknown) => {
    if (end()) lost.abort(error);
  };

  async function renew(): Promise<void> {
    const asked = performance.now();
    // The machine slept.
    if (asked >= heldUntil) return lose(new LostClaim(key));
    try {
      await shelf.changeOwn(key, owner, (kept, now) => ({ ...kept, lease: leaseFrom(owner, now, lease) }));
      heldUntil = asked + lease;
    } catch (error) {
      // A short outage of the engine does not lose the claim.
      if (error instanceof LostClaim || performance.now() >= heldUntil) lose(error);
    }
  }
  const timer = setInterval(() => void renew(), lease / 3);

  return {
    entry,
    lost: lost.signal,
    async save(next) {
      const asked = performance.now();
      await shelf.changeOwn(key, owner, (kept, now) => ({
        ...kept,
        ...{ entry: next, changedAt: now, reason: undefined, lease: leaseFrom(owner, now, lease) },
      }));
      heldUntil = asked + lease;
    },
    async remove() {
      if (!end()) return;
      const remove = () => shelf.changeOwn(key, owner, () => undefined);
      await remove().catch((error) => {
        void removeLater(remove, lease);
        throw error;
      });
    },
    async release() {
      if (end()) await shelf.changeOwn(key, owner, (kept) => (kept.entry ? { ...kept, lease: undefined } : undefined));
    },
    async siblings() {
      const others = (await shelf.all(key)).filter(({ kept }) => !isSameKey(kept, key));
      return others.map(({ kept }) => ({ text: kept.text, id: kept.entry?.id }));
    },
  };
}
