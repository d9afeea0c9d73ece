import type { ReportCreate } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import { SECOND, timeOf, timestampOf } from "../store/dates.ts";
import { uuidOf } from "../store/ids.ts";
import type { ReportRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { checkDates } from "./dates.ts";
import { invalid } from "./errors.ts";

/** Milliseconds that a report is submitted, and then processed. */
const SUBMITTED = 2 * SECOND;
const PROCESSED = 4 * SECOND;

/** Schedules a report. */
export function schedule(store: Store, body: WithoutNull<ReportCreate>): ReportRecord {
  const { name, customizationName, format = "csv", startDate, endDate } = body;
  checkDates({ startDate, endDate });
  if (endDate !== undefined && timeOf(endDate) < timeOf(startDate)) invalid("endDate must not be before startDate");
  const number = store.nextId("reports");
  const id = uuidOf("report", number, String(store.time));
  return store.reports.put({
    id,
    createdAt: store.time,
    nextAt: store.time + SUBMITTED,
    report: {
      ...{ id, name, startDate, status: "submitted", type: "onetime" },
      ...(customizationName !== undefined && { customizationName }),
      ...(endDate !== undefined && { endDate }),
      // It comes back in upper case.
      format: format.toUpperCase(),
    },
  });
}

/** Takes a report to its next state. */
export function moveReportOn(store: Store, record: ReportRecord): void {
  const { report } = record;
  if (report.status === "submitted") {
    store.reports.put({ ...record, nextAt: store.time + PROCESSED, report: { ...report, status: "processing" } });
  } else if (report.status === "processing") {
    const creationDate = timestampOf(store.time);
    store.reports.put({ ...record, nextAt: undefined, report: { ...report, status: "completed", creationDate } });
  }
}
