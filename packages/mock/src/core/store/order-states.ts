import { SECOND } from "./dates.ts";
import type { OrderRecord, OrderStatusCode } from "./records.ts";

/** What the API shows of a status code, and what comes after it. */
interface OrderState {
  status: "submitted" | "processing" | "error" | "completed" | "cancelled";
  /** What follows; nothing does at an end. */
  next?: OrderStatusCode;
  /** Milliseconds of the mock's clock until then. Without them, somebody or a date has to come first. */
  stays?: number;
  /** It goes over into what follows, and nothing else happens then. */
  passes?: true;
}

/**
 * The states of an order, by the codes that the vendor publishes (ORD-03). The usual way is NW → OP → PD → I4 → PR → PC → CP (ORD-05).
 * Which of the API's five words goes with a code, and for how long a state lasts, is the mock's own.
 */
export const orderStates: Readonly<Record<OrderStatusCode, OrderState>> = {
  /** New. */
  NW: { status: "submitted", next: "OP", stays: SECOND / 2, passes: true },
  /** Open. */
  OP: { status: "submitted", next: "PD", stays: SECOND / 2 },
  /** Paid, or its payment is postponed. */
  PD: { status: "processing", next: "I4", stays: SECOND, passes: true },
  /** Provisioning required. */
  I4: { status: "processing", next: "PR", stays: SECOND, passes: true },
  /** Provisioning. */
  PR: { status: "processing", next: "PC", stays: 4 * SECOND, passes: true },
  /** Provisioning complete. */
  PC: { status: "processing", next: "CP", stays: SECOND },
  /** Completed. */
  CP: { status: "completed" },
  /** Cancelled, by a person or by a caller (ORD-04). */
  CL: { status: "cancelled" },
  /** Activation is scheduled: it waits for its date (ORD-01). */
  AS: { status: "processing", next: "PR" },
  /** A downgrade that the installation holds back until the next billing date (ORD-27). */
  WS: { status: "processing", next: "PR" },
  /** On hold. */
  HL: { status: "submitted", next: "PD" },
  /** No payment method. */
  NP: { status: "submitted", next: "PD" },
  /** Waiting for payment. */
  WP: { status: "submitted", next: "PD" },
  /** Waiting for payment after provisioning: the subscription is there already. */
  WZ: { status: "processing", next: "PC" },
  /** Waiting for approval. */
  WA: { status: "submitted", next: "PD" },
  /** Suspected of fraud. */
  SS: { status: "submitted", next: "PD" },
  /** Long running operation: waits for an external system (ORD-02). */
  LO: { status: "processing", next: "PC" },
  /** Manual operation required. */
  MO: { status: "processing", next: "PC" },
  /** Provisioning failed. An operator can submit it again, or cancel it (ORD-06). */
  PF: { status: "error", next: "PR" },
};

/** The codes at which an order can be made to stop, and the one that it stops after. */
export const stopsAfter: Readonly<Partial<Record<OrderStatusCode, OrderStatusCode>>> = {
  ...{ HL: "OP", NP: "OP", WP: "OP", WA: "OP", SS: "OP" },
  ...{ LO: "PR", MO: "PR", WZ: "PR", PF: "PR" },
};

/** The word of the API for where an order stands. */
export const statusOf = ({ statusCode }: Pick<OrderRecord, "statusCode">): OrderState["status"] =>
  orderStates[statusCode].status;

/** Whether an order is neither completed, cancelled nor failed. */
export function isOpen(order: OrderRecord): boolean {
  const status = statusOf(order);
  return status === "submitted" || status === "processing";
}

/** Whether an order waits for a date, and not for somebody. */
export const isScheduled = ({ statusCode }: Pick<OrderRecord, "statusCode">): boolean =>
  statusCode === "AS" || statusCode === "WS";

/** Whether the vendor has begun with it, so that it can no longer be cancelled. */
export const isBeingProvisioned = ({ statusCode }: OrderRecord): boolean => statusCode === "PR" || statusCode === "PC";

/** What comes after the state of an order: one that is scheduled waits for its date once it is paid (ORD-24). */
export function nextCodeOf({ statusCode, dueAt, isHeldBack }: OrderRecord, time: number): OrderStatusCode | undefined {
  if (statusCode === "PD" && dueAt !== undefined && dueAt > time) return isHeldBack ? "WS" : "AS";
  return orderStates[statusCode].next;
}

/** An order in a state, with the time at which it moves on. What waits for a renewal is carried out with it, and not by itself. */
export function inState(order: OrderRecord, statusCode: OrderStatusCode, time: number): OrderRecord {
  const { stays } = orderStates[statusCode];
  const staysUntil = stays === undefined ? undefined : time + stays;
  const date = order.scheduled === "renewal" ? undefined : order.dueAt;
  return { ...order, statusCode, nextAt: isScheduled({ statusCode }) ? date : staysUntil };
}

type Standing = Pick<OrderRecord, "statusCode" | "nextAt">;

/** Whether nothing happens to an order that leaves a state but that it is in the next one. */
function passes({ stop, dueAt }: OrderRecord, { statusCode }: Standing): boolean {
  const isStopped = stop !== undefined && stopsAfter[stop.statusCode] === statusCode;
  const waitsForDate = statusCode === "PD" && dueAt !== undefined;
  return orderStates[statusCode].passes === true && !isStopped && !waitsForDate;
}

/** Where an order stands at a time, and when it moves on, as far as it only passes from state to state. */
function standingAt(order: OrderRecord, time: number): Standing {
  let standing: Standing = order;
  while (standing.nextAt !== undefined && standing.nextAt <= time && passes(order, standing)) {
    const statusCode = orderStates[standing.statusCode].next as OrderStatusCode;
    standing = { statusCode, nextAt: standing.nextAt + (orderStates[statusCode].stays ?? 0) };
  }
  return standing;
}

/** An order as it is at a time. States that it only passes through are worked out when somebody looks. */
export function orderAt(order: OrderRecord, time: number): OrderRecord {
  const standing = standingAt(order, time);
  return standing === order ? order : { ...order, ...standing };
}

/** When an order entered the state that it only passes through, in milliseconds since 1970. */
export const enteredAt = ({ statusCode, nextAt = 0 }: OrderRecord): number =>
  nextAt - (orderStates[statusCode].stays ?? 0);

/** When something happens to an order by itself, other than that it passes to the next state. */
export const orderEventAt = (order: OrderRecord): number | undefined => standingAt(order, Infinity).nextAt;
