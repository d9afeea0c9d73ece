import type { CustomerRecord } from "../store/records.ts";

/** Whether an account is on hold, and may not buy until it is active again (CUST-07). */
export const isHeld = ({ customer: { status } }: CustomerRecord): boolean =>
  status === "creditHold" || status === "adminHold";
