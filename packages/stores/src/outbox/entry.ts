import type { OutboxEntry, OutboxKey } from "@imcloud/client";
import { isHeldAt, type Lease } from "../records/lease.ts";
import { type Change, type Records, StoreError, update } from "../records/records.ts";

/** A thing that is to be created, as an outbox keeps it. */
export interface StoredEntry extends OutboxKey {
  entry?: OutboxEntry;
  /** Who has the claim. */
  lease?: Lease | undefined;
  /** When its entry was changed last, by the engine's clock in milliseconds. */
  changedAt: number;
  /** Why it was not finished, the last time that it was resumed. */
  reason?: string | undefined;
}

/** A kept thing, and the engine's clock when it was read. */
export interface Seen {
  kept: StoredEntry;
  now: number;
}

/** A claim was lost: this process did not renew it in time. */
export class LostClaim extends StoreError {
  constructor({ text }: OutboxKey) {
    super(`The claim on "${text}" was lost: this process did not renew it in time. Another process may have it now.`);
  }
}

/** What is under way may be there and not known any more: nothing is sent until a person has looked. */
export class LostOutbox extends StoreError {
  constructor() {
    super(
      "The outbox lost what it kept: its engine was emptied, or restarted without its data. Look in the marketplace for what was under way, then start this process again.",
    );
  }
}

export const isHeld = ({ lease }: StoredEntry, now: number): boolean => lease !== undefined && isHeldAt(lease, now);

export const isSameKey = (one: OutboxKey, other: OutboxKey): boolean => nameOf(one) === nameOf(other);

const COLLECTION = "outbox";

/** Names the outbox itself among what it keeps: one that was emptied has another, or none. Other names are JSON. */
const MARK = "outbox";

interface Mark {
  outbox: string;
}

const isMark = (value: StoredEntry | Mark): value is Mark => "outbox" in value;

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
  /** The outbox that this process has seen. */
  #seen: string | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  change<Result>(
    key: OutboxKey,
    by: (kept: StoredEntry | undefined, now: number) => Change<StoredEntry, Result>,
  ): Promise<Result> {
    return update<StoredEntry, Result>(this.#records, COLLECTION, nameOf(key), by);
  }

  /**
   * Changes what a claim is for.
   * @throws {@link LostClaim} when another has it
   */
  changeOwn(
    key: OutboxKey,
    owner: string,
    to: (kept: StoredEntry, now: number) => StoredEntry | undefined,
  ): Promise<void> {
    return this.change<void>(key, (kept, now) => {
      if (kept?.lease?.owner !== owner) throw new LostClaim(key);
      return { value: to(kept, now), result: undefined };
    });
  }

  forget(key: OutboxKey): Promise<void> {
    return this.change<void>(key, () => ({ value: undefined, result: undefined }));
  }

  /**
   * Checks that it is still the outbox that this process knows, and marks one that is new.
   * @throws {@link LostOutbox} when what was in it is lost
   */
  async check(): Promise<void> {
    // As it was before it was read: others of this process can mark it meanwhile.
    const seen = this.#seen;
    const mark = await update<Mark, string | undefined>(this.#records, COLLECTION, MARK, (kept) => {
      if (kept || seen) return { value: kept, result: kept?.outbox };
      const made = { outbox: crypto.randomUUID() };
      return { value: made, result: made.outbox };
    });
    this.#know(mark, seen);
  }

  #know(mark: string | undefined, seen: string | undefined): void {
    if (seen && mark !== seen) throw new LostOutbox();
    this.#seen ??= mark;
  }

  async read(key: OutboxKey): Promise<Seen | undefined> {
    const { value, version, now } = await this.#records.read(COLLECTION, nameOf(key));
    return version ? { kept: JSON.parse(value) as StoredEntry, now } : undefined;
  }

  /**
   * All that is kept, or all of one account, operation and scope.
   * @throws {@link LostOutbox} when what was in it is lost
   */
  async all(of?: Shared): Promise<Seen[]> {
    const seen = this.#seen;
    const { values, now } = await this.#records.all(COLLECTION, of && beginOf(of));
    const kept = values.map((value) => JSON.parse(value) as StoredEntry | Mark);
    if (!of) this.#know(kept.find(isMark)?.outbox, seen);
    return kept.flatMap((each) => (isMark(each) ? [] : { kept: each, now }));
  }
}
