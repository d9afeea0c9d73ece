import type { Resource } from "../tables/table-spec.ts";
import { dayOf } from "./budget.ts";

/** Calls in a minute that the gateway allows, unless the installation set another number. */
const PER_MINUTE = 60;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What is known of what is still to do. */
export interface Left {
  /** Details to read. */
  due: ReadonlyMap<Resource, number>;
  /** Calls that reading the lists takes, as the last time. */
  listCalls: number;
  /** Calls that the day has left. */
  left: number;
  perDay: number;
  now: Date;
}

/** When all will be read, at the speed that gateway and budget allow. `undefined` where the budget is only enough for the lists. */
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
