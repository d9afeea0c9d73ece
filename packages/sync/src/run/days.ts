/** Makes a function that returns the day of a time in a time zone, such as `2026-10-05`. */
export function dayIn(timeZone: string): (time: Date) => string {
  // Formats take a millisecond to make, and longer than this to use.
  if (timeZone === "UTC") return (time) => time.toISOString().slice(0, 10);
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return (time) => format.format(time);
}
