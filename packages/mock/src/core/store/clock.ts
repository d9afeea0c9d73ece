/** What the time is on a mock: the machine's time at a speed, and what was added by hand. */
export class Clock {
  #at: number;
  #since = performance.now();
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
    return Math.floor(this.#at + (performance.now() - this.#since) * this.speed);
  }

  set(time: number): void {
    this.#at = time;
    this.#since = performance.now();
  }

  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }
}
