import type { ReportTable } from "./table.ts";

/** A format of reports: its content type, and how its file is written. */
interface Format {
  contentType: string;
  /** Loads what writes the format when it is first asked for. */
  write(table: ReportTable): Promise<Uint8Array>;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A text without the characters that XML cannot hold (XML 1.0, §2.2). */
const forXml = (value: string | number): string | number =>
  typeof value === "number"
    ? value
    : value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");

async function toXlsx({ columns, rows }: ReportTable): Promise<Uint8Array> {
  const { default: writeExcelFile } = await import("write-excel-file/universal");
  const head = columns.map((column) => ({ value: column, fontWeight: "bold" as const }));
  const body = rows.map((row) =>
    columns.map((column) => {
      const value = forXml(row[column] ?? "");
      return typeof value === "number" ? { type: Number, value } : { type: String, value };
    }),
  );
  const blob = await writeExcelFile([head, ...body]).toBlob();
  return new Uint8Array(await blob.arrayBuffer());
}

/** How a text begins that a spreadsheet takes for a formula. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Amounts and phone numbers, which call nothing. */
const NUMBER = /^[+-][\d\s().,-]*$/;

/** A row whose texts are none of a formula for who opens the file in a spreadsheet: an apostrophe makes them text. */
const forCsv = (row: ReportTable["rows"][number]) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const isFormula = typeof value === "string" && FORMULA.test(value) && !NUMBER.test(value);
      return [name, isFormula ? `'${value}` : value];
    }),
  );

async function toCsv({ columns, rows }: ReportTable): Promise<Uint8Array> {
  const { stringify } = await import("csv-stringify/browser/esm/sync");
  return utf8(stringify(rows.map(forCsv), { header: true, columns: [...columns] }));
}

/** A column's name as that of an element, which has no blanks. */
const elementOf = (column: string): string => column.replaceAll(" ", "_");

async function toXml({ rows }: ReportTable): Promise<Uint8Array> {
  const { XMLBuilder } = await import("fast-xml-parser");
  const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });
  const line = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [elementOf(name), forXml(value)])),
  );
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ report: { line } })}`);
}

/** How files are written, by their extension. */
export const formats: Readonly<Record<string, Format>> = {
  csv: { contentType: "text/csv; charset=utf-8", write: toCsv },
  json: { contentType: "application/json", write: async ({ rows }) => utf8(`${JSON.stringify(rows, null, 2)}\n`) },
  xml: { contentType: "application/xml", write: toXml },
  xlsx: {
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write: toXlsx,
  },
};

/** The extension of a report's file, which is its format's name; that of CSV where the format is none of ours. */
export function extensionOf(format: string | undefined): string {
  const name = (format ?? "csv").toLowerCase();
  return Object.hasOwn(formats, name) ? name : "csv";
}
