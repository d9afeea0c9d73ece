import type { OutboxEntry, OutboxKey } from "@imcloud/client";
import { type Change, type Records, StoreError, update } from "../records/records.ts";

/** A thing that is to be created, as an outbox keeps it. */
export interface Kept extends OutboxKey {
  entry?: OutboxEntry;
  /** Who has the claim, and until when, by the engine's clock in milliseconds. */
  lease?: { owner: string; until: number } | undefined;
  /** When its entry was changed last, by the engine's clock in milliseconds. */
  changedAt: number;
  /** Why it was not finished, the last time that it was resumed. */
  reason?: string | undefined;
}

/** A kept thing, and the engine's clock when it was read. */
export interface Seen {
  kept: Kept;
  now: number;
}

/** A claim was lost: this process did not renew it in time. */
export class LostClaim extends StoreError {
  constructor({ text }: OutboxKey) {
    super(`The claim on "${text}" was lost: this process did not renew it in time. Another process may have it now.`);
  }
}

export const isHeld = ({ lease }: Kept, now: number): boolean => lease !== undefined && lease.until > now;

export const isSameKey = (one: OutboxKey, other: OutboxKey): boolean => nameOf(one) === nameOf(other);

const COLLECTION = "outbox";

/** What a thing is confused with is of the same account, operation and scope. */
type Shared = Omit<OutboxKey, "text">;

/** What the names of all things of an account, an operation and a scope begin with. */
const beginOf = ({ account, operation, scope }: Shared): string =>
  JSON.stringify([account, operation, scope]).replace(/\]$/, ",");

const nameOf = ({ account, operation, scope, text }: OutboxKey): string =>
  JSON.stringify([account, operation, scope, text]);

/** All that an outbox keeps. */
export class Shelf {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  change<Result>(key: OutboxKey, by: (kept: Kept | undefined, now: number) => Change<Kept, Result>): Promise<Result> {
    return update<Kept, Result>(this.#records, COLLECTION, nameOf(key), by);
  }

  /**
   * Changes what a claim is for.
   * @throws {@link LostClaim} when another has it
   */
  changeOwn(key: OutboxKey, owner: string, to: (kept: Kept, now: number) => Kept | undefined): Promise<void> {
    return this.change<void>(key, (kept, now) => {
      if (kept?.lease?.owner !== owner) throw new LostClaim(key);
      return { value: to(kept, now), result: undefined };
    });
  }

  forget(key: OutboxKey): Promise<void> {
    return this.change<void>(key, () => ({ value: undefined, result: undefined }));
  }

  async read(key: OutboxKey): Promise<Seen | undefined> {
    const { value, version, now } = await this.#records.read(COLLECTION, nameOf(key));
    return version ? { kept: JSON.parse(value) as Kept, now } : undefined;
  }

  /** All that is kept, or all of one account, operation and scope. */
  async all(of?: Shared): Promise<Seen[]> {
    const { values, now } = await this.#records.all(COLLECTION, of && beginOf(of));
    return values.map((value) => ({ kept: JSON.parse(value) as Kept, now }));
  }
}
