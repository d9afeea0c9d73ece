import { columns, type ReportRow } from "./rows.ts";

/** A format of reports: its content type, and how its file is written. What writes it is loaded when it is first asked for. */
interface Format {
  contentType: string;
  write(rows: readonly ReportRow[]): Promise<Buffer>;
}

async function spreadsheet(rows: readonly ReportRow[]): Promise<Buffer> {
  const { default: writeExcelFile } = await import("write-excel-file/node");
  const head = columns.map((column) => ({ value: column, fontWeight: "bold" as const }));
  const body = rows.map((row) =>
    columns.map((column) => {
      const value = row[column];
      return typeof value === "number" ? { type: Number, value } : { type: String, value };
    }),
  );
  return writeExcelFile([head, ...body]).toBuffer();
}

async function separated(rows: readonly ReportRow[]): Promise<Buffer> {
  const { stringify } = await import("csv-stringify/sync");
  return Buffer.from(stringify([...rows], { header: true, columns: [...columns] }));
}

async function tagged(rows: readonly ReportRow[]): Promise<Buffer> {
  const { XMLBuilder } = await import("fast-xml-parser");
  const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ report: { line: rows } })}`);
}

export const formats: Readonly<Record<string, Format>> = {
  csv: { contentType: "text/csv; charset=utf-8", write: separated },
  json: {
    contentType: "application/json",
    write: async (rows) => Buffer.from(`${JSON.stringify(rows, null, 2)}\n`),
  },
  xml: { contentType: "application/xml", write: tagged },
  xlsx: {
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write: spreadsheet,
  },
};

/** The ending of a report's file, which is its format's name; that of CSV where the format is not one of ours. */
export function endingOf(format: string | undefined): string {
  const name = (format ?? "csv").toLowerCase();
  return Object.hasOwn(formats, name) ? name : "csv";
}
