import { TimeoutError, type UnknownOutcomeError } from "../../core/errors/errors.ts";
import { isPrecise } from "../../core/lists/seen-rows.ts";
import type { RequestOptions } from "../../core/request-options.ts";
import { type PendingWork, SharedWork, trackWork, untilSettled } from "../pending-work.ts";
import type { Baseline } from "./baseline.ts";
import type { Identified } from "./search-targets.ts";
import { compareFingerprints, type Fingerprint, fingerprint, matchText } from "./text-match.ts";

/** Things of which a client remembers that it has created them. */
const MAX_CLAIMS = 10_000;
/** Things that a client remembers to have read, and those whose outcome it remembers to be open. */
const MAX_READS = 1_000;

/** What became of a thing was not found out: it may still appear. */
export interface OpenOutcome {
  doubt: UnknownOutcomeError;
  /** When the doubt arose, by `performance.now()`. */
  since: number;
  /** All that was sent, in one form. */
  content: string;
  /** What was there before it was sent. */
  baseline: Baseline | undefined;
}

/** What was created by a text. */
export interface Created {
  id: string;
  /** All that was sent, in one form. */
  content: string;
}

/** A thing between its creation's begin and end. */
interface Pending extends PendingWork {
  scope: string;
  text: string;
  fingerprint: Fingerprint;
  /** What is known of it when its request ends silently; `undefined` while it was not sent. */
  outcome(): OpenOutcome | undefined;
}

const keep = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void => {
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value as Key);
};

/** The key of a text in a scope. */
export const keyOf = (scope: string, text: string): string => JSON.stringify([scope, text]);

/** What the creations of a client share: which are in progress, which orders and customers are claimed, and what was read. */
export class Journal<Thing extends Identified> {
  readonly #claimed = new Map<string, true>();
  readonly #pending = new Set<Pending>();
  readonly #reads = new SharedWork<Thing>(MAX_READS);
  readonly #baselines = new SharedWork<Baseline | undefined>(Number.POSITIVE_INFINITY);
  readonly #open = new Map<string, OpenOutcome>();
  readonly #created = new Map<string, Created>();

  /** Notes that a thing belongs to one creation, so that no other takes it for its own. */
  claim(thing: Thing): Thing {
    if (isPrecise(thing.id)) keep(this.#claimed, String(thing.id), true, MAX_CLAIMS);
    return thing;
  }

  /** Withdraws a claim: it is not certain which creation the thing belongs to. */
  disclaim({ id }: Identified): void {
    this.#claimed.delete(String(id));
  }

  isClaimed = ({ id }: Identified): boolean => this.#claimed.has(String(id));

  /**
   * Waits for creations whose things could be taken for this one: with two in progress, it could not be told which of them an order that
   * appears belongs to. A creation whose request has ended silently is skipped, and its outcome stays unknown.
   * @param outcome what is known of this one so far
   */
  async begin(
    { scope, text }: Pick<Pending, "scope" | "text">,
    outcome: Pending["outcome"],
    { signal, timeout }: RequestOptions,
  ): Promise<{
    /** Ends this creation. */
    leave(): void;
    /** Whether the thing of another creation, which could be taken for this one, may still appear. */
    hasLost: boolean;
  }> {
    let leave = () => {};
    const ended = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const pending: Pending = Object.assign(trackWork(ended), { scope, text, fingerprint: fingerprint(text), outcome });
    const before = [...this.#pending].filter((other) => isConfusable(pending, other));
    this.#pending.add(pending);
    ended.then(() => this.#pending.delete(pending));
    const late = () =>
      new TimeoutError(`Another call with a number like "${text}" was still under way after ${timeout} ms.`);
    let hasLost = false;
    try {
      for (const gone of await untilSettled(before, { signal, timeout, late })) {
        this.#pending.delete(gone);
        const lost = gone.outcome();
        if (!lost) continue;
        this.leaveOpen(keyOf(scope, gone.text), lost);
        hasLost ||= gone.text !== text;
      }
    } catch (error) {
      leave();
      throw error;
    }
    return { leave, hasLost };
  }

  /** Whether one is under way that has this text, or another form of it. */
  isPending(scope: string, text: string): boolean {
    return [...this.#pending].some((one) => one.scope === scope && isSameText(one.text, text));
  }

  /** What is there now; those that ask at the same time share the call. */
  baseline(
    scope: string,
    take: () => Promise<Baseline | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<Baseline | undefined> {
    return this.#baselines.do(scope, () => take().finally(() => this.#baselines.forget(scope)), signal);
  }

  /** What was created by a key. */
  created = (key: string): Created | undefined => this.#created.get(key);

  /** Notes what was created by a key, so that it is created by it once. */
  noteCreated(key: string, created: Created): void {
    keep(this.#created, key, created, MAX_CLAIMS);
  }

  /** Whether it was not found out what became of a thing. */
  isOpen(scope: string, text: string): boolean {
    return this.#open.has(keyOf(scope, text));
  }

  leaveOpen(key: string, outcome: OpenOutcome): void {
    keep(this.#open, key, outcome, MAX_READS);
  }

  /** The outcome that an earlier search for the same left open. */
  takeOpen(key: string): OpenOutcome | undefined {
    const outcome = this.#open.get(key);
    this.#open.delete(key);
    return outcome;
  }

  /** Lets a thing be read again: it did not have yet what it is known by. */
  forget({ id }: Identified): void {
    this.#reads.forget(String(id));
  }

  /** Reads a thing once, for all that look at it. */
  read(id: string, get: () => PromiseLike<Thing>, signal: AbortSignal | undefined): Promise<Thing> {
    return this.#reads.do(id, get, signal);
  }
}

/** Whether two texts are the same, or forms of each other. */
export const isSameText = (one: string, other: string): boolean => /^(exact|alike)$/.test(matchText(one, other));

const isConfusable = (one: Pending, other: Pending): boolean =>
  one.scope === other.scope &&
  (one.text === other.text || compareFingerprints(one.fingerprint, other.fingerprint) !== "different");
