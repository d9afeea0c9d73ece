import type { SqlValue } from "@imcloud/sql";
import type { ChildSpec, ColumnSpec, TableSpec } from "./table-spec.ts";
import { toColumn } from "./values.ts";

/** A row of a table. */
export type TableRow = Record<string, SqlValue>;

/** The rows of one resource in a child table. */
export interface ChildRows {
  table: string;
  rows: TableRow[];
}

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value);

/** Converts an object to a row. */
export const columnsOf = (columns: readonly ColumnSpec[], value: unknown): TableRow =>
  Object.fromEntries(columns.map(({ name, path, kind }) => [name, toColumn(kind, memberAt(value, path))]));

function childRowsOf(
  { name, path, columns, children }: ChildSpec,
  owner: TableRow,
  parents: readonly { value: unknown; place: string }[],
): ChildRows[] {
  const elements = parents.flatMap(({ value, place }) => {
    const list = memberAt(value, path);
    return (Array.isArray(list) ? list : []).map((element: unknown, position) => ({
      element,
      parent: place,
      position,
    }));
  });
  const rows = elements.map(({ element, parent, position }) => ({
    ...owner,
    parent,
    position,
    ...columnsOf(columns, element),
  }));
  const inner = elements.map(({ element, parent, position }) => ({
    value: element,
    place: parent ? `${parent}.${position}` : String(position),
  }));
  return [{ table: name, rows }, ...children.flatMap((child) => childRowsOf(child, owner, inner))];
}

/** The rows of one resource in all child tables. A missing list gives no rows. */
export const childrenOf = ({ owner, children }: TableSpec, id: string, document: unknown): ChildRows[] =>
  children.flatMap((child) => childRowsOf(child, { [owner]: id }, [{ value: document, place: "" }]));
