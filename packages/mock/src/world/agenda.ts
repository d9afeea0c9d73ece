import TinyQueue from "tinyqueue";
import type { Kind } from "./records.ts";

/** Something that is to happen to a record. It counts only while the record's `nextAt` is this time. */
export interface Appointment {
  readonly at: number;
  readonly kind: Kind;
  readonly id: string;
}

export interface AgendaState {
  readonly passed: number;
  readonly queue: readonly Appointment[];
}

/** By time; at the same time by id, so that each run of a world goes the same way. */
export const byTime = (one: Appointment, other: Appointment): number =>
  one.at - other.at || one.id.length - other.id.length || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** What is to come, in the order of time. */
export class Agenda {
  readonly #base: readonly Appointment[];
  #passed = 0;
  #queue = new TinyQueue<Appointment>([], byTime);

  /** @param base appointments that a world starts with, by time */
  constructor(base: readonly Appointment[]) {
    this.#base = base;
  }

  add(appointment: Appointment): void {
    this.#queue.push(appointment);
  }

  /** Takes the first appointment that is due by then. */
  next(by: number): Appointment | undefined {
    const first = this.#base[this.#passed];
    const queued = this.#queue.peek();
    const isQueued = queued && (!first || byTime(queued, first) < 0);
    const due = isQueued ? queued : first;
    if (!due || due.at > by) return undefined;
    if (isQueued) this.#queue.pop();
    else this.#passed += 1;
    return due;
  }

  save(): AgendaState {
    return { passed: this.#passed, queue: this.#queue.data.slice() };
  }

  restore({ passed, queue }: AgendaState): void {
    this.#passed = passed;
    this.#queue = new TinyQueue([...queue], byTime);
  }
}
