import type { Resource } from "../tables/table-spec.ts";
import { dayOf } from "./budget.ts";

/** Calls per minute that the gateway allows, unless the installation has another limit. */
const PER_MINUTE = 60;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The work that is left, as far as it is known. */
export interface Left {
  /** How many details are still to be read, by resource. */
  due: ReadonlyMap<Resource, number>;
  /** Calls that it takes to read the lists, measured the last time. */
  listCalls: number;
  /** Calls left for the day. */
  left: number;
  perDay: number;
  now: Date;
}

/** When everything will be read, at the speed that gateway and budget allow. `undefined` when the budget covers only the lists. */
export function doneAt({ due, listCalls, left, perDay, now }: Left): Date | undefined {
  const calls = [...due.values()].reduce((sum, count) => sum + count, 0);
  if (calls <= left) return new Date(now.getTime() + Math.ceil(calls / PER_MINUTE) * MINUTE);
  const aDay = perDay - 1 - listCalls;
  if (aDay <= 0) return undefined;
  const days = Math.ceil((calls - left) / aDay);
  const onTheLast = listCalls + calls - left - (days - 1) * aDay;
  const midnight = Date.parse(`${dayOf(now)}T00:00:00Z`);
  return new Date(midnight + days * DAY + Math.ceil(onTheLast / PER_MINUTE) * MINUTE);
}
