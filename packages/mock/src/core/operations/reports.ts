import type { Report } from "@imcloud/spec";
import { requireFound } from "../domain/errors.ts";
import { hasFile, schedule } from "../domain/reports.ts";
import { DAY, timeOf } from "../store/dates.ts";
import type { ReportRecord } from "../store/records.ts";
import { type CallContext, type HandlersOf, type QueryValues, queryParam } from "./handler.ts";
import { containsWords, equals, type Filter, isSince, isUntil } from "./lists.ts";

type ListCall = CallContext & {
  query: QueryValues<"name" | "format" | "status" | "type" | "from" | "to" | "offset" | "limit">;
};

/** A report, with a link while its file is kept. */
const show = ({ links, store }: CallContext, record: ReportRecord): Report =>
  hasFile(record, store.time) ? { ...record.report, downloadUrl: links.of(record.report) } : record.report;

const generatedAt = ({ report: { creationDate }, createdAt }: ReportRecord): number =>
  creationDate === undefined ? createdAt : timeOf(creationDate);

/** Filters by the day of generation; for a report that is not generated yet, by the day it was scheduled. */
function periodFilters(call: ListCall): Filter<ReportRecord>[] {
  const [from, to] = [queryParam(call, "from"), queryParam(call, "to")];
  return [
    isSince(from, generatedAt),
    // Includes the whole last day.
    isUntil(to, (record) => generatedAt(record) - DAY + 1),
  ];
}

/** Lists all reports: the API is known to ignore offset and limit here. */
function list(call: ListCall) {
  const upper = (text: unknown) => String(text ?? "").toUpperCase();
  const format = queryParam(call, "format");
  const filters: Filter<ReportRecord>[] = [
    containsWords(call, "name", ({ report }) => report.name),
    format === undefined ? undefined : ({ report }) => upper(report.format) === upper(format),
    equals(call, "status", ({ report }) => report.status),
    equals(call, "type", ({ report }) => report.type),
    ...periodFilters(call),
  ];
  const asked = filters.filter((filter) => filter !== undefined);
  const found = [...call.store.reports.newestFirst()].filter((record) => asked.every((filter) => filter(record)));
  return {
    data: found.map((record) => show(call, record)),
    pagination: { offset: 0, limit: found.length, total: found.length },
  };
}

/** Members that the integration guide lists for requests, but that the server sets. */
const SET_BY_SERVER = ["status", "type", "creationDate", "downloadUrl"] as const;

export const reports: HandlersOf<"reports"> = {
  reports_list: list,
  reports_create: (call) => {
    for (const name of SET_BY_SERVER) {
      if (Object.hasOwn(call.body, name)) call.note(`body member ${JSON.stringify(name)} is set by the server`);
    }
    return show(call, schedule(call.store, call.body));
  },
  reports_get: (call) => {
    const { reportId } = call.params;
    return show(call, requireFound(call.store.reports.get(reportId), "report", reportId));
  },
};
