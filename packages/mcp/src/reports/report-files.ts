import type { ImcloudClient, Report } from "@imcloud/client";
import { parse } from "csv-parse/sync";
import { ToolError } from "../results/failure.ts";

/** The size limit of a file in bytes. */
const MAX_BYTES = 20_000_000;
/** The most cached files, as they are read page by page. */
const MAX_FILES = 4;

/** A parsed report file. */
export interface ReportTable {
  columns: string[];
  rows: string[][];
}

const BROKEN =
  "The file of this report is broken: it is no CSV that can be read. Run the report again, or fetch its file by the command line.";
const TOO_LARGE = `The file has more than ${MAX_BYTES / 1_000_000} MB: take a shorter period, or fetch it by the command line.`;

/**
 * Parses a CSV file.
 * @throws {@link ToolError} when it is not CSV
 */
function parseRecords(file: Buffer): string[][] {
  try {
    return parse(file, { bom: true, relax_column_count: true });
  } catch {
    // The parser's message quotes cells, which can be personal.
    throw new ToolError(BROKEN);
  }
}

/** Names of columns, each once: cells are told and asked for by them, and of two with one name, one would be lost. */
function distinct(columns: readonly string[]): string[] {
  const names = new Set<string>();
  const counts = new Map<string, number>();
  for (const column of columns) {
    let name = column;
    // It goes on with the count of the one before, as a hostile file has a million of one name.
    for (let count = counts.get(column) ?? 2; names.has(name); count++) {
      name = `${column} (${count})`;
      counts.set(column, count + 1);
    }
    names.add(name);
  }
  return [...names];
}

/** Report files, each fetched once. Their links are secrets and in no result. */
export class ReportFiles {
  readonly #imcloud: ImcloudClient;
  readonly #tables = new Map<string, ReportTable>();

  constructor(imcloud: ImcloudClient) {
    this.#imcloud = imcloud;
  }

  /**
   * Opens a report as a table.
   * @throws {@link ToolError} when its file is not CSV, or is too large
   */
  async open(report: Report | string, signal: AbortSignal): Promise<ReportTable> {
    const id = typeof report === "string" ? report : report.id;
    const known = this.#tables.get(id);
    if (known) return known;
    const table = await this.#read(
      typeof report === "string" ? await this.#imcloud.reports.get(id, { signal }) : report,
      signal,
    );
    this.#tables.set(id, table);
    const [oldest] = this.#tables.keys();
    if (this.#tables.size > MAX_FILES && oldest !== undefined) this.#tables.delete(oldest);
    return table;
  }

  async #read(report: Report, signal: AbortSignal): Promise<ReportTable> {
    if (report.format && report.format.toLowerCase() !== "csv")
      throw new ToolError("The file of this report is no CSV: run it again by run_report, which makes one.");
    const download = await this.#imcloud.reports.download(report, { signal });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of download) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) throw new ToolError(TOO_LARGE);
      chunks.push(chunk);
    }
    const [columns = [], ...rows] = parseRecords(Buffer.concat(chunks));
    return { columns: distinct(columns), rows };
  }
}
