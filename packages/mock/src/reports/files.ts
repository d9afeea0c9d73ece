import { stringify } from "csv-stringify/sync";
import { XMLBuilder } from "fast-xml-parser";
import { columns, type ReportRow } from "./rows.ts";

/** A format of reports: its content type, and how its file is written. */
interface Format {
  contentType: string;
  write(rows: readonly ReportRow[]): Buffer | Promise<Buffer>;
}

async function spreadsheet(rows: readonly ReportRow[]): Promise<Buffer> {
  // Loaded when it is first asked for: a test that downloads none need not wait for it.
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

export const formats: Readonly<Record<string, Format>> = {
  csv: {
    contentType: "text/csv; charset=utf-8",
    write: (rows) => Buffer.from(stringify([...rows], { header: true, columns: [...columns] })),
  },
  json: { contentType: "application/json", write: (rows) => Buffer.from(`${JSON.stringify(rows, null, 2)}\n`) },
  xml: {
    contentType: "application/xml",
    write(rows) {
      const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });
      return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ report: { line: rows } })}`);
    },
  },
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
