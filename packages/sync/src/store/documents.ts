import type { SqlValue } from "@imcloud/sql";
import type { Dialect, Query } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import { childrenOf, columnsOf, type TableRow } from "../tables/rows.ts";
import type { ChildSpec, ColumnKind, Resource, TableSpec } from "../tables/table-spec.ts";
import { jsonOf, shortText } from "../tables/values.ts";
import { INDEXED } from "./schema.ts";
import { upsert } from "./upsert.ts";

/** A response of the API: an object with members that nobody here has to know. */
export type Document = Record<string, unknown>;

const specs = new Map(tableSpecs.map((spec) => [spec.name, spec]));

const specOf = (resource: Resource): TableSpec => specs.get(resource) as TableSpec;

/** The kinds of the columns of every table, by their names. */
const kindsOf = (columns: TableSpec["columns"]) => new Map(columns.map(({ name, kind }) => [name, kind]));

const childKinds = new Map<string, Map<string, ColumnKind>>();
function collect(children: readonly ChildSpec[]): void {
  for (const { name, columns, children: inner } of children) {
    childKinds.set(name, kindsOf(columns));
    collect(inner);
  }
}
for (const { children } of tableSpecs) collect(children);

/** Writes documents to the tables of their resource. */
export interface Documents {
  /**
   * Replaces the document with this id.
   * @param before the document it replaces, if known; `undefined` when there is none
   */
  write(resource: Resource, id: string, document: Document, readAt: Date, before?: Document): Promise<void>;
  /** Empties the child tables of a resource, so that {@link Documents.fill} can fill them anew. */
  clearChildren(resource: Resource): Promise<void>;
  /** Fills the columns and the child tables of a row anew from its document, and keeps its times. */
  fill(resource: Resource, id: string, document: Document): Promise<void>;
  read(resource: Resource, id: string): Promise<Document | undefined>;
  isGone(resource: Resource, id: string): Promise<boolean>;
  /** Marks a resource as gone from the API. */
  markGone(resource: Resource, id: string, at: Date): Promise<void>;
}

/** Reads a JSON column. Some engines return it parsed, others as text. */
export const fromJson = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);

const bookkeeping: Readonly<Record<string, ColumnKind>> = {
  document: "json",
  read_at: "timestamp",
  gone_at: "timestamp",
};

/** Shortens the indexed columns of a row to the length that every engine can index. */
const withShortKeys = (row: TableRow): TableRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      INDEXED.includes(name) && typeof value === "string" ? shortText(value) : value,
    ]),
  );

/** Reads and writes the documents of all resources in the tables with a prefix. */
export function documentsOf(query: Query, dialect: Dialect, prefix: string): Documents {
  const insert = (table: string, row: Record<string, SqlValue>, kindOf: (name: string) => ColumnKind) => {
    const names = Object.keys(row);
    const values = names.map((name, index) => dialect.parameter(kindOf(name), index + 1));
    return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${values.join(", ")})`;
  };

  /** The columns of a row that come from its document, and what each takes. */
  function columnsFrom(resource: Resource, document: Document) {
    const { columns } = specOf(resource);
    const kinds = kindsOf(columns);
    const kindOf = (name: string) => kinds.get(name) ?? bookkeeping[name] ?? "text";
    const parameterOf = (name: string, place: number) => dialect.parameter(kindOf(name), place);
    return { row: withShortKeys(columnsOf(columns, document)), parameterOf };
  }

  async function writeChildren(spec: TableSpec, id: string, document: Document, before: Document = {}): Promise<void> {
    const had = new Set(childrenOf(spec, id, before).flatMap(({ table, rows }) => (rows.length ? [table] : [])));
    for (const { table, rows } of childrenOf(spec, id, document)) {
      if (had.has(table)) await query(`DELETE FROM ${prefix}${table} WHERE ${spec.owner} = $1`, [id]);
      const kinds = childKinds.get(table);
      for (const row of rows) {
        const kindOf = (name: string) => kinds?.get(name) ?? (name === "position" ? "integer" : "text");
        await query(insert(prefix + table, row, kindOf), Object.values(row));
      }
    }
  }

  return {
    async write(resource, id, document, readAt, before) {
      const { row, parameterOf } = columnsFrom(resource, document);
      const beside = { id, document: jsonOf(document), read_at: readAt.toISOString(), gone_at: null };
      await upsert(query, dialect, { table: prefix + resource, key: ["id"], row: { ...row, ...beside }, parameterOf });
      await writeChildren(specOf(resource), id, document, before);
    },
    async clearChildren(resource) {
      for (const { table } of childrenOf(specOf(resource), "", {})) await query(`DELETE FROM ${prefix}${table}`);
    },
    async fill(resource, id, document) {
      const { row, parameterOf } = columnsFrom(resource, document);
      const { id: _, ...columns } = row;
      const changes = Object.keys(columns).map((name, index) => `${name} = ${parameterOf(name, index + 2)}`);
      await query(`UPDATE ${prefix}${resource} SET ${changes.join(", ")} WHERE id = $1`, [
        id,
        ...Object.values(columns),
      ]);
      await writeChildren(specOf(resource), id, document);
    },
    async read(resource, id) {
      const [row] = await query(`SELECT document FROM ${prefix}${resource} WHERE id = $1`, [id]);
      return row && (fromJson(row.document) as Document);
    },
    async isGone(resource, id) {
      const rows = await query(`SELECT id FROM ${prefix}${resource} WHERE id = $1 AND gone_at IS NOT NULL`, [id]);
      return rows.length > 0;
    },
    async markGone(resource, id, at) {
      const moment = dialect.parameter("timestamp", 2);
      await query(`UPDATE ${prefix}${resource} SET gone_at = ${moment} WHERE id = $1`, [id, at.toISOString()]);
    },
  };
}
