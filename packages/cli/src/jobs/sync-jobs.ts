import { readFile } from "node:fs/promises";
import type {
  Accepted,
  ChangeEvent,
  ChangeEventType,
  ReportLine,
  SyncProgress,
  SyncResult,
  SyncStore,
} from "@imcloud/sync";
import type { Context } from "../context.ts";
import { refuseDryRun } from "../curl.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { rowWriter, writeThing } from "../output/output.ts";
import { createStatusLine } from "../output/progress.ts";
import { failingInWords, openFilledTables, openTables } from "../settings/tables.ts";
import { wholeNumber } from "../typed-number.ts";

/** Options of `sync`. */
export interface SyncCommandOptions {
  to?: string;
  perDay?: string;
  full?: boolean;
  timeZone?: string;
  accept?: string[];
}

const NUMBER = new Intl.NumberFormat("en");

/** A moment to the minute, in UTC. */
const minute = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `orders: 31 calls, 1,240 things to read, done 2026-10-05 12:40 UTC`. */
function syncText({ phase, resource, calls, remaining, doneAt }: SyncProgress): string {
  const rest = `${NUMBER.format(remaining)} things to read`;
  const end = doneAt ? `, done ${minute(doneAt)}` : "";
  return `${phase === "lists" ? `list of ${resource}` : resource}: ${NUMBER.format(calls)} calls, ${rest}${end}`;
}

const optionalNumber = (flag: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : wholeNumber(flag, text);

/** Syncs, and tells on the way how far it is. */
async function syncTo(context: Context, to: SyncStore, options: SyncCommandOptions = {}): Promise<SyncResult> {
  const { sync } = await import("@imcloud/sync");
  const { perDay, full, timeZone } = options;
  const accept = options.accept as Accepted[] | undefined;
  const client = await context.connect();
  const line = createStatusLine(context.shell);
  try {
    return await failingInWords(() =>
      sync({
        ...{
          client,
          to,
          full,
          timeZone,
          accept,
          perDay: optionalNumber("--per-day", perDay),
          signal: context.shell.signal,
        },
        onProgress: (progress) => line.tell(syncText(progress)),
      }),
    );
  } finally {
    line.clear();
  }
}

/** Brings tables to what the marketplace has. */
export async function syncTables(context: Context, options: SyncCommandOptions): Promise<void> {
  refuseDryRun(context, "sync");
  const result = await syncTo(context, await openTables(context, options.to), options);
  const { isComplete, calls, left, events, remaining, doneAt, failures, doubts } = result;
  const things = Object.values(remaining).reduce((sum, count) => sum + count, 0);
  const shown = { isComplete, calls, left, events, remaining: things, ...(doneAt && !isComplete && { doneAt }) };
  await writeThing(context, shown, { columns: Object.keys(shown) });
  for (const { message } of doubts) context.shell.stderr.write(`${message}\n`);
  for (const { resource, id, error } of failures) {
    context.shell.stderr.write(`${resource} ${id} could not be read: ${(error as Error).message}\n`);
  }
  if (failures.length) {
    throw new CommandError(`${failures.length} could not be read. The next sync tries again.`, exitCodes.connection);
  }
  if (doubts.some(({ kind }) => kind === "removals")) {
    throw new CommandError(
      "The removals were not accepted. Check them, and run sync with --accept removals if they are right.",
      exitCodes.refused,
    );
  }
  if (doubts.some(({ kind }) => kind === "brokenList")) {
    throw new CommandError("A list could not be read to its end. The next sync tries again.", exitCodes.connection);
  }
}

/** Tables to ask. A sandbox has nothing in them before it was read. */
async function tablesToAsk(context: Context, name: string | undefined): Promise<SyncStore> {
  if (!context.options.mock) return openFilledTables(context, name);
  const tables = await openTables(context, name);
  await syncTo(context, tables);
  return tables;
}

/** Options of `events`. */
export interface EventsOptions {
  from?: string;
  since?: string;
  consumer?: string;
  type?: string[];
  follow?: string;
}

/** A cursor, or a time; a day alone begins in UTC. */
function sinceOf(text: string | undefined): number | Date | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new CommandError(`--since takes the cursor of an event, or a time such as 2026-10-05; got "${text}".`);
}

/** Prints what changed, as it was found. */
export async function listEvents(context: Context, options: EventsOptions): Promise<void> {
  const { changes } = await import("@imcloud/sync");
  const { consumer, type, follow } = options;
  const [since, seconds] = [sinceOf(options.since), optionalNumber("--follow", follow)];
  const from = await tablesToAsk(context, options.from);
  const writer = await rowWriter(context, {
    columns: ["cursor", "seenAt", "type", "about", "id"],
    objects: ["before", "after"],
  });
  const given = {
    ...{ from, since, consumer, types: type as ChangeEventType[] | undefined, signal: context.shell.signal },
    follow: seconds === undefined ? undefined : Math.max(1, seconds) * 1_000,
  };
  await failingInWords(async () => {
    for await (const event of changes(given)) writer.write({ ...event, about: nameOf(event) });
  });
  await writer.end();
}

/** What an event is about, for people. */
function nameOf({ before, after }: ChangeEvent): string {
  const { id, name, orderNumber } = (after ?? before ?? {}) as { id?: string; name?: string; orderNumber?: string };
  return [id, name ?? orderNumber].filter(Boolean).join(" ");
}

/** Options of `reconcile`. */
export interface ReconcileCommandOptions {
  from?: string;
  since?: string;
  until?: string;
}

async function parseReport(text: string, kind: "csv" | "json"): Promise<ReportLine[]> {
  try {
    if (kind === "json") return JSON.parse(text) as ReportLine[];
    const { parse } = await import("csv-parse/sync");
    return parse(text, { columns: true, bom: true });
  } catch (error) {
    throw new CommandError(`The report is no ${kind.toUpperCase()}: ${(error as Error).message}`);
  }
}

interface ReadReport {
  lines: ReportLine[];
  period: { from: Date; to: Date } | undefined;
}

/** A report of the marketplace, by its id, with the period that it has. */
async function downloadReport(context: Context, id: string): Promise<ReadReport> {
  const imcloud = await context.connect();
  const { signal } = context.shell;
  const report = await imcloud.reports.get(id, { signal });
  const kind = String(report.format).toLowerCase();
  if (kind !== "csv" && kind !== "json") throw new CommandError(`Report ${id} is ${kind}; run it as csv or json.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await imcloud.reports.download(report, { signal })) chunks.push(chunk);
  const lines = await parseReport(Buffer.concat(chunks).toString(), kind);
  const end = report.endDate ?? report.creationDate;
  return { lines, period: end ? periodOf(report.startDate, end) : undefined };
}

const isId = (text: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);

async function readReport(context: Context, report: string): Promise<ReadReport> {
  if (isId(report)) return downloadReport(context, report);
  const text = await readFile(report, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      `${report} cannot be read: ${error.code === "ENOENT" ? "there is no such file" : error.message}.`,
    );
  });
  return { lines: await parseReport(text, /\.json$/i.test(report) ? "json" : "csv"), period: undefined };
}

function periodOf(since: string, until: string): { from: Date; to: Date } {
  const isDay = /^\d{4}-\d\d-\d\d$/;
  // A day is meant as a whole.
  const [from, to] = [new Date(since), new Date(isDay.test(until) ? `${until}T23:59:59.999Z` : until)];
  if (!Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime())) return { from, to };
  throw new CommandError(
    `The period must be two times such as 2026-10-01 and 2026-10-31; got "${since}" and "${until}".`,
  );
}

/** Holds an invoice report against what is kept. */
export async function reconcileReport(
  context: Context,
  report: string,
  options: ReconcileCommandOptions,
): Promise<void> {
  const { since, until } = options;
  if ((since === undefined) !== (until === undefined))
    throw new CommandError("--since and --until are given together.");
  const { reconcile } = await import("@imcloud/sync");
  const given = since !== undefined && until !== undefined ? periodOf(since, until) : undefined;
  const read = await readReport(context, report);
  const from = await tablesToAsk(context, options.from);
  const { totals, differences, remarks } = await failingInWords(() =>
    reconcile({ from, lines: read.lines, period: given ?? read.period }),
  );
  const writer = await rowWriter(context, {
    columns: ["kind", "invoice", "amount", "currency", "reason", "customerId", "subscriptionId"],
  });
  for (const row of [...differences, ...remarks]) writer.write(row);
  if (differences.length + remarks.length) await writer.end();
  for (const { currency, report: billed, orders, difference } of totals) {
    context.shell.stderr.write(`${currency}: ${billed} billed, ${orders} ordered, ${difference} more.\n`);
  }
  if (differences.length) throw new CommandError(`${differences.length} differences.`, exitCodes.refused);
}
