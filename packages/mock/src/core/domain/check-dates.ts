import { timeOf } from "../store/dates.ts";
import { invalid } from "./errors.ts";

const EARLIEST = "1900-01-01";
/** What follows from a date, such as the renewals of a subscription, has four digits for the year as well. */
const LATEST = "8999-12-31";

/**
 * Refuses dates that are none of a calendar, or from which dates would follow that the API cannot show.
 * @param fields dates by the names of their fields
 * @throws {@link DomainError}
 */
export function checkDates(fields: Readonly<Record<string, string | undefined>>): void {
  for (const [name, date] of Object.entries(fields)) {
    if (date === undefined) continue;
    const time = timeOf(date);
    if (time >= timeOf(EARLIEST) && time <= timeOf(LATEST)) continue;
    invalid(`${name} must be from ${EARLIEST} to ${LATEST}; got ${JSON.stringify(date.slice(0, 40))}`);
  }
}
