/** The longest step of the clock in milliseconds: a hundred years. */
export const MAX_STEP: number = 100 * 366 * 86_400_000;

/** The end of the clock, as the API's dates have four-digit years. */
export const MAX_TIME: number = Date.parse("9000-01-01T00:00:00Z");

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
  /** How many long steps are going on, during which it stands still. */
  #holds = 0;

  /**
   * @param start milliseconds since 1970
   * @param speed the speed relative to real time; 0 for a clock that only moves by hand
   */
  constructor(start: number, speed: number) {
    this.#at = start;
    this.speed = speed;
  }

  now(): number {
    if (this.speed === 0 || this.#holds) return this.#at;
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

  /**
   * Lets it stand still, as what is due could not be caught up with otherwise: a fast clock comes further meanwhile than it is behind.
   * @returns a function that lets it run again
   */
  hold(): () => void {
    this.set(this.now());
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      this.#since = elapsed();
    };
  }
}
