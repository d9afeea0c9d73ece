import type { Period } from "@imcloud/spec";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const DAY = 24 * 60 * MINUTE;

/** The most cached days. An order needs a few, and many orders the same ones. */
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

/** The beginning of a time's day, in UTC. */
export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;

/** Caches the last result of a format with seconds, as many calls are within one second. */
function bySecond(write: (time: number) => string): (time: number) => string {
  let [second, text] = [Number.NaN, ""];
  return (time) => {
    const now = Math.floor(time / SECOND);
    if (now !== second) [second, text] = [now, write(time)];
    return text;
  };
}

/** `2026-09-14T08:12:45Z` */
export const timestampOf = bySecond((time) => `${new Date(time).toISOString().slice(0, 19)}Z`);

/** `Mon, 14 Sep 2026 08:12:45 GMT`, as HTTP has it (RFC 9110 §5.6.7). */
export const httpDateOf = bySecond((time) => new Date(time).toUTCString());

/** Parses any of the API's four time formats to milliseconds since 1970. Without a zone it is UTC. */
export function timeOf(text: string): number {
  const iso = text.replace(" ", "T");
  // Dates first, as they are the most common.
  return Date.parse(iso.length === 10 || /(z|[+-]\d\d:?\d\d)$/i.test(iso) ? iso : `${iso}Z`);
}

/** A time some periods later. The last day of the month if the same day does not exist. */
export function after(time: number, { type, duration }: Period, times = 1): number {
  const count = duration * times;
  if (type === "day") return time + count * DAY;
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + count * (type === "year" ? 12 : 1));
  // The month has no such day, so the date is in the next one.
  if (date.getUTCDate() !== day) date.setUTCDate(0);
  return date.getTime();
}
