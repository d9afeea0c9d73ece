import type { Address } from "./engines.ts";

/** The header that names a worker to the gateway. */
export const WORKER = "x-worker";

/** What a worker is told. */
export interface Job {
  address: Address;
  prefix: string;
  baseUrl: string;
  /** What the gateway knows it by. */
  name: string;
  perMinute: number;
  /** Milliseconds of a minute. */
  minute: number;
  /** Milliseconds to work at the most, and calls to make. */
  work: number;
  calls: number;
}

/** What a worker tells at its end. */
export interface Result {
  done: number;
  problems: string[];
}
