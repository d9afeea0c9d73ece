import { z } from "zod";
import { queryTable, type TableQuery } from "../reports/query.ts";
import type { ReportTable } from "../reports/report-files.ts";
import type { Outcome } from "../results/outcome.ts";
import { cutPart, readPart } from "./lists.ts";
import { day, paging, READS, type ToolCall, tool } from "./tool.ts";

/** Columns that are shown where none are chosen: files have up to a hundred. */
const MAX_COLUMNS = 12;
/** Rows that are shown of a file that was just made. */
const FIRST_ROWS = 5;

/** Cells that are shown at once. */
const MAX_CELLS = 240;

interface View extends TableQuery {
  limit: number;
  offset: number;
}

/** A part of a table as rows of named cells. */
function view(
  table: ReportTable,
  query: View,
  { includePersonalData }: ToolCall,
): Pick<Outcome, "data" | "part" | "leftOut"> {
  const { columns, rows, personal } = queryTable(table, query, includePersonalData);
  const shown = query.columns ? columns : columns.slice(0, MAX_COLUMNS);
  const limit = Math.min(query.limit, Math.max(1, Math.floor(MAX_CELLS / shown.length)));
  const { rows: cut, part } = cutPart(rows, { limit, offset: query.offset });
  const words = personal.join(", ");
  return {
    data: { columns, rows: cut.map((row) => Object.fromEntries(shown.map((column, index) => [column, row[index]]))) },
    part,
    leftOut: [
      ...(shown.length < columns.length
        ? [`the cells of ${columns.length - shown.length} columns: choose some by columns of read_report`]
        : []),
      ...(words ? [`columns about people (${words}): the server was started without --include-personal-data`] : []),
    ],
  };
}

const column = z.string().min(1).max(200);

/** Makes a report and shows its columns. */
export const runReport = tool({
  name: "run_report",
  title: "Run a report",
  description:
    "Makes a report of a period and tells its columns and first rows; read the rest by read_report. It takes up to some minutes, adds an entry to the list of reports, and changes nothing else. Reports are set up by name at the marketplace, such as Every Invoice - Full View (a row for each charge), Subscription Resources (seats of all) or Accounts.",
  input: z.strictObject({ name: z.string().min(1).max(200), from: day, to: day }),
  data: "reportId, columns, rows (the first)",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async run({ name, from, to }, call) {
    const { imcloud, signal, progress, reports } = call;
    let states = 0;
    const report = await imcloud.reports.run(
      { name, format: "csv", startDate: `${from}T00:00:00Z`, endDate: `${to}T23:59:59Z` },
      { signal, onState: () => progress(++states, undefined, "The report is being made") },
    );
    const table = await reports.open(report, signal);
    const { data, ...rest } = view(table, { limit: FIRST_ROWS, offset: 0 }, call);
    return { ...rest, data: { reportId: report.id, name: report.name, ...(data as object) } };
  },
});

/** Reads what a report holds. */
export const readReport = tool({
  name: "read_report",
  title: "Read a report",
  description:
    "Reads a report's file: chosen columns, rows where columns equal values, or exact sums (sum) by a column (groupBy). Currencies are never added together. Without reportId it lists the newest reports.",
  input: z.strictObject({
    reportId: z.string().max(64).optional(),
    columns: z.array(column).max(40).optional(),
    where: z
      .array(z.strictObject({ column, equals: z.string().max(300) }))
      .max(10)
      .optional(),
    groupBy: column.optional(),
    sum: z.array(column).max(10).optional(),
    ...paging,
  }),
  data: "columns and rows of the file; or reports: id, name, status, format, startDate, endDate",
  annotations: READS,
  async run({ reportId, ...query }, call) {
    const { imcloud, signal, reports } = call;
    if (reportId !== undefined) return view(await reports.open(reportId, signal), query, call);
    const { limit, offset } = query;
    const { rows, part } = await readPart(imcloud.reports.list({ limit, offset }, { signal }));
    const data = rows.map(({ id, name, status, format, type, startDate, endDate, creationDate }) => ({
      ...{ id, name, status, format, type, startDate, endDate, creationDate },
    }));
    return { data, part };
  },
});
