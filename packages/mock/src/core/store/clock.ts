/** Milliseconds of the longest step of the clock, a hundred years. */
export const MAX_STEP = 100 * 366 * 86_400_000;

/** Where the clock ends: no date of the API has more than four digits for the year. */
export const MAX_TIME = Date.parse("9000-01-01T00:00:00Z");

// Taken when this module is loaded, so that a test with fake timers does not stop the mock's clock.
const elapsed = performance.now.bind(performance);

/** What the time is on a mock: the machine's time at a speed, and what was added by hand. */
export class Clock {
  #at: number;
  /**
   * By the machine's clock, when `#at` was; `undefined` until somebody looks. Workers start with a machine's clock that stands at
   * zero until the first request.
   */
  #since: number | undefined;
  readonly speed: number;

  /**
   * @param start milliseconds since 1970
   * @param speed seconds that pass in one; 0 for a clock that only moves by hand
   */
  constructor(start: number, speed: number) {
    this.#at = start;
    this.speed = speed;
  }

  now(): number {
    if (this.speed === 0) return this.#at;
    const now = elapsed();
    this.#since ??= now;
    return Math.min(MAX_TIME - 1, Math.floor(this.#at + (now - this.#since) * this.speed));
  }

  set(time: number): void {
    this.#at = time;
    this.#since = elapsed();
  }

  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }
}
