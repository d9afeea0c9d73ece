import { forXml, type Writer } from "./writer.ts";

/** A format of report files. */
interface Format {
  contentType: string;
  /** Loads the writer of the format on demand. */
  writer(columns: readonly string[]): Promise<Writer>;
}

/** The beginning of a text that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Amounts and phone numbers, which are harmless. */
const NUMBER = /^[+-][\d\s().,-]*$/;

/** Guards against CSV injection: an apostrophe makes a formula text. */
function forCsv(value: string | number): string | number {
  const isFormula = typeof value === "string" && FORMULA.test(value) && !NUMBER.test(value);
  return isFormula ? `'${value}` : value;
}

async function csvWriter(columns: readonly string[]): Promise<Writer> {
  const { stringify } = await import("csv-stringify/browser/esm/sync");
  const line = (values: readonly (string | number)[]) => stringify([[...values]]);
  const head = line(columns);
  let isFirst = true;
  const withHead = (text: string) => {
    const pieces = isFirst ? [head, text] : [text];
    isFirst = false;
    return pieces;
  };
  return { row: (values) => withHead(line(values.map(forCsv))), end: () => withHead("") };
}

async function jsonWriter(columns: readonly string[]): Promise<Writer> {
  let isFirst = true;
  return {
    row(values) {
      const row = Object.fromEntries(columns.map((column, at) => [column, values[at]]));
      const text = JSON.stringify(row, null, 2).replace(/^/gm, "  ");
      const before = isFirst ? "[\n" : ",\n";
      isFirst = false;
      return [before, text];
    },
    end: () => [isFirst ? "[]\n" : "\n]\n"],
  };
}

/** A column's name as an element's name, without blanks. */
const elementOf = (column: string): string => column.replaceAll(" ", "_");

async function xmlWriter(columns: readonly string[]): Promise<Writer> {
  const { XMLBuilder } = await import("fast-xml-parser");
  const builder = new XMLBuilder({ format: true, suppressEmptyNode: true });
  const names = columns.map(elementOf);
  let before = '<?xml version="1.0" encoding="UTF-8"?>\n<report>\n';
  const after = (text: string) => {
    const pieces = [before, text];
    before = "";
    return pieces;
  };
  return {
    row(values) {
      const line = Object.fromEntries(names.map((name, at) => [name, forXml(values[at] ?? "")]));
      return after(builder.build({ line }).replace(/^(?=.)/gm, "  "));
    },
    end: () => after("</report>\n"),
  };
}

/** The formats by file extension. */
export const formats: Readonly<Record<string, Format>> = {
  csv: { contentType: "text/csv; charset=utf-8", writer: csvWriter },
  json: { contentType: "application/json", writer: jsonWriter },
  xml: { contentType: "application/xml", writer: xmlWriter },
  xlsx: {
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    writer: async (columns) => (await import("./xlsx.ts")).xlsxWriter(columns),
  },
};

/** The file extension of a format; `csv` for an unknown one. */
export function extensionOf(format: string | undefined): string {
  const name = (format ?? "csv").toLowerCase();
  return Object.hasOwn(formats, name) ? name : "csv";
}
