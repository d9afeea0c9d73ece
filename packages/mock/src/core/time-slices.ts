// Taken when this module is loaded, so that a test with fake timers does not stop the mock.
const { setTimeout: wait, performance: timer } = globalThis;
const elapsed = timer.now.bind(timer);

/** Milliseconds of work before a long step yields. */
const SLICE = 8;

/** Divides a long step into slices, so that calls are served in between. */
export class TimeSlices {
  readonly #now: () => number;
  readonly #start: number;
  #since: number;

  /** @param now milliseconds since any moment. Tests count work instead, so that no machine is too fast or too slow for them. */
  constructor(now: () => number = elapsed) {
    this.#now = now;
    this.#start = now();
    this.#since = this.#start;
  }

  /** Milliseconds since the step began. */
  get elapsed(): number {
    return this.#now() - this.#start;
  }

  /** Whether the slice is over, and it is time for a {@link TimeSlices.pause}. */
  get isDue(): boolean {
    return this.#now() - this.#since >= SLICE;
  }

  /** Yields to other work. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => wait(resolve, 0));
    this.#since = this.#now();
  }
}
