/** Whether a value is a date between the year 1 and the end of a given year, which every engine can compare. */
export function isDateUntil(date: unknown, year: number): date is Date {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) return false;
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= year;
}
