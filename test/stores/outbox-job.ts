import type { Auth, CustomerCreate, OrderCreate } from "@imcloud/client";
import type { Address } from "./open-store.ts";

/** A write that has to happen exactly once. */
export type Task =
  | { order: OrderCreate & { poNumber: string } }
  | { customer: CustomerCreate & { externalId: string } }
  | { seats: { subscription: string; by: number; poNumber: string } };

/** The job of a process. */
export interface OutboxJob {
  address: Address;
  prefix: string;
  baseUrl: string;
  auth: Auth;
  subscriptionKey: string;
  /** Milliseconds after which a claim expires without a renewal. */
  lease: number;
  tasks: Task[];
  /** The step at which the process is killed. @defaultValue it is not killed */
  dieAt?: number | undefined;
  /** Milliseconds after which it resumes the work of others, before its own tasks. @defaultValue it does not resume */
  resumeAfter?: number | undefined;
}

/** The report of a process at the end of a job. */
export type OutboxReport = { finished: number; steps: number } | { error: string };

/** Headers that tell the gateway which process sends a request, and where in it to kill that process. */
export const PROCESS = "x-process";
export const DIE_AT = "x-die-at";
