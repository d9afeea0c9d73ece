/** Whether a value is a date from the year 1 to the end of another one: what every engine compares days with. */
export function isDateUntil(date: unknown, year: number): date is Date {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) return false;
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= year;
}
