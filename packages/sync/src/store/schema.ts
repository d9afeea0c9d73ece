import { createHash } from "node:crypto";
import type { Database, Query } from "../database/database.ts";
import { tableSpecs } from "../generated/tables.ts";
import type { ChildSpec, ColumnKind, TableSpec } from "../tables/table-spec.ts";

/** Columns of every resource's table besides those of the document. */
const BESIDE: Readonly<Record<string, ColumnKind>> = { document: "json", read_at: "timestamp", gone_at: "timestamp" };

/** A table as it is to be. */
export interface Table {
  /** With the prefix. */
  name: string;
  columns: Readonly<Record<string, ColumnKind>>;
  primaryKey?: string;
  /** Columns that rows are found by. */
  indexes?: readonly string[];
}

const kinds = (columns: TableSpec["columns"]) => Object.fromEntries(columns.map(({ name, kind }) => [name, kind]));

function childTables(prefix: string, owner: string, { name, columns, children }: ChildSpec): Table[] {
  const table: Table = {
    name: prefix + name,
    // Where a list is in another one, `parent` is the place of what it belongs to.
    columns: { [owner]: "text", parent: "text", position: "integer", ...kinds(columns) },
    indexes: [owner],
  };
  return [table, ...children.flatMap((child) => childTables(prefix, owner, child))];
}

/** The tables that the document's schemas make. */
export const documentTables = (prefix: string): Table[] =>
  tableSpecs.flatMap(({ name, owner, columns, children }) => [
    {
      name: prefix + name,
      columns: { ...kinds(columns), ...BESIDE },
      primaryKey: "id",
      indexes: ["customer_id", "subscription_id", "status"].filter((each) =>
        columns.some((column) => column.name === each),
      ),
    },
    ...children.flatMap((child) => childTables(prefix, owner, child)),
  ]);

/** The tables in which a sync keeps how far it is, and what it found. */
const ownTables = (prefix: string): Table[] => [
  { name: `${prefix}sync_state`, columns: { name: "text", value: "text" }, primaryKey: "name" },
  {
    name: `${prefix}sync_records`,
    columns: {
      ...{ resource: "text", id: "text", list_row: "text", rank: "integer", added: "integer", seen: "integer" },
      ...{ is_due: "integer", priority: "integer", announce: "integer", version: "integer", open_status: "text" },
      read_at: "text",
    },
    primaryKey: "resource, id",
    indexes: ["is_due, priority, rank", "resource, open_status"],
  },
  {
    name: `${prefix}events`,
    columns: {
      ...{ position: "integer", id: "text", type: "text", resource: "text", resource_id: "text" },
      ...{ seen_at: "timestamp", event: "json" },
    },
    primaryKey: "position",
  },
];

async function createTable({ dialect }: Database, query: Query, table: Table): Promise<void> {
  const columns = Object.entries(table.columns).map(([name, kind]) => `${name} ${dialect.types[kind]}`);
  const key = table.primaryKey ? [`PRIMARY KEY (${table.primaryKey})`] : [];
  await query(`CREATE TABLE IF NOT EXISTS ${table.name} (${[...columns, ...key].join(", ")})`);
  if (!dialect.hasIndexes) return;
  for (const [place, index] of (table.indexes ?? []).entries()) {
    await query(`CREATE INDEX IF NOT EXISTS ${table.name}_by_${place + 1} ON ${table.name} (${index})`);
  }
}

/** Adds the columns that a newer document has. */
async function addColumns({ dialect }: Database, query: Query, table: Table): Promise<boolean> {
  const there = new Set((await query(dialect.columnNames, [table.name])).map(({ name }) => String(name)));
  const missing = Object.entries(table.columns).filter(([name]) => !there.has(name));
  for (const [name, kind] of missing)
    await query(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${dialect.types[kind]}`);
  return missing.length > 0;
}

/** A mark of the tables as they are to be, by which it is known that nothing is to be done. */
export const schemaMark = (prefix: string, views: readonly string[]): string =>
  createHash("sha256")
    .update(JSON.stringify([ownTables(prefix), documentTables(prefix), views]))
    .digest("base64url");

/** Whether there are tables at all. */
export const hasTables = async ({ dialect }: Database, query: Query, prefix: string): Promise<boolean> =>
  (await query(dialect.columnNames, [`${prefix}sync_state`])).length > 0;

/**
 * Makes the tables, where they are missing or of an older document.
 * @returns whether tables that were there got columns, which are to be filled from the JSON beside them
 */
export async function createTables(database: Database, query: Query, prefix: string): Promise<boolean> {
  const isThere = await hasTables(database, query, prefix);
  let isGrown = false;
  for (const table of [...ownTables(prefix), ...documentTables(prefix)]) {
    const isNew = !isThere || (await query(database.dialect.columnNames, [table.name])).length === 0;
    await createTable(database, query, table);
    if (isNew) isGrown ||= isThere;
    else if (await addColumns(database, query, table)) isGrown = true;
  }
  return isGrown;
}
