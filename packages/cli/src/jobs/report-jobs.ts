import type { ReportCreate } from "@imcloud/client";
import { checkBody } from "../body.ts";
import type { Context } from "../context.ts";
import { writeResource } from "../output/output.ts";
import { say } from "../output/text.ts";
import { checkWritable } from "../typed-files.ts";
import { isDay, period, time } from "../typed-values.ts";

const COLUMNS = ["id", "name", "status", "format", "startDate", "endDate"];

/** Saves a report's file. */
export async function downloadReport(context: Context, id: string, file: string): Promise<void> {
  await checkWritable("<file>", file);
  const imcloud = await context.connect();
  const download = await imcloud.reports.download(id, { signal: context.shell.signal });
  await download.toFile(file);
  say(context.shell, `Saved ${file}.`);
}

/** Runs a report, and saves its file if a name is given. */
export async function runReport(context: Context, body: ReportCreate, file: string | undefined): Promise<void> {
  await checkBody("reports_create", body, { name: "--name" });
  if (file !== undefined) await checkWritable("--download", file);
  const imcloud = await context.connect();
  const { shell } = context;
  const { signal } = shell;
  const report = await imcloud.reports.run(body, {
    signal,
    onState: ({ status }) => {
      if (shell.stderr.isTTY) say(shell, `The report is ${status}`);
    },
  });
  if (file === undefined) return writeResource(context, report, { columns: COLUMNS });
  // The report itself, as with --mock only this client's sandbox has it.
  await (await imcloud.reports.download(report, { signal })).toFile(file);
  say(shell, `Saved ${file}.`);
}

/** A time for the API. A day becomes its first or its last second. */
const toMoment = (text: string, end: "first" | "last"): string =>
  isDay(text) ? `${text}T${end === "first" ? "00:00:00" : "23:59:59"}Z` : text;

/** The period of a report, from what was typed. */
export function periodOf(from: string, to: string | undefined): Pick<ReportCreate, "startDate" | "endDate"> {
  const startDate = toMoment(time("--from", from), "first");
  if (to === undefined) return { startDate };
  period(["--from", from], ["--to", to]);
  return { startDate, endDate: toMoment(to, "last") };
}
