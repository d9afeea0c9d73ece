import { existsSync } from "node:fs";
import type {
  Accepted,
  ChangeEvent,
  Charged,
  OrderPrices,
  ReportLine,
  SyncOptions,
  SyncProgress,
  SyncResult,
  SyncStore,
} from "@imcloud/sync";
import type { Context } from "../context.ts";
import { refuseDryRun } from "../curl.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { rowWriter, writeResource } from "../output/output.ts";
import { createStatusLine } from "../output/progress.ts";
import { oneLine, say } from "../output/text.ts";
import { failingInWords, inFlags, openFilledTables, openTables } from "../settings/tables.ts";
import { fileName, readText } from "../typed-files.ts";
import { isTime, oneOf, period, wholeNumber } from "../typed-values.ts";

/** Options of `sync`. */
export interface SyncCommandOptions {
  to?: string;
  perDay?: string;
  full?: boolean;
  timeZone?: string;
  accept?: string[];
}

const NUMBER = new Intl.NumberFormat("en");

/** Formats a time to the minute, in UTC. */
const minute = (time: Date): string => `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** `orders: 31 calls, 1,240 things to read, done 2026-10-05 12:40 UTC`. */
function syncText({ phase, resource, calls, remaining, doneAt }: SyncProgress): string {
  const rest = `${NUMBER.format(remaining)} things to read`;
  const end = doneAt ? `, done ${minute(doneAt)}` : "";
  return `${phase === "lists" ? `list of ${resource}` : resource}: ${NUMBER.format(calls)} calls, ${rest}${end}`;
}

const optionalNumber = (flag: string, text: string | undefined, least: number, most?: number): number | undefined =>
  text === undefined ? undefined : wholeNumber(flag, text, least, most);

const ACCEPTED: readonly Accepted[] = ["account", "removals"];

/** The least calls of a day by which a sync comes to an end. */
const LEAST_PER_DAY = 10;

/** The most seconds that a timer can hold. */
const LONGEST_PAUSE = 2_147_483;

/** @throws {@link CommandError} when there is no such time zone */
function checkTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new CommandError(`--time-zone takes the name of a time zone such as Europe/Stockholm; got "${zone}".`);
  }
}

/** What a sync is told, as the library takes it. */
type CheckedOptions = Pick<SyncOptions, "perDay" | "full" | "timeZone" | "accept">;

/** Checks options before a file is made for them. */
function checkOptions({ perDay, full, timeZone, accept }: SyncCommandOptions): CheckedOptions {
  if (timeZone !== undefined) checkTimeZone(timeZone);
  return {
    full,
    timeZone,
    accept: accept?.map((each) => oneOf("--accept", each, ACCEPTED)),
    perDay: optionalNumber("--per-day", perDay, LEAST_PER_DAY),
  };
}

/** Runs a sync, and shows its progress. */
async function syncTo(context: Context, to: SyncStore, options: CheckedOptions = {}): Promise<SyncResult> {
  const { sync } = await import("@imcloud/sync");
  const client = await context.connect();
  const line = createStatusLine(context.shell);
  const onProgress = (progress: SyncProgress) => line.tell(syncText(progress));
  try {
    return await failingInWords(() => sync({ client, to, ...options, onProgress, signal: context.shell.signal }));
  } finally {
    line.clear();
  }
}

/** Syncs tables with the marketplace. */
export async function syncTables(context: Context, options: SyncCommandOptions): Promise<void> {
  refuseDryRun(context, "sync");
  const checked = checkOptions(options);
  const result = await syncTo(context, await openTables(context, options.to), checked);
  const { isComplete, calls, left, events, remaining, doneAt, failures, doubts } = result;
  const things = Object.values(remaining).reduce((sum, count) => sum + count, 0);
  const shown = { isComplete, calls, left, events, remaining: things, ...(doneAt && !isComplete && { doneAt }) };
  await writeResource(context, shown, { columns: Object.keys(shown) });
  for (const { message } of doubts) say(context.shell, inFlags(message));
  for (const { resource, id, error } of failures) {
    say(context.shell, `${resource} ${id} could not be read: ${(error as Error).message}`);
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

/** Opens tables to read. With `--mock` they are synced first. */
async function tablesToAsk(context: Context, name: string | undefined): Promise<SyncStore> {
  if (!context.options.mock) return openFilledTables(context, name);
  const tables = await openTables(context, name, "--from");
  await syncTo(context, tables);
  return tables;
}

/** The most characters that the tables take as the name of a consumer. */
const LONGEST_NAME = 200;

/** Options of `events`. */
export interface EventsOptions {
  from?: string;
  since?: string;
  consumer?: string;
  type?: string[];
  follow?: string;
}

/** Parses a cursor or a time. A day begins in UTC. */
function sinceOf(text: string | undefined): number | Date | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (isTime(text)) return new Date(text);
  throw new CommandError(`--since takes the cursor of an event, or a time such as 2026-10-05; got "${text}".`);
}

/** Prints the events. */
export async function listEvents(context: Context, options: EventsOptions): Promise<void> {
  refuseDryRun(context, "events");
  const { CHANGE_EVENT_TYPES, changes } = await import("@imcloud/sync");
  const { consumer, follow } = options;
  const types = options.type?.map((each) => oneOf("--type", each, CHANGE_EVENT_TYPES));
  const [since, seconds] = [sinceOf(options.since), optionalNumber("--follow", follow, 1, LONGEST_PAUSE)];
  if (consumer && consumer.length > LONGEST_NAME) {
    throw new CommandError(`--consumer takes a name of up to ${LONGEST_NAME} characters; got ${consumer.length}.`);
  }
  const { ndjson, csv } = context.options;
  if (follow !== undefined && !ndjson && !csv) {
    throw new CommandError(
      "--follow has no end, and a table and --json are printed at the end: give --ndjson or --csv.",
    );
  }
  const from = await tablesToAsk(context, options.from);
  const writer = await rowWriter(context, {
    columns: ["cursor", "seenAt", "type", "about", "id"],
    objects: ["before", "after"],
  });
  const given = {
    ...{ from, since, consumer, types, signal: context.shell.signal },
    follow: seconds && seconds * 1_000,
  };
  let isWritten = false;
  try {
    await failingInWords(async () => {
      for await (const event of changes(given)) {
        writer.write({ ...event, about: nameOf(event) });
        isWritten = true;
      }
    });
  } catch (error) {
    // A consumer does not get them again, whatever ended the loop after them.
    if (isWritten) await writer.end();
    throw error;
  }
  await writer.end();
}

/** The name of an event's resource. */
function nameOf({ before, after }: ChangeEvent): string {
  const { id, name, orderNumber } = (after ?? before ?? {}) as { id?: string; name?: string; orderNumber?: string };
  return [id, name ?? orderNumber].filter(Boolean).join(" ");
}

/** Options of `reconcile`. */
export interface ReconcileCommandOptions {
  from?: string;
  since?: string;
  until?: string;
  charged?: string;
  prices?: string;
}

async function parseReport(text: string, kind: "csv" | "json"): Promise<ReportLine[]> {
  try {
    if (kind === "json") return JSON.parse(text) as ReportLine[];
    const { parse } = await import("csv-parse/sync");
    return parse(text, { columns: true, bom: true });
  } catch (error) {
    throw new CommandError(`The report is no ${kind.toUpperCase()}: ${oneLine((error as Error).message)}`);
  }
}

interface ReadReport {
  lines: ReportLine[];
  period: { from: Date; to: Date } | undefined;
}

/** Downloads a report by its id, with its period. */
async function downloadReport(context: Context, id: string): Promise<ReadReport> {
  const imcloud = await context.connect();
  const { signal } = context.shell;
  const report = await imcloud.reports.get(id, { signal });
  const kind = String(report.format).toLowerCase();
  if (kind !== "csv" && kind !== "json")
    throw new CommandError(`Report ${id} is ${oneLine(kind)}; run it as csv or json.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await imcloud.reports.download(report, { signal })) chunks.push(chunk);
  const lines = await parseReport(Buffer.concat(chunks).toString(), kind);
  const end = report.endDate ?? report.creationDate;
  const isKnown = end !== undefined && isTime(report.startDate) && isTime(end);
  return { lines, period: isKnown ? period(["startDate", report.startDate], ["endDate", end]) : undefined };
}

const isId = (text: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);

async function readReport(context: Context, report: string): Promise<ReadReport> {
  if (isId(report)) return downloadReport(context, report);
  fileName("<report>", report, "a file, or the id of a report");
  if (!existsSync(report)) {
    throw new CommandError(
      `There is no file ${report}, and it is no id of a report, which is like 6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90.`,
    );
  }
  const text = await readText("<report>", report);
  return { lines: await parseReport(text, /\.json$/i.test(report) ? "json" : "csv"), period: undefined };
}

const CHARGED: readonly Charged[] = ["customer", "reseller"];
const PRICES: readonly OrderPrices[] = ["unitPrice", "salesUnitPrice"];

/** Reconciles an invoice report with the tables. */
export async function reconcileReport(
  context: Context,
  report: string,
  options: ReconcileCommandOptions,
): Promise<void> {
  const { since, until } = options;
  if ((since === undefined) !== (until === undefined))
    throw new CommandError("--since and --until are given together.");
  const { reconcile } = await import("@imcloud/sync");
  refuseDryRun(context, "reconcile");
  const given = since && until ? period(["--since", since], ["--until", until]) : undefined;
  const charged = options.charged === undefined ? undefined : oneOf("--charged", options.charged, CHARGED);
  const prices = options.prices === undefined ? undefined : oneOf("--prices", options.prices, PRICES);
  const read = await readReport(context, report);
  const from = await tablesToAsk(context, options.from);
  const { totals, differences, remarks } = await failingInWords(() =>
    reconcile({ from, lines: read.lines, period: given ?? read.period, charged, prices }),
  );
  const writer = await rowWriter(context, {
    columns: ["kind", "invoice", "amount", "currency", "reason", "customerId", "subscriptionId"],
  });
  for (const row of [...differences, ...remarks]) writer.write(row);
  if (differences.length + remarks.length) await writer.end();
  for (const { currency, report: billed, orders, difference } of totals) {
    say(context.shell, `${currency}: ${billed} billed, ${orders} ordered, ${difference} more.`);
  }
  if (differences.length) throw new CommandError(`${differences.length} differences.`, exitCodes.refused);
}
