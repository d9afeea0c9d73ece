// As they are when this is loaded: a test that stands timers and clocks still in its own code stands no mock still.
const { setTimeout: wait, performance: timer } = globalThis;
const elapsed = timer.now.bind(timer);

/** Milliseconds that a long step works before it lets others go on. */
const SLICE = 8;

/** Cuts a long step in slices, so that it starves nobody. */
export class Pauses {
  #since = elapsed();

  /** Whether the slice is over, and it is time for a {@link Pauses.pause}. */
  get isDue(): boolean {
    return elapsed() - this.#since >= SLICE;
  }

  /** Lets others go on. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => wait(resolve, 0));
    this.#since = elapsed();
  }
}
