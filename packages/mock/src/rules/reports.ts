import type { ReportCreate } from "@imcloud/spec";
import { SECOND, timeOf, timestampOf } from "../world/dates.ts";
import { uuidOf } from "../world/ids.ts";
import type { ReportRecord } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { refuse } from "./refusal.ts";

/** Milliseconds that a report is submitted, and then processed. */
const SUBMITTED = 2 * SECOND;
const PROCESSED = 4 * SECOND;

/** Schedules a report. */
export function schedule(world: World, body: ReportCreate): ReportRecord {
  const { name, customizationName, format = "csv", startDate, endDate } = body;
  if (endDate !== undefined && timeOf(endDate) < timeOf(startDate)) refuse("endDate must not be before startDate");
  const number = world.nextId("reports");
  const id = uuidOf("report", number, String(world.time));
  return world.reports.put({
    id,
    createdAt: world.time,
    nextAt: world.time + SUBMITTED,
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
export function moveReportOn(world: World, record: ReportRecord): void {
  const { report } = record;
  if (report.status === "submitted") {
    world.reports.put({ ...record, nextAt: world.time + PROCESSED, report: { ...report, status: "processing" } });
  } else if (report.status === "processing") {
    const creationDate = timestampOf(world.time);
    world.reports.put({ ...record, nextAt: undefined, report: { ...report, status: "completed", creationDate } });
  }
}
