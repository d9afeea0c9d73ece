/** The longest step of the clock in milliseconds: a hundred years. */
export const MAX_STEP = 100 * 366 * 86_400_000;

/** The end of the clock, as the API's dates have four-digit years. */
export const MAX_TIME = Date.parse("9000-01-01T00:00:00Z");

// Taken when this module is loaded, so that a test with fake timers does not stop the mock's clock.
const elapsed = performance.now.bind(performance);

/** The clock of a mock: real time multiplied by a speed, plus steps made by hand. */
export class Clock {
  #at: number;
  /**
   * The machine's time at which the clock showed `#at`; `undefined` before the first read. In workers the machine's clock is
   * zero until the first request.
   */
  #since: number | undefined;
  readonly speed: number;

  /**
   * @param start milliseconds since 1970
   * @param speed the speed relative to real time; 0 for a clock that only moves by hand
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
