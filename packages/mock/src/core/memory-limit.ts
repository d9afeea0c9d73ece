import { DomainError } from "./domain/errors.ts";

/** The default limit in bytes: half of the smallest usual heap. */
const DEFAULT_BYTES = 512 * 2 ** 20;

/** Limits the memory that callers can fill. The stores of a server share one limit. */
export class MemoryLimit {
  readonly #bytes: number;
  #taken = 0;

  constructor(bytes: number = DEFAULT_BYTES) {
    this.#bytes = bytes;
  }

  /**
   * Reserves bytes, or frees them if the number is negative.
   * @throws {@link DomainError} when fewer are left; then nothing is reserved
   */
  take(bytes: number): void {
    if (bytes > 0 && this.#taken + bytes > this.#bytes) {
      const megabytes = Math.floor(this.#bytes / 2 ** 20);
      throw new DomainError(507, `The mock holds ${megabytes} MiB, and takes no more; reset it, or drop a store`);
    }
    this.#taken += bytes;
  }
}
