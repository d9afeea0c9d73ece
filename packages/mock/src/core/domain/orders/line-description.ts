import type { Period } from "@imcloud/spec";
import type { OrderLine } from "../../store/records.ts";

/** A line in words, with the time that it charges for, from which readers take when a change takes effect (FLD-08). */
export function descriptionOf(name: string, { kind, period }: OrderLine, billing: Period | undefined): string {
  if (kind === "setup") return `${name} Setup`;
  if (!billing) return `${name} One-time`;
  const unit = billing.type.slice(0, 1).toUpperCase() + billing.type.slice(1);
  const term = `${name} Recurring (${billing.duration} ${unit}(s) term)`;
  return period ? `${term} from ${period.from} through ${period.through}` : term;
}
