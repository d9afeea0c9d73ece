import type { PlacedType } from "../../store/records.ts";

/**
 * How order numbers begin (ORD-11). Cancellations had CL before 21.4 of the platform; billing orders have BO, payments PO, which the API
 * has no type for.
 */
const PREFIXES: Readonly<Record<PlacedType, string>> = {
  sales: "SO",
  migration: "SO",
  change: "CH",
  renewal: "RN",
  cancellation: "CF",
};

/** The number that people see of an order. */
export const orderNumberOf = (type: PlacedType, id: string): string => `${PREFIXES[type]}${id}`;
