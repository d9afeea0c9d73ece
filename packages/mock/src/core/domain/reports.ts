import type { Report, ReportCreate } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import { after, DAY, dateOf, MINUTE, SECOND, timeOf, timestampOf } from "../store/dates.ts";
import { uuidOf } from "../store/ids.ts";
import type { ReportRecord } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { checkDates } from "./check-dates.ts";
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

/** Milliseconds for which the platform keeps a report's file (REP-01). */
export const FILE_KEPT = 90 * DAY;

/** Whether a report has its file still. */
export const hasFile = ({ report: { status, creationDate }, createdAt }: ReportRecord, time: number): boolean =>
  status === "completed" && time < (creationDate === undefined ? createdAt : timeOf(creationDate)) + FILE_KEPT;

/** The first of a month, some months after the one of a time. */
const monthStart = (time: number, months = 0): number =>
  after(timeOf(`${dateOf(time).slice(0, 7)}-01`), { type: "month", duration: 1 }, months);

/** Milliseconds after the end of a month at which its invoices are made, and the reports of them. */
const INVOICED_AT = 6 * 60 * MINUTE;

/** A report that is set up in the control panel, and made of each month on the first of the next (REP-07). */
export function reportOfMonth({ name, type, format }: ReportSetUp, month: number): ReportRecord {
  const end = monthStart(month, 1);
  const id = uuidOf("report of a month", dateOf(month), name, String(format));
  const createdAt = end + INVOICED_AT;
  return {
    ...{ id, createdAt, isSetUp: true },
    report: {
      ...{ id, name, status: "completed", type, format, creationDate: timestampOf(createdAt) },
      startDate: `${dateOf(month)}T00:00:00Z`,
      endDate: `${dateOf(end - DAY)}T23:59:59Z`,
    },
  };
}

/** What is set up of a report. */
export type ReportSetUp = Required<Pick<Report, "name" | "type" | "format">>;

/** A report that is set up, with the time at which the one of the next month follows it. */
export const withFollower = (record: ReportRecord): ReportRecord => ({
  ...record,
  isSetUp: true,
  nextAt: monthStart(record.createdAt, 1) + INVOICED_AT,
});

/** Makes the report of the month that is over, as it is set up. */
function follow(store: Store, record: ReportRecord): void {
  const { name, type, format } = record.report as ReportSetUp;
  store.reports.put({ ...record, nextAt: undefined });
  store.reports.put(withFollower(reportOfMonth({ name, type, format }, monthStart(store.time, -1))));
}

/** Takes a report to its next state. */
export function moveReportOn(store: Store, record: ReportRecord): void {
  const { report } = record;
  if (record.isSetUp) follow(store, record);
  else if (report.status === "submitted") {
    store.reports.put({ ...record, nextAt: store.time + PROCESSED, report: { ...report, status: "processing" } });
  } else if (report.status === "processing") {
    const creationDate = timestampOf(store.time);
    store.reports.put({ ...record, nextAt: undefined, report: { ...report, status: "completed", creationDate } });
  }
}
