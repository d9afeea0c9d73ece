import { DomainError } from "./domain/errors.ts";

/** Bytes that stores may hold where nobody says how many: half of what the smallest heaps of today have. */
const DEFAULT_BYTES = 512 * 2 ** 20;

/** The memory that callers can fill: of all stores that end together, one. */
export class MemoryLimit {
  readonly #bytes: number;
  #taken = 0;

  constructor(bytes = DEFAULT_BYTES) {
    this.#bytes = bytes;
  }

  /**
   * Takes bytes, or gives back as many as the number is below zero.
   * @throws {@link DomainError} in the API's own form where there are not as many left; then nothing is taken
   */
  take(bytes: number): void {
    if (bytes > 0 && this.#taken + bytes > this.#bytes) {
      const megabytes = Math.floor(this.#bytes / 2 ** 20);
      throw new DomainError(507, `The mock holds ${megabytes} MiB, and takes no more; reset it, or drop a store`);
    }
    this.#taken += bytes;
  }
}
