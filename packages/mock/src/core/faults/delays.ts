// Taken when this module is loaded, so that a test with fake timers does not hang its calls.
const { setTimeout: wait } = globalThis;

/** The longest wait in milliseconds: a timer of more fires at once. */
export const MAX_DELAY: number = 2 ** 31 - 1;

/** The waits of a mock, so that none of them keeps the process alive once the mock is closed. */
export class Delays {
  readonly #ends = new Map<ReturnType<typeof setTimeout>, () => void>();
  #isOver = false;

  /**
   * Waits.
   * @returns `false` if the mock was closed before the end
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

  /** Whether the mock was closed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends all waits, and makes later ones end at once. */
  end(): void {
    this.#isOver = true;
    for (const [timer, end] of this.#ends) {
      clearTimeout(timer);
      end();
    }
    this.#ends.clear();
  }
}
