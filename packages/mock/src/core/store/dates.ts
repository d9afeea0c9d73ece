import type { Period } from "@imcloud/spec";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** Days that are known in writing. An order asks for a few, and many orders for the same. */
const MAX_DATES = 10_000;
const dates = new Map<number, string>();

/** `2026-09-14`, in UTC. */
export function dateOf(time: number): string {
  const day = Math.floor(time / DAY);
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = new Date(time).toISOString().slice(0, 10);
  if (dates.size >= MAX_DATES) dates.clear();
  dates.set(day, date);
  return date;
}

/** The time at which the day of a time begins, in UTC. */
export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;

/** `2026-09-14T08:12:45Z` */
export const timestampOf = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Milliseconds since 1970 of any of the API's four forms of a time; one without a zone is in UTC. */
export function timeOf(text: string): number {
  const iso = text.replace(" ", "T");
  return Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(iso) || iso.length === 10 ? iso : `${iso}Z`);
}

/** A time some periods later; the last day of a month where the same day does not exist. */
export function after(time: number, { type, duration }: Period, times = 1): number {
  const count = duration * times;
  if (type === "day") return time + count * DAY;
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (type === "year" ? 12 : 1));
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}
