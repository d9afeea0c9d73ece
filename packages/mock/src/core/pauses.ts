// Taken when this module is loaded, so that a test with fake timers does not stop the mock.
const { setTimeout: wait, performance: timer } = globalThis;
const elapsed = timer.now.bind(timer);

/** Milliseconds that a long step works before it yields to other work. */
const SLICE = 8;

/** Cuts a long step into slices, so that calls get their turn in between. */
export class Pauses {
  #since = elapsed();

  /** Whether the slice is over, and it is time for a {@link Pauses.pause}. */
  get isDue(): boolean {
    return elapsed() - this.#since >= SLICE;
  }

  /** Yields to other work. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => wait(resolve, 0));
    this.#since = elapsed();
  }
}
