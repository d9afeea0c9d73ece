// As it is when this is loaded: a test that stands timers still in its own code lets no call hang.
const { setTimeout: wait } = globalThis;

/** Milliseconds of the longest wait: a timer of more fires at once. */
export const MAX_WAIT = 2 ** 31 - 1;

/** What is waited for on a mock, so that nothing of it holds the process once the mock is closed. */
export class Waits {
  readonly #ends = new Map<ReturnType<typeof setTimeout>, () => void>();
  #isOver = false;

  /**
   * Waits for some milliseconds.
   * @returns whether they are over; `false` where the mock was closed before
   */
  sleep(milliseconds: number): Promise<boolean> {
    if (this.#isOver) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = wait(() => {
        this.#ends.delete(timer);
        resolve(true);
      }, milliseconds);
      this.#ends.set(timer, () => resolve(false));
    });
  }

  /** Ends every wait, and those that are still to come. */
  end(): void {
    this.#isOver = true;
    for (const [timer, end] of this.#ends) {
      clearTimeout(timer);
      end();
    }
    this.#ends.clear();
  }
}
