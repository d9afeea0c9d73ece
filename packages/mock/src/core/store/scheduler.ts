import TinyQueue from "tinyqueue";
import type { Kind } from "./records.ts";

/** An event of a record. It is valid only while the record's next event is at this time. */
export interface ScheduledEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: Kind;
  readonly id: string;
}

export interface SchedulerState {
  readonly passed: number;
  readonly queue: readonly ScheduledEvent[];
}

/** Sorts by time, then by id, so that runs are reproducible. */
export const byTime = (one: ScheduledEvent, other: ScheduledEvent): number =>
  one.at - other.at || one.id.length - other.id.length || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** A queue of events by time. */
export class Scheduler {
  readonly #base: readonly ScheduledEvent[];
  #passed = 0;
  #queue = new TinyQueue<ScheduledEvent>([], byTime);

  /** @param base the initial events, sorted */
  constructor(base: readonly ScheduledEvent[]) {
    this.#base = base;
  }

  add(event: ScheduledEvent): void {
    this.#queue.push(event);
  }

  /** Removes and returns the first event up to a time. */
  next(by: number): ScheduledEvent | undefined {
    const first = this.#base[this.#passed];
    const queued = this.#queue.peek();
    const isQueued = queued && (!first || byTime(queued, first) < 0);
    const due = isQueued ? queued : first;
    if (!due || due.at > by) return undefined;
    if (isQueued) this.#queue.pop();
    else this.#passed += 1;
    return due;
  }

  save(): SchedulerState {
    return { passed: this.#passed, queue: this.#queue.data.slice() };
  }

  restore({ passed, queue }: SchedulerState): void {
    this.#passed = passed;
    this.#queue = new TinyQueue([...queue], byTime);
  }
}
