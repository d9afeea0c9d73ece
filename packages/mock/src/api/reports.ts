import type { Report, ReportCreate } from "@imcloud/spec";
import { found } from "../rules/refusal.ts";
import { schedule } from "../rules/reports.ts";
import { DAY, timeOf } from "../world/dates.ts";
import type { ReportRecord } from "../world/records.ts";
import { type Call, type Handler, queried } from "./call.ts";
import { equals, type Filter, pagingOf, resembles } from "./lists.ts";

const show = ({ links }: Call, { report }: ReportRecord): Report =>
  report.status === "completed" ? { ...report, downloadUrl: links.of(report) } : report;

/** Keeps reports whose period is touched by the days asked for. */
function periodFilters(call: Call): Filter<ReportRecord>[] {
  const [from, to] = ["from", "to"].map((name) => queried(call, name));
  return [
    from === undefined ? undefined : ({ report }) => timeOf(report.endDate ?? report.startDate) >= timeOf(from),
    to === undefined ? undefined : ({ report }) => timeOf(report.startDate) < timeOf(to) + DAY,
  ];
}

/** Everything at once: the API is known to ignore offset and limit here. */
function list(call: Call) {
  const upper = (text: unknown) => String(text ?? "").toUpperCase();
  const format = queried(call, "format");
  const filters: Filter<ReportRecord>[] = [
    resembles(call, "name", ({ report }) => report.name),
    format === undefined ? undefined : ({ report }) => upper(report.format) === upper(format),
    equals(call, "status", ({ report }) => report.status),
    equals(call, "type", ({ report }) => report.type),
    ...periodFilters(call),
  ];
  const asked = filters.filter((filter) => filter !== undefined);
  const found = [...call.world.reports.newestFirst()].filter((record) => asked.every((filter) => filter(record)));
  return { data: found.map((record) => show(call, record)), pagination: { ...pagingOf(call), total: found.length } };
}

export const reports: Record<string, Handler> = {
  reports_list: list,
  reports_create: (call) => show(call, schedule(call.world, call.body as ReportCreate)),
  reports_get: (call) => show(call, found(call.world.reports.get(call.id), "report", call.id)),
};
