import { Zip, ZipDeflate } from "fflate/browser";
import { forXml, type Writer } from "./writer.ts";

const RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The fixed parts of a workbook with one sheet (ECMA-376-1 §12). */
const PARTS: Readonly<Record<string, string>> = {
  "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  "_rels/.rels": `<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `<workbook xmlns="${SHEETS}" xmlns:r="${DOCUMENT}"><sheets><sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${RELATIONSHIPS}"><Relationship Id="rId1" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Characters of a sheet to collect before they are compressed. */
const PIECE = 32_768;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

const escaped = (text: string | number): string => String(text).replace(/[&<>]/g, (char) => ENTITIES[char] ?? "");

/** `A` for the first column, `AA` for the 27th. */
function letterOf(column: number): string {
  const rest = String.fromCharCode(65 + (column % 26));
  return column < 26 ? rest : `${letterOf(Math.floor(column / 26) - 1)}${rest}`;
}

function cellOf(value: string | number, at: string): string {
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  return `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(forXml(value))}</t></is></c>`;
}

/** Writes a workbook with one sheet row by row, without holding it in memory. */
export function xlsxWriter(columns: readonly string[]): Writer {
  const letters = columns.map((_, at) => letterOf(at));
  const encoder = new TextEncoder();
  let made: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    made.push(bytes);
  });
  const add = (name: string) => {
    const part = new ZipDeflate(name, { level: 1 });
    // A fixed time, so that the same data makes the same file. ZIP has no time before 1980.
    part.mtime = "1980-01-02T00:00:00Z";
    zip.add(part);
    return part;
  };
  for (const [name, content] of Object.entries(PARTS)) add(name).push(encoder.encode(`${XML}${content}`), true);
  const sheet = add("xl/worksheets/sheet1.xml");
  let text = `${XML}<worksheet xmlns="${SHEETS}"><sheetData>`;
  let count = 0;

  const rowOf = (values: readonly (string | number)[]) => {
    count += 1;
    text += `<row r="${count}">${values.map((value, at) => cellOf(value, `${letters[at]}${count}`)).join("")}</row>`;
    if (text.length >= PIECE) push(false);
  };
  const push = (isLast: boolean) => {
    sheet.push(encoder.encode(text), isLast);
    text = "";
  };
  const taken = () => {
    const pieces = made;
    made = [];
    return pieces;
  };

  rowOf(columns);
  return {
    row(values) {
      rowOf(values);
      return taken();
    },
    end() {
      text += "</sheetData></worksheet>";
      push(true);
      zip.end();
      return taken();
    },
  };
}
