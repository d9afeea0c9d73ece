import type { Period } from "@imcloud/spec";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** `2026-09-14`, in UTC. */
export const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

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
