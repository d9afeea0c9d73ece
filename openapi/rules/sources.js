/** What the evidence says, for the rules that hold the document to it: the tables of facts, and the decisions. */
import { readdirSync, readFileSync } from "node:fs";

const TABLES = new URL("../../test/evidence/sources/", import.meta.url);
const DECISIONS = new URL("../decisions/", import.meta.url);

const rowsOf = ([names = [], ...rows]) =>
  rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));

/** A table of facts, one object a line, by the names of its columns. */
export const facts = (name) =>
  rowsOf(
    readFileSync(new URL(`${name}.tsv`, TABLES), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t")),
  );

const cellsOf = (line) =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The table of a decision whose first column has the given name. */
export function decisionTable(file, firstColumn) {
  const lines = readFileSync(new URL(`${file}.md`, DECISIONS), "utf8").split("\n");
  const start = lines.findIndex((line) => cellsOf(line)[0] === firstColumn);
  if (start < 0) throw new Error(`Decision ${file} has no table of "${firstColumn}".`);
  const after = lines.slice(start);
  const end = after.findIndex((line) => !line.startsWith("|"));
  const table = after.slice(0, end < 0 ? undefined : end).map(cellsOf);
  return rowsOf(table.filter((_, index) => index !== 1));
}

/** The numbers of all decisions. */
export const decisions = () => readdirSync(DECISIONS).flatMap((name) => /^(\d{4})-.*\.md$/.exec(name)?.[1] ?? []);

/** The ids of all facts that have one. */
export const factIds = () =>
  new Set(["vendor-facts", "field-facts"].flatMap((name) => facts(name).map(({ id }) => id)));

/** Which of the vendor's schemas each of ours was made from. */
export function vendorSchemas() {
  const names = new Map();
  for (const row of decisionTable("0004-names", "the vendor")) {
    for (const ours of [row["ours to read"], row["ours to send"]]) {
      names.set(ours, [...(names.get(ours) ?? []), row["the vendor"]]);
    }
  }
  return names;
}

/** The properties of each of the vendor's schemas. */
export function vendorProperties() {
  const properties = new Map();
  for (const { schema, property } of facts("schemas")) {
    properties.set(schema, (properties.get(schema) ?? new Set()).add(property));
  }
  return properties;
}

/** The parameters of each of the vendor's operations, by `GET /orders`. */
export function vendorOperations() {
  const column = "parameters (in:name:type, * = required)";
  return new Map(
    facts("operations").map((row) => [
      `${row.method} ${row.path}`,
      new Set((row[column] ? row[column].split(", ") : []).map((parameter) => parameter.split(":")[1])),
    ]),
  );
}
