/** Gives the day, such as `2026-10-05`, that a moment is in, where a time zone's clocks show it. */
export function dayIn(timeZone: string): (time: Date) => string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return (time) => format.format(time);
}
