import type { Address } from "./open-store.ts";

/** The header that names a worker to the gateway. */
export const WORKER = "x-worker";

/** The task of a worker. */
export interface Job {
  address: Address;
  prefix: string;
  baseUrl: string;
  /** The worker's name, which the gateway counts by. */
  name: string;
  perMinute: number;
  /** The length of a minute in the test, in milliseconds. */
  minute: number;
  /** The limit of the work in milliseconds, and the number of calls. */
  work: number;
  calls: number;
}

/** The report of a worker. */
export interface Result {
  done: number;
  problems: string[];
}
