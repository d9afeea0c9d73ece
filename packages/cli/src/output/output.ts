import { styleText } from "node:util";
import type { Context } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { oneLine, say, toJson, widthOf } from "./text.ts";

type Row = Record<string, unknown>;

/** A value as the text of a cell. */
export const cell = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** The value at a path, such as `address.city`. */
const at = (row: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), row);

const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null;

/** Writes the rows of a list as they arrive. */
export interface RowWriter {
  write(row: object): void;
  end(): Promise<void>;
}

/** The members that can be shown. */
export interface Members {
  /** The default columns. */
  columns: readonly string[];
  /** Further columns that can be requested; `undefined` if unknown. */
  objects?: readonly string[];
}

/** The requested columns, or the default ones. */
function columnsOf({ options }: Context, { columns: defaultColumns, objects }: Members): string[] {
  const asked = options.columns?.split(",").map((name) => name.trim());
  if (asked?.some((name) => name === "")) throw new CommandError("--columns takes names between commas: id,name.");
  const known = objects && [...defaultColumns, ...objects];
  const unknown = known && asked?.find((name) => !known.includes(name.split(".")[0] ?? ""));
  if (unknown) throw new CommandError(`There is no column ${unknown}; there are ${known.join(", ")}.`);
  return asked ?? [...defaultColumns];
}

/** Refuses unknown columns, before anything is sent. */
export function checkColumns(context: Context, members: Members): void {
  columnsOf(context, members);
}

/**
 * Refuses options of the output that no command can follow, before anything is sent: a write whose result cannot be printed was done.
 * @throws {@link CommandError} when there are several formats, or columns without a name
 */
export function checkOutput(context: Context): void {
  checkFormats(context);
  checkColumns(context, { columns: [] });
}

/**
 * Counts the default columns that fit a terminal.
 * @param widths the width of each column
 */
function fitting(columns: string[], widths: number[], room: number): number {
  let used = 0;
  for (const [index, width] of widths.entries()) {
    used += width + 2;
    if (used - 2 > room) return Math.max(1, index);
  }
  return columns.length;
}

/** The width at which a table's cells are cut. */
const WIDEST = 40;

/** Characters of Chinese, Japanese and Korean, and pictures, which a terminal shows two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/** The columns that a text takes in a terminal. */
const columnsIn = (text: string): number =>
  Array.from(text).reduce(
    (width, character) => width + (/\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1),
    0,
  );

async function writeTable(context: Context, members: Members, rows: object[]): Promise<void> {
  const { shell, options } = context;
  const { default: Table } = await import("cli-table3");
  const all = columnsOf(context, members);
  // Leaves out empty columns.
  const columns = options.columns ? all : all.filter((name) => rows.some((row) => cell(at(row, name)) !== ""));
  if (columns.length === 0) return;
  const texts = rows.map((row) => columns.map((name) => oneLine(cell(at(row, name)))));
  const widths = columns.map((name, index) =>
    // An argument for each row would be too many for a call.
    texts.reduce((widest, line) => Math.min(WIDEST, Math.max(widest, columnsIn(line[index] ?? ""))), columnsIn(name)),
  );
  const isTerminal = shell.stdout.isTTY === true;
  const shown = options.columns || !isTerminal ? columns.length : fitting(columns, widths, widthOf(shell));
  // The library's own colors would follow the process's environment, not this stream.
  const isStyled = isTerminal && !shell.env.NO_COLOR;
  const heading = (name: string) => (isStyled ? styleText("bold", name, { validateStream: false }) : name);
  const table = new Table({
    head: columns.slice(0, shown).map(heading),
    ...(isTerminal && { colWidths: widths.slice(0, shown).map((width) => width + 2) }),
    chars: Object.fromEntries(
      ["top", "bottom", "mid", "left", "right"]
        .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`, `left-${side}`, `right-${side}`])
        .concat(["middle"])
        .map((name) => [name, ""]),
    ),
    style: {
      head: [],
      border: [],
      "padding-left": 0,
      "padding-right": 2,
    },
  });
  for (const line of texts) table.push(line.slice(0, shown));
  const lines = table.toString().split("\n");
  shell.stdout.write(`${lines.map((line) => line.trimEnd()).join("\n")}\n`);
}

/** A negative number, which is no formula and must not be escaped. */
const NEGATIVE = /^-\d+(?:\.\d+)?$/;

async function csvWriter(context: Context, members: Members): Promise<RowWriter> {
  const { stringify } = await import("csv-stringify/sync");
  const columns = columnsOf(context, members);
  const { stdout } = context.shell;
  const cast = { string: (value: string) => (NEGATIVE.test(value) ? { value, escape_formulas: false } : value) };
  const options = { escape_formulas: true, cast };
  // In a pipe the text is unchanged, for programs.
  const shown = stdout.isTTY ? oneLine : (text: string) => text;
  const write = (values: string[]) => void stdout.write(stringify([values.map(shown)], options));
  write(columns);
  return { write: (row) => write(columns.map((name) => cell(at(row, name)))), end: async () => {} };
}

/** Reduces a row to the requested columns, for JSON. */
function picked(context: Context, row: object): object {
  if (!context.options.columns) return row;
  return Object.fromEntries(columnsOf(context, { columns: [] }).map((name) => [name, at(row, name)]));
}

function checkFormats({ options: { json, ndjson, csv } }: Context): void {
  if ([json, ndjson, csv].filter(Boolean).length > 1) {
    throw new CommandError("Choose one of --json, --ndjson and --csv.");
  }
}

/** Writes the rows of a list in the requested format. `--ndjson` and `--csv` write each row as it arrives. */
export async function rowWriter(context: Context, members: Members): Promise<RowWriter> {
  checkColumns(context, members);
  const { options, shell } = context;
  if (options.csv) return csvWriter(context, members);
  if (options.ndjson) {
    const write = (row: object) => void shell.stdout.write(`${toJson(picked(context, row))}\n`);
    return { write, end: async () => {} };
  }
  const rows: object[] = [];
  return {
    write: (row) => void rows.push(row),
    async end() {
      if (options.json)
        shell.stdout.write(
          `${toJson(
            rows.map((row) => picked(context, row)),
            2,
          )}\n`,
        );
      else if (rows.length) await writeTable(context, members, rows);
      else say(shell, "No rows.");
    },
  };
}

/** Writes one resource: its members one below the other, or in the requested format. */
export async function writeResource(context: Context, resource: object, members: Members): Promise<void> {
  const asked = columnsOf(context, members);
  const { options, shell } = context;
  if (options.csv || options.ndjson) {
    const writer = await rowWriter(context, members);
    writer.write(resource);
    return writer.end();
  }
  if (options.json) return void shell.stdout.write(`${toJson(picked(context, resource), 2)}\n`);
  const names = options.columns ? asked : Object.keys(resource);
  const lines = names.flatMap((name): [name: string, text: string][] => {
    const value = at(resource, name);
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.some((each) => typeof each === "object"))
      return [[oneLine(name), oneLine(cell(value))]];
    return value.map((each, index) => [`${oneLine(name)}.${index}`, oneLine(cell(each))]);
  });
  const width = lines.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  for (const [name, text] of lines) shell.stdout.write(`${name.padEnd(width)}  ${text}\n`);
}
