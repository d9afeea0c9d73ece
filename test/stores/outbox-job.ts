import type { Auth, CustomerCreate, OrderCreate } from "@imcloud/client";
import type { Address } from "./engines.ts";

/** Something that is to be there once. */
export type Task =
  | { order: OrderCreate & { poNumber: string } }
  | { customer: CustomerCreate & { externalId: string } }
  | { seats: { subscription: string; by: number; poNumber: string } };

/** What a process is told. */
export interface OutboxJob {
  address: Address;
  prefix: string;
  baseUrl: string;
  auth: Auth;
  subscriptionKey: string;
  /** Milliseconds for which a claim is held without a sign of life. */
  lease: number;
  tasks: Task[];
  /** The step at which it is killed; without it, it comes to its end. */
  dieAt?: number | undefined;
  /** Milliseconds after which it finishes what others left, before it does its own tasks; it does not, where there are none. */
  resumeAfter?: number | undefined;
}

/** What a process tells at the end of a job. */
export type OutboxReport = { finished: number; steps: number } | { error: string };

/** What the gateway is told of a request, in headers of it: who sends it, and where in it that one is to be killed. */
export const PROCESS = "x-process";
export const DIE_AT = "x-die-at";
