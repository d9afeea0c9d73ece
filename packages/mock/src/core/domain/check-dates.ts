import { timeOf } from "../store/dates.ts";
import { invalid } from "./errors.ts";

const EARLIEST = "1900-01-01";
/** Dates that follow, such as renewals, must have four-digit years too. */
const LATEST = "8999-12-31";

/**
 * Refuses invalid dates, and dates from which others would follow that the API cannot represent.
 * @param fields the dates by field name
 * @throws {@link DomainError}
 */
export function checkDates(fields: Readonly<Record<string, string | undefined>>): void {
  for (const name in fields) {
    const date = fields[name];
    if (date === undefined) continue;
    const time = timeOf(date);
    if (time >= timeOf(EARLIEST) && time <= timeOf(LATEST)) continue;
    invalid(`${name} must be from ${EARLIEST} to ${LATEST}; got ${JSON.stringify(date.slice(0, 40))}`);
  }
}
