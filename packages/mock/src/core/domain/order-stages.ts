import { SECOND } from "../store/dates.ts";
import type { OrderRecord, OrderStage } from "../store/records.ts";

/** What the API shows of a stage. Of the codes, no source has a full list. */
export const shown: Readonly<Record<OrderStage, { status: string; statusCode?: string }>> = {
  scheduled: { status: "processing", statusCode: "AS" },
  submitted: { status: "submitted" },
  accepted: { status: "processing", statusCode: "AS" },
  provisioning: { status: "processing", statusCode: "LO" },
  completed: { status: "completed", statusCode: "CP" },
  cancelled: { status: "cancelled", statusCode: "CL" },
  error: { status: "error" },
};

export const isOpen = ({ stage }: OrderRecord): boolean =>
  stage !== "completed" && stage !== "cancelled" && stage !== "error";

/** The stage after one, and the milliseconds that an order stays in it; no time at an end. */
export const steps: Readonly<Partial<Record<OrderStage, { to: OrderStage; stays?: number }>>> = {
  scheduled: { to: "provisioning", stays: 5 * SECOND },
  submitted: { to: "accepted", stays: 2 * SECOND },
  accepted: { to: "provisioning", stays: 5 * SECOND },
  provisioning: { to: "completed" },
};

/** Milliseconds before an order that was just placed is accepted. */
export const ACCEPTED_AFTER = SECOND;
