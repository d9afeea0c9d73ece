import { readFileSync } from "node:fs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

type Row = Record<string, string>;

const rowsOf = (lines: string[][]): Row[] => {
  const [names = [], ...rows] = lines;
  return rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
};

/** A table of facts, one object a line, by the names of its columns. */
export const facts = (name: string): Row[] =>
  rowsOf(
    read(`./sources/${name}.tsv`)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t")),
  );

const cellsOf = (line: string) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The table of a decision whose first column has the given name. */
export function decisionTable(file: string, firstColumn: string): Row[] {
  const lines = read(`../../openapi/decisions/${file}.md`).split("\n");
  const start = lines.findIndex((line) => cellsOf(line)[0] === firstColumn);
  if (start < 0) throw new Error(`Decision ${file} has no table of "${firstColumn}".`);
  const after = lines.slice(start);
  const end = after.findIndex((line) => !line.startsWith("|"));
  const table = after.slice(0, end < 0 ? undefined : end).map(cellsOf);
  return rowsOf(table.filter((_, index) => index !== 1));
}

export const words = (list: string | undefined): string[] => (list ? list.split(", ") : []);
